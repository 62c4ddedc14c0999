"""Tables as workbooks."""

import io
from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.responses import Response

from shared.files.checking import XLSX
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.money import Money
from shared.kernel.text import Language, Text

Row = TypeVar("Row")
Columns = Sequence[tuple[Text, Callable[[Row], object]]]
MOST_ROWS = 50_000


def workbook(title: Text, columns: Columns[Row], rows: Sequence[Row], language: Language) -> bytes:
    """A workbook with one sheet: integers and money (in yuan) are numbers, all else is text, and no
    text is a formula.

    Raises Invalid for more than `MOST_ROWS` rows.
    """
    import xlsxwriter

    if len(rows) > MOST_ROWS:
        raise Invalid(issues=(_too_many(),))
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet(title.in_language(language))
        yuan = book.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, len(columns) - 1, 16)
        for at, (head, _) in enumerate(columns):
            sheet.write_string(0, at, head.in_language(language))
        for line, row in enumerate(rows, start=1):
            for at, (_, cell) in enumerate(columns):
                value = cell(row)
                if type(value) is int:
                    sheet.write_number(line, at, value)
                elif isinstance(value, Money):
                    sheet.write_number(line, at, value.fen / 100, yuan)
                else:
                    sheet.write_string(line, at, "" if value is None else str(value))
    return content.getvalue()


def download(content: bytes, name: str) -> Response:
    """A workbook as an answer."""
    return Response(
        content,
        media_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )


def _too_many() -> Issue:
    return Issue(
        code="too_many_rows",
        pointer="/query",
        detail=Text(zh=f"超过 {MOST_ROWS} 行。", en=f"More than {MOST_ROWS} rows."),
        remedy=Text(
            zh="请按申请、考核、社区或项目筛选。",
            en="Filter by request, campaign, community or item.",
        ),
    )
