"""Matters as a workbook. Nobody who raised, supported or said something is in it."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from services.committee.hall.domain import CATEGORIES, HANDLERS, MATTER
from services.committee.hall.repository import shown_text
from shared.kernel.clock import day_of
from shared.kernel.text import Language, Text

_HEADS: Sequence[Text] = (
    Text("编号", "Code"),
    Text("街道", "Street"),
    Text("社区", "Community"),
    Text("标题", "Title"),
    Text("内容", "Content"),
    Text("类别", "Category"),
    Text("地点", "Place"),
    Text("提出日期", "Raised on"),
    Text("状态", "State"),
    Text("本环节期限", "Step due on"),
    Text("附议人数", "Supporters"),
    Text("办理方", "Handler"),
    Text("结果", "Result"),
    Text("办结日期", "Closed on"),
)


def workbook(rows: Iterable[Any], language: Language) -> bytes:
    """An XLSX of rows of `repository.matters`; every cell is text, so that none is a formula."""
    import xlsxwriter

    content = BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(Text("居民说事", "Matters").in_language(language))
        bold = book.add_format({"bold": True, "bg_color": "#E7EEF7"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(_HEADS) - 1, 18)
        for place, head in enumerate(_HEADS):
            sheet.write_string(0, place, head.in_language(language), bold)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(_cells(row, language)):
                sheet.write_string(line, place, cell)
    return content.getvalue()


def _cells(row: Any, language: Language) -> list[str]:
    title, text = shown_text(row)
    handler = HANDLERS[row.handler].in_language(language) if row.handler else ""
    return [
        row.code,
        row.street_name,
        row.community_name,
        title,
        text,
        CATEGORIES[row.category].in_language(language),
        row.place,
        day_of(row.raised_at).isoformat(),
        MATTER.states[row.state].in_language(language),
        row.due_on.isoformat() if row.due_on else "",
        str(row.supporters),
        row.department_name or handler,
        row.result or "",
        day_of(row.closed_at).isoformat() if row.closed_at else "",
    ]
