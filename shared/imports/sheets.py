"""Sheets that are taken in at once, each row answered, unlike imports, which are jobs."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Response, UploadFile

from shared.files.checking import XLSX
from shared.files.store import CHUNK_BYTES
from shared.imports.checking import check_rows
from shared.imports.reading import unreadable
from shared.imports.schemas import FindingView
from shared.imports.table import Finding, ImportKind, Template
from shared.imports.templates import csv_template, xlsx_template
from shared.kernel.text import Language, Text


@asynccontextmanager
async def on_disk(file: UploadFile) -> AsyncIterator[Path]:
    """An uploaded sheet as a file for as long as it is read."""
    with tempfile.NamedTemporaryFile() as kept:
        while chunk := await file.read(CHUNK_BYTES):
            kept.write(chunk)
        kept.flush()
        yield Path(kept.name)


def checked_sheet(
    rows: Iterator[list[str]], kind: ImportKind[Any, Any], context: Any, *, most_rows: int
) -> tuple[list[tuple[int, Any]], list[Finding]]:
    """The good rows by their number in the sheet, and every fault. Raises Unreadable for a sheet
    without a proper header or with too many rows."""
    good: list[tuple[int, Any]] = []
    faults: list[Finding] = []
    for one in check_rows(rows, kind, context):
        faults += one.findings
        if not one.findings:
            good.append((one.number, one.row))
        if len(good) > most_rows or len(faults) > most_rows * len(kind.template.columns):
            raise unreadable(
                "too_many_rows",
                Text(zh=f"超过 {most_rows} 行。", en=f"More than {most_rows} rows."),
                Text(zh="请分成几个表提交。", en="Send it in several sheets."),
            )
    return good, faults


def faults_shown(
    template: Template, faults: Sequence[Finding], language: Language
) -> list[FindingView]:
    """Faults for a reader of that language, by row and column."""
    titles = {column.name: column.title.in_language(language) for column in template.columns}
    return [
        FindingView(
            row=one.row,
            column=one.column,
            column_title=titles.get(one.column, one.column),
            code=one.issue.code,
            detail=one.issue.detail.in_language(language),
            remedy=one.issue.remedy.in_language(language),
        )
        for one in sorted(faults, key=lambda one: (one.row, one.column))
    ]


def template_file(template: Template, name: str, format: str, language: Language) -> Response:
    """A template to download; `format` is csv or xlsx."""
    make, media = (csv_template, "text/csv") if format == "csv" else (xlsx_template, XLSX)
    return Response(
        make(template, language),
        media_type=media,
        headers={"Content-Disposition": f'attachment; filename="{name}.{format}"'},
    )
