"""Form requests of departments."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Header, Request, Response, UploadFile

from services.workstation.ledger import access, asking, form_queries, form_repository, sheet_forms
from services.workstation.ledger.asking import Wanted
from services.workstation.ledger.domain import EARLIEST
from services.workstation.ledger.form_schemas import (
    FormAnswer,
    FormDetail,
    FormRequest,
    FormView,
    MappingRequest,
)
from services.workstation.ledger.grant_repository import Right
from services.workstation.ledger.granting import Read as Shown
from services.workstation.ledger.granting import log_read
from services.workstation.ledger.models import LedgerForm, LedgerFormCell
from services.workstation.ledger.planning import FORM, FormState
from services.workstation.ledger.workbooks import MOST_BYTES
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.files.checking import XLSX
from shared.files.store import FileStore
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.errors import language_of
from shared.web.media import best_media_type
from shared.web.paging import Page, Paging
from shared.web.preconditions import etag
from shared.web.shapes import Line, ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

JSON = "application/json"

router = APIRouter(
    prefix="/v1/workstation/ledger/forms", tags=["ledger"], route_class=UnitOfWorkRoute
)
Ask = Annotated[Reach, permits(access.ASK)]
Read = Annotated[Reach, permits(access.READ_FORMS)]


def _shown(form: LedgerForm, act: Act, response: Response) -> FormDetail:
    response.headers["ETag"] = etag(form.version)
    return form_queries.form_detail(form, act.today)


def _day(act: Act, told: date | None) -> date:
    """The form's day. Raises Invalid for one that has not come, or lies too far back."""
    day = told or act.today
    if not EARLIEST <= day <= act.today:
        raise Invalid(
            issues=(
                Issue(
                    code="day_out_of_range",
                    pointer="/as_of",
                    detail=Text(
                        zh=f"截止日期须在 {EARLIEST} 至今天之间。",
                        en=f"The day lies between {EARLIEST} and today.",
                    ),
                    remedy=Text(zh="请更正日期。", en="Mend the day."),
                ),
            )
        )
    return day


@router.post("", operation_id="ledger_ask_form", status_code=201)
async def ask(body: FormRequest, act: Acting, response: Response, reach: Ask) -> FormDetail:
    """Ask for elements of communities: what the ledger knows is answered at once, the rest is asked
    of its owners, once for all departments that want it. 发起报表请求。"""
    form = await asking.draft(
        act, asking.department_of(reach, body.department_id),
        title=body.title, purpose=body.purpose, as_of=_day(act, body.as_of), sheet=None,
    )  # fmt: skip
    wanted = [Wanted(one.element, one.period) for one in body.elements]
    await asking.submit(act, form, wanted, body.communities)
    return _shown(form, act, response)


@router.post(
    "/sheets",
    operation_id="ledger_ask_form_by_sheet",
    status_code=201,
    max_body_size=MOST_BYTES + (1 << 16),
)
async def ask_by_sheet(
    request: Request,
    act: Acting,
    response: Response,
    reach: Ask,
    file: Annotated[UploadFile, File(description="XLSX with one header row", examples=["…"])],
    title: Annotated[Line, Form(examples=["2026年三季度养老服务情况表"])],
    purpose: Annotated[Line, Form(examples=["养老服务补贴测算"])],
    department_id: Annotated[UUID | None, Form()] = None,
    as_of: Annotated[date | None, Form()] = None,
) -> FormDetail:
    """Send a form as your own workbook, a row a community: which column is which element is
    proposed, for you to confirm. 上传报表表格。"""
    department = asking.department_of(reach, department_id)
    content = await file.read()
    form = await sheet_forms.begin(
        act, department, title=title, purpose=purpose, as_of=_day(act, as_of), content=content
    )
    files: FileStore = request.app.state.files
    await files.keep(form_queries.sheet_key(form.district, form.id), content)
    return _shown(form, act, response)


@router.get("", operation_id="ledger_forms")
async def forms(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Read,
    state: FormState | None = None,
    department_id: UUID | None = None,
    overdue: bool = False,
) -> Page[FormView]:
    """Form requests within reach, newest first. 报表请求。"""
    today: date = request.app.state.clock.today()
    query = form_repository.forms(reach)
    if state is not None:
        query = query.where(LedgerForm.state == state)
    if department_id is not None:
        query = query.where(LedgerForm.department_id == department_id)
    if overdue:
        query = query.where(LedgerForm.state == FormState.OPEN, LedgerForm.due_on < today)
    rows = (await session.execute(page.apply(query, LedgerForm.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), lambda row: form_queries.form_view(row, today))


@router.get("/{id}", operation_id="ledger_form")
async def form(
    id: UUID, session: Reading, request: Request, response: Response, reach: Read
) -> FormDetail:
    """One form request, with its workbook's mapping. 报表请求详情。"""
    row = await form_queries.one_form(session, reach, id)
    response.headers["ETag"] = etag(row.version)
    return form_queries.form_detail(row, request.app.state.clock.today())


@router.get("/{id}/history", operation_id="ledger_form_history")
async def history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of a form request, oldest first. 办理经过。"""
    await form_queries.one_form(session, reach, id)
    return await steps_of(session, FORM, id)


@router.post("/{id}/submission", operation_id="ledger_submit_form")
async def submit(
    id: UUID, body: MappingRequest, act: Acting, response: Response, reach: Ask
) -> FormDetail:
    """Confirm the mapping of a workbook, or give your own, and ask. 确认对应关系并提交。"""
    found = await asking.locked_form(act, reach, id)
    await sheet_forms.submit_sheet(act, found, [dict(one) for one in body.columns])
    return _shown(found, act, response)


@router.post("/{id}/cancellation", operation_id="ledger_cancel_form")
async def cancel(
    id: UUID, body: ReasonRequest, act: Acting, response: Response, reach: Ask
) -> FormDetail:
    """Cancel a form request; what only it asked for is asked no longer. 取消报表请求。"""
    found = await asking.locked_form(act, reach, id)
    await asking.cancel(act, found, body.reason)
    return _shown(found, act, response)


@router.get(
    "/{id}/answers",
    operation_id="ledger_form_answers",
    response_model=Page[FormAnswer],
    responses={200: {"content": {XLSX: {}}}},
)
async def answers(
    id: UUID,
    session: Reading,
    request: Request,
    page: Paging,
    principal: CurrentPrincipal,
    reach: Read,
    accept: Annotated[
        str, Header(max_length=500, description=f"{JSON} or {XLSX}", examples=[JSON])
    ] = JSON,
) -> Page[FormAnswer] | Response:
    """The form as far as it is filled: its cells, or by `Accept` the department's own workbook
    filled in. 报表结果。"""
    media = best_media_type(accept, (JSON, XLSX))
    found = await form_queries.one_form(session, reach, id)
    query = form_repository.answers(id)
    if media == JSON:
        query = page.apply(query, LedgerFormCell.id)
        rows = (await session.execute(query)).all()
        await _log(request, principal, reach, found, rows[: page.limit])
        return page.page(rows, lambda row: (row.id,), form_queries.answer_view)
    rows = (await session.execute(query.order_by(LedgerFormCell.id))).all()
    await _log(request, principal, reach, found, rows)
    files: FileStore = request.app.state.files
    content = await form_queries.filled_workbook(files, found, rows, language_of(request))
    return Response(
        content,
        media_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="form-{id}.xlsx"'},
    )


async def _log(
    request: Request, principal: CurrentPrincipal, reach: Reach, form: Any, rows: Sequence[Any]
) -> None:
    """A department reads the answers to its form for the form's purpose; that is logged."""
    known = [row for row in rows if row.entry_id is not None]
    if reach.whole_district:
        return
    rights = {
        row.element_id: Right(row.element_id, form.department_id, None, form.purpose)
        for row in known
    }
    read = Shown(known, (), {"form": str(form.id)})
    await log_read(request.app.state.database, Actor.of(principal), rights, read)
