"""Templates to download: the header to fill in under, and notes with examples."""

import csv
import io

from shared.imports.table import Template
from shared.web.language import Language


def csv_template(template: Template, language: Language) -> bytes:
    """A CSV with a byte order mark, so that spreadsheet programs read it as UTF-8. It has no
    example row, which would be taken in when nobody deletes it."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(column.title.in_language(language) for column in template.columns)
    return sheet.getvalue().encode("utf-8-sig")


def xlsx_template(template: Template, language: Language) -> bytes:
    """A workbook: the sheet to fill in, and one with an example and a note for each column."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        bold = workbook.add_format({"bold": True, "bg_color": "#E7EEF7"})
        as_text = workbook.add_format({"num_format": "@"})
        sheet = workbook.add_worksheet(template.title.in_language(language)[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(template.columns) - 1, 22, as_text)
        for index, column in enumerate(template.columns):
            sheet.write_string(0, index, column.title.in_language(language), bold)
        notes = workbook.add_worksheet("说明" if language == "zh" else "Notes")
        notes.set_column(0, 4, 28)
        heads = (
            ("列", "字段", "必填", "示例", "说明")
            if language == "zh"
            else ("Column", "Field", "Required", "Example", "Note")
        )
        for index, head in enumerate(heads):
            notes.write_string(0, index, head, bold)
        for row, column in enumerate(template.columns, start=1):
            needed = (
                ("是" if column.required else "否") if language == "zh" else str(column.required)
            )
            cells = (
                column.title.in_language(language),
                column.name,
                needed,
                column.example,
                column.note.in_language(language),
            )
            for index, cell in enumerate(cells):
                notes.write_string(row, index, cell)
    return content.getvalue()
