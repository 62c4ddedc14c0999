"""Inspection requests: asked, screened, decided."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import func

from services.gateway.assessment.ledger import LedgerOfCaller
from services.gateway.assessment.requests import access, applying, deciding, repository, submitting
from services.gateway.assessment.requests.domain import (
    REQUEST,
    RequestKind,
    RequestState,
)
from services.gateway.assessment.requests.models import Request as InspectionRequest
from services.gateway.assessment.requests.schemas import (
    InspectionRequestChange,
    InspectionRequestRequest,
    RequestDecision,
    RequestView,
    Withdrawal,
)
from services.gateway.assessment.standards.clock import by_clock_of
from services.gateway.assessment.standards.models import Standard
from services.gateway.identity.public import department_for
from shared.auth.policy import Reach
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import Reading, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.unit_of_work import UnitOfWorkRoute

JSON = "application/json"
router = APIRouter(
    prefix="/v1/assessment/requests", tags=["assessment"], route_class=UnitOfWorkRoute
)
Read = Annotated[Reach, permits(access.READ)]
Ask = Annotated[Reach, permits(access.ASK)]
_Search = Annotated[
    str | None, Query(max_length=40, pattern=r"^[^\x00]*$", description="Part of the title")
]


async def shown(
    act: Act, made: InspectionRequest, request: Request, response: Response
) -> RequestView:
    """A request as a write leaves it."""
    await act.session.flush()
    query = repository.requests(Reach(whole_district=True)).where(InspectionRequest.id == made.id)
    row = (await act.session.execute(query)).one()
    response.headers["ETag"] = etag(row.version)
    return RequestView.read(row, language_of(request), act.today)


@router.get("", operation_id="assessment_requests")
async def requests(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Read,
    state: RequestState | None = None,
    department_id: UUID | None = None,
    kind: RequestKind | None = None,
    within: Annotated[date | None, Query(description="Whose window holds the day")] = None,
    overdue: Annotated[bool, Query(description="Only those whose decision is late")] = False,
    q: _Search = None,
) -> Page[RequestView]:
    """Inspection requests within reach, newest first. 检查考核申请。"""
    today = request.app.state.clock.today()
    query = repository.requests(reach)
    for column, value in (("state", state), ("department_id", department_id), ("kind", kind)):
        if value is not None:
            query = query.where(getattr(InspectionRequest, column) == value)
    if within is not None:
        query = query.where(
            InspectionRequest.starts_on <= within, InspectionRequest.ends_on > within
        )
    if overdue:
        query = query.where(InspectionRequest.due_on < func.coalesce(Standard.demo_today, today))
    if q:
        query = query.where(InspectionRequest.title.contains(q, autoescape=True))
    paged = page.apply(query, InspectionRequest.id, descending=True)
    rows = (await session.execute(paged)).all()
    language = language_of(request)
    return page.page(
        rows, lambda row: (row.id,), lambda row: RequestView.read(row, language, today)
    )


@router.get("/{id}", operation_id="assessment_request")
async def one(
    id: UUID, session: Reading, request: Request, response: Response, reach: Read
) -> RequestView:
    """One request with its last screening. 检查考核申请详情。"""
    row = await repository.one(session, reach, id)
    response.headers["ETag"] = etag(row.version)
    return RequestView.read(row, language_of(request), request.app.state.clock.today())


@router.get("/{id}/history", operation_id="assessment_request_history")
async def history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of a request, oldest first. 办理经过。"""
    await repository.one(session, reach, id)
    return await steps_of(session, REQUEST, id)


@router.post("", operation_id="assessment_draft_request", status_code=201)
async def draft(
    body: InspectionRequestRequest,
    act: Acting,
    request: Request,
    response: Response,
    reach: Ask,
) -> RequestView:
    """Begin a request; it is screened when it is submitted. 起草检查申请。"""
    department = await department_for(act.session, reach, body.department_id)
    values = body.model_dump(exclude={"department_id"})
    made = await applying.draft(act.session, act.actor, department, values)
    return await shown(act, made, request, response)


@router.patch("/{id}", operation_id="assessment_change_request")
async def change(
    id: UUID,
    body: InspectionRequestChange,
    act: Acting,
    expected: ExpectedVersion,
    request: Request,
    response: Response,
    reach: Ask,
) -> RequestView:
    """Change a draft or a returned request. 修改检查申请。"""
    found = await repository.locked(act.session, reach, id)
    require_version(found.version, expected)
    values = {name: value for name, value in body.model_dump().items() if value is not None}
    await applying.change(act.session, act.actor, found, values)
    return await shown(act, found, request, response)


@router.post("/{id}/submission", operation_id="assessment_submit_request")
async def submit(
    id: UUID,
    act: Acting,
    request: Request,
    response: Response,
    ledger: LedgerOfCaller,
    reach: Ask,
) -> RequestView:
    """Submit: screened at once, each item in each community gets its verdict; the request goes to
    the Leading Group, or comes back (`state` returned) with everything that stands against it.
    503 while the ledger does not answer. 提交检查申请。"""
    found = await repository.locked(act.session, reach, id)
    act = await by_clock_of(act, found.standard_id)
    await submitting.submit(
        act.session, act.actor, found, ledger,
        by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return await shown(act, found, request, response)


@router.post("/{id}/withdrawal", operation_id="assessment_withdraw_request")
async def withdraw(
    id: UUID,
    body: Withdrawal,
    act: Acting,
    request: Request,
    response: Response,
    reach: Annotated[Reach, permits(access.WITHDRAW)],
) -> RequestView:
    """Take a request back: before its decision it is a draft again, an approved one needs a reason
    and is given up. 撤回检查申请。"""
    found = await repository.locked(act.session, reach, id)
    act = await by_clock_of(act, found.standard_id)
    await deciding.withdraw(
        act.session, act.actor, found,
        reason=body.reason, by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return await shown(act, found, request, response)


@router.post("/{id}/decision", operation_id="assessment_decide_request")
async def decide(
    id: UUID,
    body: RequestDecision,
    act: Acting,
    request: Request,
    response: Response,
    reach: Annotated[Reach, permits(access.DECIDE)],
) -> RequestView:
    """The Leading Group approves, rejects or returns a request; of two decisions at once one is
    taken, the other answered 409 with the state. 领导小组审议。"""
    found = await repository.locked(act.session, reach, id)
    act = await by_clock_of(act, found.standard_id)
    await deciding.decide(
        act.session, act.actor, found,
        **dict(body), by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return await shown(act, found, request, response)
