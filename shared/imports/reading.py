"""Reads CSV and XLSX as rows of trimmed text, whatever wrote them."""

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from shared.imports.table import Template
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text

_ENCODINGS = ("utf-8-sig", "gb18030")
_SNIFF_BYTES = 1 << 20
MAX_UNPACKED_BYTES = 150 << 20
_XLSX_MAGIC = b"PK\x03\x04"
_XLS_MAGIC = b"\xd0\xcf\x11\xe0"


class Unreadable(Invalid):
    """The file cannot be read as a table of this kind at all."""


def unreadable(code: str, detail: Text, remedy: Text) -> Unreadable:
    """Why, and what to do."""
    issue = Issue(code=code, detail=detail, remedy=remedy, pointer="/file")
    return Unreadable(code=code, detail=detail, issues=(issue,))


def rows_of(path: Path) -> Iterator[list[str]]:
    """Every row with its cells trimmed, the header first. Raises Unreadable."""
    with path.open("rb") as file:
        start = file.read(_SNIFF_BYTES)
    if start.startswith(_XLSX_MAGIC):
        yield from _xlsx(path)
    elif start.startswith(_XLS_MAGIC):
        raise unreadable(
            "old_workbook",
            Text(
                zh="这是旧版工作簿（.xls）或加密的工作簿。",
                en="This is an old workbook (.xls), or one with a password.",
            ),
            Text(
                zh="请另存为无密码的 XLSX 后重新上传。",
                en="Save it as XLSX without a password, upload again.",
            ),
        )
    elif b"\x00" in start:
        raise unreadable(
            "not_a_table",
            Text(zh="文件既不是 CSV 也不是 XLSX。", en="The file is neither CSV nor XLSX."),
            Text(
                zh="请另存为 CSV 或 XLSX 后重新上传。", en="Save it as CSV or XLSX, upload again."
            ),
        )
    else:
        yield from _csv(path)


def _csv(path: Path) -> Iterator[list[str]]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        try:
            first = file.readline()
            file.seek(0)
            delimiter = max(",;\t", key=first.count)
            for row in csv.reader(file, delimiter=delimiter, strict=True):
                yield [cell.strip() for cell in row]
        except (csv.Error, UnicodeDecodeError):
            raise unreadable(
                "csv_broken",
                Text(
                    zh="CSV 文件有未闭合的引号或乱码。", en="The CSV has an open quote or garbage."
                ),
                Text(
                    zh="请用表格软件重新另存为 CSV（UTF-8）。", en="Save it again as CSV (UTF-8)."
                ),
            ) from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(_SNIFF_BYTES)
    for encoding in _ENCODINGS:
        try:
            start.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start > len(start) - 4:
                return encoding  # a character cut in two by the end of what was looked at
        else:
            return encoding
    return "gb18030"


def _xlsx(path: Path) -> Iterator[list[str]]:
    import python_calamine

    _check_size(path)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        sheet = workbook.get_sheet_by_index(0)
        merged = sheet.merged_cell_ranges or []
    except (python_calamine.CalamineError, OSError, IndexError):
        raise unreadable(
            "xlsx_broken",
            Text(zh="XLSX 文件已损坏或有密码。", en="The XLSX is damaged or has a password."),
            Text(zh="请另存为无密码的 XLSX 后重新上传。", en="Save it without password and retry."),
        ) from None
    if any(start[0] == 0 for start, _ in merged):
        raise unreadable(
            "header_merged",
            Text(zh="表头有合并的单元格。", en="The header has merged cells."),
            Text(zh="请取消合并，每列一个标题。", en="Unmerge them: one title for each column."),
        )
    for row in sheet.iter_rows():
        yield [_cell(value) for value in row]


def _check_size(path: Path) -> None:
    """Refuse a workbook that would fill the memory once unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        return  # the reader says what is wrong with it
    if unpacked > MAX_UNPACKED_BYTES:
        raise unreadable(
            "xlsx_too_large",
            Text(zh="XLSX 解压后过大。", en="The XLSX is too large once unpacked."),
            Text(zh="请另存为 CSV，或分成几个文件。", en="Save it as CSV, or as several files."),
        )


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def columns_of(header: list[str], template: Template) -> dict[int, int]:
    """Which cell of a row holds which column of the template: {cell index: column index}.

    Raises Unreadable naming every missing, unknown or repeated title at once.
    """
    titles = {}
    for index, column in enumerate(template.columns):
        titles[column.name.lower()] = titles[column.title.zh] = index
        titles[column.title.en.lower()] = index
    found: dict[int, int] = {}
    issues = []
    for position, title in enumerate(header):
        known = titles.get(title.lower())
        if known is None and title:
            issues.append(_header_issue("column_unknown", title, "未知的列", "Unknown column"))
        elif known is not None and known in found.values():
            issues.append(_header_issue("column_repeated", title, "重复的列", "Repeated column"))
        elif known is not None:
            found[position] = known
    for index, column in enumerate(template.columns):
        if column.required and index not in found.values():
            issues.append(
                _header_issue("column_missing", column.title.zh, "缺少列", "Missing column")
            )
    if issues:
        raise Unreadable(
            code="header_wrong",
            detail=Text(zh="表头与模板不符。", en="The header does not match the template."),
            issues=tuple(issues),
        )
    return found


def _header_issue(code: str, title: str, zh: str, en: str) -> Issue:
    return Issue(
        code=code,
        pointer="/file/header",
        detail=Text(zh=f"{zh}“{title[:40]}”。", en=f"{en} “{title[:40]}”."),
        remedy=Text(zh="请对照下载的模板修改表头。", en="Mend the header after the template."),
    )
