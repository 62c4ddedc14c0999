"""A department's own workbook: what its columns and rows are, and the same workbook filled in."""

import io
import tempfile
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import xlsxwriter

from services.workstation.ledger.domain import Element
from services.workstation.ledger.mapping import Column, Line, community_column, named, propose
from services.workstation.ledger.sheets import shown, write_cell
from shared.files.checking import XLSX, media_type_of
from shared.imports.reading import rows_of, unreadable
from shared.kernel.text import Language, Text

MOST_BYTES = 2 << 20
_MOST_UNPACKED = 32 << 20
_MOST_ROWS, _MOST_COLUMNS = 600, 60
Filled = Mapping[tuple[str, str, UUID], bool | int | str]
"""Values by the element's code, the period and the community."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a workbook's first sheet asks for: the column that names communities (counted from 1),
    the elements proposed for the others, and the communities of the rows."""

    community_column: int
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    def stored(self) -> dict[str, Any]:
        """As it is kept with the form."""
        return {
            "community_column": self.community_column,
            "columns": [{**asdict(column), "period": None} for column in self.columns],
            "lines": [
                {**asdict(line), "community_id": line.community_id and str(line.community_id)}
                for line in self.lines
            ],
        }


def read_layout(
    content: bytes,
    elements: Collection[Element],
    communities: Mapping[str, UUID],
    least: Fraction,
) -> Layout:
    """The layout of a workbook whose first row is its header; `communities` are ids by code and
    by name. Raises Invalid for what is no such workbook."""
    rows = _rows(content)
    headers, body = rows[0], rows[1:]
    where = community_column(headers, body, communities)
    if where is None:
        raise unreadable(
            "form_without_communities",
            Text(zh="没有一列写明社区，无法对应。", en="No column names communities."),
            Text(
                zh="请保留一列社区名称或代码，首行为表头。",
                en="Keep a column with the communities' names or codes under a header row.",
            ),
        )
    lines = tuple(
        Line(number, row[where - 1], named(row[where - 1], communities))
        for number, row in enumerate(body, start=2)
        if row[where - 1]
    )
    return Layout(where, propose(headers, elements, least, but=where), lines)


def _rows(content: bytes) -> list[list[str]]:
    """The sheet's texts, every row as wide as the header, the header first."""
    if media_type_of(content) != XLSX or _unpacked(content) > _MOST_UNPACKED:
        raise unreadable(
            "form_not_a_workbook",
            Text(
                zh="文件不是可用的 XLSX 表格，或内容过大。",
                en="The file is no XLSX workbook, or too large a one.",
            ),
            Text(zh="请另存为不含宏的 XLSX。", en="Save it as XLSX without macros."),
        )
    with tempfile.TemporaryDirectory(prefix="shequ-form-") as folder:
        path = Path(folder) / "form.xlsx"
        path.write_bytes(content)
        next(rows_of(path), None)  # says what is wrong with the file or its header
    sheet = _open(content).worksheets[0]
    if sheet.max_row > _MOST_ROWS or sheet.max_column > _MOST_COLUMNS:
        raise unreadable(
            "form_sheet_too_large",
            Text(
                zh=f"表格超过 {_MOST_ROWS} 行或 {_MOST_COLUMNS} 列。",
                en=f"The sheet has more than {_MOST_ROWS} rows or {_MOST_COLUMNS} columns.",
            ),
            Text(zh="请删去多余的行列，或分成几份。", en="Delete what is surplus, or split it."),
        )
    return [
        ["" if cell is None else str(cell).strip() for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]


def _unpacked(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _open(content: bytes) -> Any:
    try:
        return openpyxl.load_workbook(io.BytesIO(content))
    except Exception:  # the library raises whatever its parts raise
        raise unreadable(
            "xlsx_broken",
            Text(zh="XLSX 文件已损坏或有密码。", en="The XLSX is damaged or has a password."),
            Text(zh="请另存为无密码的 XLSX 后重新上传。", en="Save it without password and retry."),
        ) from None


def fill(content: bytes, layout: Mapping[str, Any], values: Filled) -> bytes:
    """The department's workbook with the values in its cells, all else as it was; texts are never
    formulas."""
    workbook = _open(content)
    sheet = workbook.worksheets[0]
    for line in layout["lines"]:
        for column in layout["columns"]:
            if line["community_id"] is None or column["element"] is None:
                continue
            key = (column["element"], column["period"], UUID(line["community_id"]))
            value = values.get(key)
            if value is None:
                continue
            cell = sheet.cell(line["row"], column["column"])
            if isinstance(value, int) and not isinstance(value, bool):
                cell.value = value
            else:
                cell.value = shown(value)
                cell.data_type = "s"
    filled = io.BytesIO()
    workbook.save(filled)
    return filled.getvalue()


def grid(
    heads: Sequence[tuple[str, str, str]],
    communities: Sequence[tuple[UUID, str]],
    values: Filled,
    language: Language,
) -> bytes:
    """A workbook for a form that came as a list: a row a community, a column an element; `heads`
    are codes and periods with their headings."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet(Text("报表", "Form").in_language(language))
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(heads), 18)
        sheet.write_string(0, 0, Text("社区", "Community").in_language(language))
        for at, (_, _, heading) in enumerate(heads, start=1):
            sheet.write_string(0, at, heading)
        for line, (community, name) in enumerate(communities, start=1):
            sheet.write_string(line, 0, name)
            for at, (code, period, _) in enumerate(heads, start=1):
                value = values.get((code, period, community))
                if value is not None:
                    write_cell(sheet, line, at, value)
    return content.getvalue()
