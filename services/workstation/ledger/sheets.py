"""Entries as files: CSV and XLSX."""

import csv
import io
from collections.abc import Callable, Sequence

import xlsxwriter

from services.workstation.ledger.schemas import EntryView
from shared.kernel.text import Language, Text

_COLUMNS: tuple[tuple[Text, Callable[[EntryView], object]], ...] = (
    (Text("数据项", "Element"), lambda one: one.element),
    (Text("名称", "Title"), lambda one: one.element_title),
    (Text("社区", "Community"), lambda one: one.community_name),
    (Text("期间", "Period"), lambda one: one.period),
    (Text("值", "Value"), lambda one: "***" if one.masked else one.value),
    (Text("单位", "Unit"), lambda one: one.unit),
    (Text("采集日期", "Recorded on"), lambda one: one.recorded_on),
    (Text("有效至", "Valid until"), lambda one: one.valid_until),
    (Text("来源", "Source"), lambda one: one.source.value),
    (Text("止于", "Ended on"), lambda one: one.ended_on),
    (Text("更正理由", "Reason"), lambda one: one.ended_because),
    (Text("编号", "Id"), lambda one: one.id),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(entries: Sequence[EntryView], language: Language) -> bytes:
    """With a byte order mark, so that spreadsheet programs read it as UTF-8; no text is a
    formula."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(head.in_language(language) for head, _ in _COLUMNS)
    for entry in entries:
        writer.writerow(_harmless(cell(entry)) for _, cell in _COLUMNS)
    return sheet.getvalue().encode("utf-8-sig")


def as_workbook(entries: Sequence[EntryView], language: Language) -> bytes:
    """A workbook with one sheet; whole numbers are numbers, all else is text."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet(Text("台账", "Ledger").in_language(language))
        sheet.set_column(0, len(_COLUMNS) - 1, 16)
        for at, (head, _) in enumerate(_COLUMNS):
            sheet.write_string(0, at, head.in_language(language))
        for line, entry in enumerate(entries, start=1):
            for at, (_, cell) in enumerate(_COLUMNS):
                write_cell(sheet, line, at, cell(entry))
    return content.getvalue()


def write_cell(sheet: "xlsxwriter.worksheet.Worksheet", line: int, at: int, value: object) -> None:
    """A value in a cell; texts are never formulas."""
    if isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(line, at, value)
    else:
        sheet.write_string(line, at, shown(value))


def shown(value: object) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def _harmless(value: object) -> str:
    text = shown(value)
    negative = text.startswith("-") and text[1:].replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(_FORMULA) and not negative else text
