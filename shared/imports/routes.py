"""Imports over HTTP, the same for every service that takes files in."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, UploadFile
from sqlalchemy import select
from starlette.responses import Response

from shared.auth.policy import Policy, Reach
from shared.auth.principal import Role
from shared.db.base import Rows
from shared.files.checking import XLSX
from shared.files.store import CHUNK_BYTES, FileStore
from shared.imports.models import Import, ImportFinding, ImportMode
from shared.imports.runner import Kinds
from shared.imports.schemas import ColumnView, FindingView, ImportView, TemplateView
from shared.imports.templates import csv_template, xlsx_template
from shared.jobs.models import ENDED, Job
from shared.jobs.queue import enqueue
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.errors import language_of
from shared.web.language import Language
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

RUN_IMPORT = "run_import"
MAX_FILE_BYTES = 64 << 20
IMPORT = Policy(
    "imports.manage",
    Text(zh="导入数据", en="import data"),
    district_roles=frozenset({Role.ADMINISTRATOR, Role.CIVIL_AFFAIRS}),
)
_FIELDS = tuple(name for name in ImportView.model_fields if name not in {"state", "done", "total"})
Manage = Annotated[Reach, permits(IMPORT)]


def _imports() -> Rows:
    return select(
        *(getattr(Import, name) for name in _FIELDS), Job.state, Job.done, Job.total
    ).join(Job, (Job.district == Import.district) & (Job.id == Import.id))


def _view(row: Any) -> ImportView:
    return ImportView.model_validate(row, from_attributes=True)


def _template_view(kinds: Kinds, kind: str, language: Language) -> TemplateView:
    template = kinds[kind].template
    return TemplateView(
        kind=kind,
        title=template.title.in_language(language),
        columns=[
            ColumnView(
                name=column.name,
                title=column.title.in_language(language),
                required=column.required,
                example=column.example,
                note=column.note.in_language(language),
            )
            for column in template.columns
        ],
    )


def _check_kind(kinds: Kinds, kind: str) -> None:
    if kind not in kinds:
        raise Invalid(
            issues=(
                Issue(
                    code="kind_unknown",
                    pointer="/kind",
                    detail=Text(zh="没有这种导入。", en="There is no such kind of import."),
                    remedy=Text(
                        zh=f"可选：{'、'.join(kinds)}。", en=f"Choose one of: {', '.join(kinds)}."
                    ),
                ),
            )
        )


def import_routes(service: str, kinds: Kinds) -> APIRouter:
    """`/v1/{service}/imports`: templates, upload, progress, report, cancellation."""
    router = APIRouter(
        prefix=f"/v1/{service}/imports", tags=["imports"], route_class=UnitOfWorkRoute
    )

    @router.get("/templates", operation_id=f"{service}_import_templates")
    async def templates(request: Request, _reach: Manage) -> list[TemplateView]:
        """Every kind of file that can be imported, with its columns. 导入模板列表。"""
        return [_template_view(kinds, kind, language_of(request)) for kind in kinds]

    @router.get(
        "/templates/{kind}",
        operation_id=f"{service}_import_template",
        response_class=Response,
        responses={200: {"content": {"text/csv": {"example": "居民姓名,…"}, XLSX: {}}}},
    )
    async def template(
        kind: str,
        request: Request,
        _reach: Manage,
        format: Annotated[str, Query(pattern="^(csv|xlsx)$")] = "xlsx",
    ) -> Response:
        """A template to fill in. 下载导入模板。"""
        if kind not in kinds:
            raise NotFound
        make, media = (csv_template, "text/csv") if format == "csv" else (xlsx_template, XLSX)
        return Response(
            make(kinds[kind].template, language_of(request)),
            media_type=media,
            headers={"Content-Disposition": f'attachment; filename="{kind}.{format}"'},
        )

    @router.post(
        "", operation_id=f"{service}_import", status_code=202, max_body_size=MAX_FILE_BYTES
    )
    async def start(
        request: Request,
        session: WriteSession,
        principal: CurrentPrincipal,
        _reach: Manage,
        file: UploadFile,
        kind: Annotated[str, Form(max_length=40, examples=["residents"])],
        mode: Annotated[ImportMode, Form()] = ImportMode.ALL_OR_NOTHING,
        dry_run: Annotated[bool, Form()] = False,
    ) -> ImportView:
        """Bring in a CSV or XLSX file; the work goes on in the background under the id given.
        导入文件。

        The same file again changes nothing. `dry_run` checks and counts without changing.
        """
        _check_kind(kinds, kind)
        files: FileStore = request.app.state.files
        job_id = new_id()
        stored = await files.put(f"{principal.district}/imports/{job_id}", _content(file))
        session.add(
            Job(
                district=principal.district,
                id=job_id,
                kind="import",
                parameters={"kind": kind},
                created_by=principal.subject,
            )
        )
        session.add(
            Import(
                district=principal.district,
                id=job_id,
                kind=kind,
                file_name=(file.filename or "file").replace("\x00", "")[:200],
                file_key=stored.key,
                sha256=stored.sha256,
                mode=mode,
                dry_run=dry_run,
                finding_counts={},
                created_by=principal.subject,
            )
        )
        await enqueue(session, RUN_IMPORT, f"{principal.district} {job_id}")
        row = (await session.execute(_imports().where(Import.id == job_id))).one()
        return _view(row)

    @router.get("", operation_id=f"{service}_imports")
    async def imports(session: Reading, page: Paging, _reach: Manage) -> Page[ImportView]:
        """Imports, newest first. 导入记录。"""
        query = page.apply(_imports(), Import.id, descending=True)
        return page.page((await session.execute(query)).all(), lambda row: (row.id,), _view)

    @router.get("/{id}", operation_id=f"{service}_import_progress")
    async def progress(id: UUID, session: Reading, _reach: Manage) -> ImportView:
        """One import: its progress and what it changed. 导入进度。"""
        row = (await session.execute(_imports().where(Import.id == id))).one_or_none()
        if row is None:
            raise NotFound
        return _view(row)

    @router.get(
        "/{id}/report",
        operation_id=f"{service}_import_report",
        responses={200: {"content": {"text/csv": {"example": "row,column,code,detail,remedy"}}}},
        response_model=Page[FindingView],
    )
    async def report(
        id: UUID,
        request: Request,
        session: Reading,
        page: Paging,
        _reach: Manage,
    ) -> Page[FindingView] | Response:
        """The faults found, by row and column; as CSV with `Accept: text/csv`. 校验报告。"""
        kind = await session.scalar(select(Import.kind).where(Import.id == id))
        if kind is None:
            raise NotFound
        language = language_of(request)
        columns = kinds[kind].template.columns if kind in kinds else ()
        titles = {column.name: column.title.in_language(language) for column in columns}

        def view(row: Any) -> FindingView:
            return FindingView(
                row=row.row,
                column=row.column,
                column_title=titles.get(row.column, row.column),
                code=row.code,
                detail=row.detail[language],
                remedy=row.remedy[language],
            )

        query: Rows = select(
            ImportFinding.id,
            ImportFinding.row,
            ImportFinding.column,
            ImportFinding.code,
            ImportFinding.detail,
            ImportFinding.remedy,
        ).where(ImportFinding.import_id == id)
        if "text/csv" in request.headers.get("accept", ""):
            ordered = query.order_by(ImportFinding.row, ImportFinding.id)
            return _as_csv([view(row) for row in (await session.execute(ordered)).all()], id)
        rows = (await session.execute(page.apply(query, ImportFinding.row, ImportFinding.id))).all()
        return page.page(rows, lambda row: (row.row, row.id), view)

    @router.post("/{id}/cancellation", operation_id=f"{service}_cancel_import")
    async def cancel(id: UUID, session: WriteSession, _reach: Manage) -> ImportView:
        """Stop an import; rows already taken in stay in `good_rows` mode. 取消导入。"""
        found = await session.scalar(select(Import.id).where(Import.id == id))
        job = await session.scalar(select(Job).where(Job.id == id).with_for_update())
        if found is None or job is None:
            raise NotFound
        if job.state in ENDED:
            raise Conflict(
                code="import_ended",
                detail=Text(zh="导入已经结束，不能取消。", en="The import has ended already."),
            )
        job.cancel_requested = True
        await session.flush()
        return _view((await session.execute(_imports().where(Import.id == id))).one())

    return router


async def _content(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(CHUNK_BYTES):
        yield chunk


def _as_csv(findings: list[FindingView], id: UUID) -> Response:
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(FindingView.model_fields)
    for finding in findings:
        writer.writerow(finding.model_dump().values())
    return Response(
        sheet.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="report-{id}.csv"'},
    )
