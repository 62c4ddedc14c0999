"""Many requests in one CSV or XLSX sheet."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, UploadFile
from starlette.responses import Response

from services.gateway.assessment.ledger import Ledger, LedgerOfCaller
from services.gateway.assessment.requests import access, submitting
from services.gateway.assessment.requests.domain import EDITABLE
from services.gateway.assessment.requests.schemas import VerdictCounts
from services.gateway.assessment.requests.sheet_schemas import SheetReport, SheetRow
from services.gateway.assessment.requests.sheets import (
    MOST_ROWS,
    TEMPLATE,
    RequestSheet,
    Taken,
)
from services.gateway.assessment.standards.clock import by_clock_of
from services.gateway.identity.public import department_for
from shared.auth.policy import Reach
from shared.files.checking import XLSX
from shared.imports.models import ImportMode
from shared.imports.reading import rows_of
from shared.imports.sheets import checked_sheet, faults_shown, on_disk, template_file
from shared.imports.table import Finding
from shared.kernel.text import Language
from shared.procedures.acting import Act, Acting
from shared.web.authentication import permits
from shared.web.errors import language_of
from shared.web.unit_of_work import UnitOfWorkRoute

MAX_SHEET_BYTES = 4 << 20
router = APIRouter(
    prefix="/v1/assessment/requests/sheets", tags=["assessment"], route_class=UnitOfWorkRoute
)
Ask = Annotated[Reach, permits(access.ASK)]


@router.get(
    "/template",
    operation_id="assessment_request_template",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"example": "编号,名称,…"}, XLSX: {}}}},
)
async def template(
    request: Request,
    _reach: Ask,
    format: Annotated[str, Query(pattern="^(csv|xlsx)$")] = "xlsx",
) -> Response:
    """A sheet to fill in, a request a row. 下载检查申请模板。"""
    return template_file(TEMPLATE, "inspection-requests", format, language_of(request))


@router.post("", operation_id="assessment_request_sheet", max_body_size=MAX_SHEET_BYTES)
async def take_sheet(
    request: Request,
    act: Acting,
    ledger: LedgerOfCaller,
    reach: Ask,
    file: UploadFile,
    submit: Annotated[bool, Form(description="Submit each request at once")] = False,
    mode: Annotated[ImportMode, Form()] = ImportMode.ALL_OR_NOTHING,
    dry_run: Annotated[bool, Form()] = False,
    department_id: Annotated[UUID | None, Form()] = None,
) -> SheetReport:
    """Bring in requests from a CSV or XLSX sheet, at most 300 rows; each row is answered. The same
    sheet again changes nothing. 批量提出检查申请。"""
    sheet = RequestSheet(await department_for(act.session, reach, department_id))
    places = await sheet.prepare(act.session, act.actor.district)
    async with on_disk(file) as path:
        good, faults = checked_sheet(rows_of(path), sheet, places, most_rows=MOST_ROWS)
    rows = len(good) + len({one.row for one in faults})
    if dry_run or (faults and mode is ImportMode.ALL_OR_NOTHING):
        return _report(False, rows, [], faults, language_of(request))
    taken = await sheet.take(act.session, act.actor, good)
    faults += [one for one in taken if isinstance(one, Finding)]
    requests = [one for one in taken if isinstance(one, Taken)]
    if submit:
        await _submit(act, requests, ledger)
    return _report(True, rows, requests, faults, language_of(request))


async def _submit(act: Act, requests: Sequence[Taken], ledger: Ledger) -> None:
    for one in requests:
        if one.request.state in EDITABLE:
            day = (await by_clock_of(act, one.request.standard_id)).today
            await submitting.submit(
                act.session, act.actor, one.request, ledger,
                by=act.roles, rulebook=act.rulebook, today=day,
            )  # fmt: skip


def _report(
    taken: bool,
    rows: int,
    requests: Sequence[Taken],
    faults: Sequence[Finding],
    language: Language,
) -> SheetReport:
    return SheetReport(
        taken=taken,
        rows=rows,
        rejected=len({one.row for one in faults}),
        requests=[_row(one) for one in requests],
        findings=faults_shown(TEMPLATE, faults, language),
    )


def _row(one: Taken) -> SheetRow:
    screening = one.request.screening or {}
    return SheetRow(
        row=one.row,
        id=one.request.id,
        reference=one.request.reference,
        created=one.created,
        state=one.request.state,
        issues=[issue["code"] for issue in screening.get("issues", [])],
        verdicts=VerdictCounts(**screening.get("verdicts", {})),
    )
