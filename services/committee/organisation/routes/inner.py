"""Declared kinship, handovers of the work, and renewals that are due."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import and_

from services.committee.organisation import access, handovers, kinships, repository
from services.committee.organisation.body_schemas import (
    HandoverSubmission,
    HandoverView,
    KinshipRequest,
    KinshipView,
    RenewalView,
)
from services.committee.organisation.domain import (
    HANDOVER,
    HandoverState,
    KinshipState,
    handed_over_late,
)
from services.committee.organisation.models import Community, Handover, KinshipDeclaration, Term
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import PublicDistrict, PublicReading, Reading, open_to_all, permits
from shared.web.paging import Page, Paging
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee", tags=["organisation"], route_class=UnitOfWorkRoute)
Declare = Annotated[Reach, permits(access.DECLARE_KINSHIP)]
Examine = Annotated[Reach, permits(access.EXAMINE_KINSHIP)]
ReadKinships = Annotated[Reach, permits(access.READ_KINSHIPS)]
ReadHandovers = Annotated[Reach, permits(access.READ_HANDOVERS)]
HandOver = Annotated[Reach, permits(access.HAND_OVER)]
Supervise = Annotated[Reach, permits(access.SUPERVISE_HANDOVER)]
_EVERYWHERE = Reach(whole_district=True)


@router.get("/kinships", operation_id="organisation_kinships")
async def declared(
    session: Reading,
    page: Paging,
    reach: ReadKinships,
    committee_id: UUID | None = None,
    state: KinshipState | None = None,
) -> Page[KinshipView]:
    """Kinships declared within reach, newest first. 近亲属申报。"""
    query = repository.kinships(reach)
    if committee_id is not None:
        query = query.where(KinshipDeclaration.committee_id == committee_id)
    if state is not None:
        query = query.where(KinshipDeclaration.state == state)
    query = page.apply(query, KinshipDeclaration.id, descending=True)
    rows = (await session.execute(query)).all()
    return page.page(rows, lambda row: (row.id,), KinshipView.model_validate)


async def _kinship(act: Act, id: UUID) -> KinshipView:
    query = repository.kinships(_EVERYWHERE).where(KinshipDeclaration.id == id)
    return KinshipView.model_validate((await act.session.execute(query)).one())


@router.post(
    "/committees/{id}/kinships", operation_id="organisation_declare_kinship", status_code=201
)
async def declare(id: UUID, body: KinshipRequest, act: Acting, reach: Declare) -> KinshipView:
    """Declare two members or supervisors to be near kin; the street examines it. 申报近亲属关系。"""
    made = await kinships.declare(
        act, reach, id,
        persons=(body.persons[0], body.persons[1]), relation=body.relation, note=body.note,
    )  # fmt: skip
    return await _kinship(act, made.id)


@router.post("/kinships/{id}/confirmation", operation_id="organisation_confirm_kinship")
async def confirm(id: UUID, body: ReasonRequest, act: Acting, reach: Examine) -> KinshipView:
    """They are near kin: one of them cannot stay (组织法 8). 确认近亲属关系。"""
    await kinships.step(act, reach, id, "confirmation", body.reason)
    return await _kinship(act, id)


@router.post("/kinships/{id}/dismissal", operation_id="organisation_dismiss_kinship")
async def dismiss(id: UUID, body: ReasonRequest, act: Acting, reach: Examine) -> KinshipView:
    """They are not near kin. 认定不成立。"""
    await kinships.step(act, reach, id, "dismissal", body.reason)
    return await _kinship(act, id)


@router.post("/kinships/{id}/withdrawal", operation_id="organisation_withdraw_kinship")
async def withdraw(id: UUID, body: ReasonRequest, act: Acting, reach: Declare) -> KinshipView:
    """Take back a declaration that is not examined yet. 撤回申报。"""
    await kinships.step(act, reach, id, "withdrawal", body.reason)
    return await _kinship(act, id)


def _handover(row: Any, today: date) -> HandoverView:
    made = {name: getattr(row, name) for name in HandoverView.model_fields if name != "overdue"}
    late = handed_over_late(HandoverState(row.state), row.deadline, today)
    return HandoverView(**made, overdue=late)


@router.get("/handovers", operation_id="organisation_handovers")
async def listed(
    session: Reading,
    request: Request,
    page: Paging,
    reach: ReadHandovers,
    state: HandoverState | None = None,
    community_id: UUID | None = None,
    overdue: Annotated[bool, Query(description="Only those past their tenth day")] = False,
) -> Page[HandoverView]:
    """Handovers within reach, newest first. 工作移交。"""
    today = request.app.state.clock.today()
    query = repository.handovers(reach)
    if state is not None:
        query = query.where(Handover.state == state)
    if community_id is not None:
        query = query.where(Community.id == community_id)
    if overdue:
        query = query.where(and_(Handover.state == HandoverState.DUE, Handover.deadline < today))
    rows = (await session.execute(page.apply(query, Handover.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), lambda row: _handover(row, today))


async def _one(session: Any, reach: Reach, id: UUID) -> Any:
    query = repository.handovers(reach).where(Handover.id == id)
    return await the_row(session, query)


@router.get("/handovers/{id}", operation_id="organisation_handover")
async def handover(
    id: UUID, session: Reading, request: Request, reach: ReadHandovers
) -> HandoverView:
    """One handover with its list. 工作移交详情。"""
    row = await _one(session, reach, id)
    return _handover(row, request.app.state.clock.today())


@router.get("/handovers/{id}/history", operation_id="organisation_handover_history")
async def history(id: UUID, session: Reading, reach: ReadHandovers) -> list[StepView]:
    """Every step of a handover, oldest first. 办理经过。"""
    await _one(session, reach, id)
    return await steps_of(session, HANDOVER, id)


@router.post("/handovers/{id}/submission", operation_id="organisation_submit_handover")
async def submit(id: UUID, body: HandoverSubmission, act: Acting, reach: HandOver) -> HandoverView:
    """The election committee hands over what stands on the list (组织法 25). 提交移交清单。"""
    found = await handovers.locked(act, reach, id)
    items = [item.model_dump() for item in body.items]
    await handovers.submit(act, found, items, body.document)
    return _handover(await _one(act.session, _EVERYWHERE, id), act.today)


@router.post("/handovers/{id}/confirmation", operation_id="organisation_confirm_handover")
async def confirm_handover(id: UUID, act: Acting, reach: Supervise) -> HandoverView:
    """The street saw that the work was handed over. 监督确认。"""
    await handovers.step(act, await handovers.locked(act, reach, id), "confirmation")
    return _handover(await _one(act.session, _EVERYWHERE, id), act.today)


@router.post("/handovers/{id}/return", operation_id="organisation_return_handover")
async def send_back(id: UUID, body: ReasonRequest, act: Acting, reach: Supervise) -> HandoverView:
    """Something is missing from the list. 退回补齐。"""
    found = await handovers.locked(act, reach, id)
    await handovers.step(act, found, "return", reason=body.reason)
    return _handover(await _one(act.session, _EVERYWHERE, id), act.today)


@router.get(
    "/renewals", operation_id="organisation_renewals", dependencies=[open_to_all(access.READ)]
)
async def renewals(
    session: PublicReading,
    district: PublicDistrict,
    request: Request,
    page: Paging,
    due_before: Annotated[
        date | None, Query(description="Terms that end before it; the notice's days if left out")
    ] = None,
    street_id: UUID | None = None,
    community_id: UUID | None = None,
    overdue: Annotated[bool, Query(description="Only terms over without a new one")] = False,
) -> Page[RenewalView]:
    """Committees whose last term ends soon, or has ended without a new one (组织法 14), the earliest
    first. 届满换届预告。"""
    today = request.app.state.clock.today()
    if due_before is None:
        rulebook = await request.app.state.rules.of(session, district)
        notice = rulebook.lookup("organisation.renewal_notice_days", district, today)
        due_before = today + timedelta(days=notice.integer())
    query = repository.last_terms().where(Term.ends_on < due_before)
    if street_id is not None:
        query = query.where(Community.street_id == street_id)
    if community_id is not None:
        query = query.where(Community.id == community_id)
    if overdue:
        query = query.where(Term.ends_on <= today)
    rows = (await session.execute(page.apply(query, Term.ends_on, Term.id))).all()
    return page.page(rows, lambda row: (row.ends_on, row.term_id), lambda row: _renewal(row, today))


def _renewal(row: Any, today: date) -> RenewalView:
    made = {name: getattr(row, name) for name in RenewalView.model_fields if name != "overdue"}
    return RenewalView(**made, overdue=row.ends_on <= today)
