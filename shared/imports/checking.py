"""From rows of text to checked rows, finding every fault of a row at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.imports.reading import columns_of, unreadable
from shared.imports.table import BadCell, Finding, ImportKind, Rejected
from shared.kernel.issue import Issue
from shared.kernel.text import Text

_MISSING = Issue(
    code="missing",
    detail=Text(zh="此项必填。", en="This cell is required."),
    remedy=Text(zh="请填写。", en="Fill it in."),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """One row of the file: the row to apply, or why not."""

    number: int
    row: Any
    findings: tuple[Finding, ...]


def check_rows(
    rows: Iterator[list[str]], kind: ImportKind[Any, Any], context: Any
) -> Iterator[Checked]:
    """Check every row that is not empty. Raises Unreadable for a file without a proper header."""
    try:
        header = next(rows)
    except StopIteration:
        raise unreadable(
            "file_empty",
            Text(zh="文件是空的。", en="The file is empty."),
            Text(zh="请下载模板，填写后再上传。", en="Download the template and fill it in."),
        ) from None
    columns = kind.template.columns
    plan = [
        (position, columns[index].name, columns[index].parse)
        for position, index in columns_of(header, kind.template).items()
    ]
    required = [column.name for column in columns if column.required]
    absent = {column.name: None for column in columns}
    for number, cells in enumerate(rows, start=2):
        values: dict[str, Any] = dict(absent)
        faults: list[Finding] = []
        width = len(cells)
        for position, name, parse in plan:
            cell = cells[position] if position < width else ""
            if cell:
                try:
                    values[name] = parse(cell)
                except BadCell as bad:
                    issue = Issue(code=bad.code, detail=bad.detail, remedy=bad.remedy)
                    faults.append(Finding(number, name, issue))
        if not faults and not any(cells):
            continue
        faulty = {fault.column for fault in faults}
        faults += [
            Finding(number, name, _MISSING)
            for name in required
            if values[name] is None and name not in faulty
        ]
        if faults:
            yield Checked(number, None, tuple(faults))
            continue
        checked = kind.check(values, context)
        if isinstance(checked, Rejected):
            found = tuple(Finding(number, name, issue) for name, issue in checked.issues)
            yield Checked(number, None, found)
        else:
            yield Checked(number, checked, ())
