"""Resignations, other endings of an office, and what is vacant."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select

from services.committee.organisation.public import Leaving, Member, offices
from services.committee.organisation.public import vacancies as open_seats
from services.committee.recalls import access, ending, filling, repository
from services.committee.recalls.domain import ResignationState
from services.committee.recalls.models import Resignation
from services.committee.recalls.schemas import (
    ByElectionRequest,
    ByElectionView,
    EndingRequest,
    ResignationDecision,
    ResignationRequest,
    ResignationView,
    VacancyView,
)
from shared.auth.policy import Reach
from shared.procedures.acting import Act, Acting
from shared.web.authentication import PublicReading, Reading, open_to_all, permits
from shared.web.days import Day
from shared.web.paging import Page, Paging
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee", tags=["recalls"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ)]
Resign = Annotated[Reach, permits(access.RESIGN)]
Decide = Annotated[Reach, permits(access.DECIDE_RESIGNATION)]
EndOffice = Annotated[Reach, permits(access.END_OFFICE)]
_EVERYWHERE = Reach(whole_district=True)


async def _answered(act: Act, resignation: Resignation) -> ResignationView:
    await act.session.flush()
    query = repository.resignations(_EVERYWHERE).where(Resignation.id == resignation.id)
    return ResignationView.model_validate((await act.session.execute(query)).one())


@router.post("/resignations", operation_id="recalls_resign", status_code=201)
async def resign(body: ResignationRequest, act: Acting, reach: Resign) -> ResignationView:
    """A member resigns; the meeting decides (组织法 21). 申请辞职。"""
    made = await ending.resign(act, reach, member_id=body.member_id, reason=body.reason)
    return await _answered(act, made)


@router.get("/resignations", operation_id="recalls_resignations")
async def resignations(
    session: Reading,
    page: Paging,
    reach: Read,
    state: ResignationState | None = None,
    committee_id: UUID | None = None,
) -> Page[ResignationView]:
    """Resignations within reach, newest first. 辞职申请。"""
    query = repository.resignations(reach)
    if state is not None:
        query = query.where(Resignation.state == state)
    if committee_id is not None:
        query = query.where(Resignation.committee_id == committee_id)
    rows = (await session.execute(page.apply(query, Resignation.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), ResignationView.model_validate)


@router.post("/resignations/{id}/decision", operation_id="recalls_decide_resignation")
async def decide(
    id: UUID, body: ResignationDecision, act: Acting, reach: Decide
) -> ResignationView:
    """What the meeting decided; accepted, the office ends on its day. 会议审议辞职。"""
    found = await repository.locked_resignation(act.session, reach, id)
    await ending.decide(act, found, body.meeting.decision, accepted=body.accepted)
    return await _answered(act, found)


@router.post("/resignations/{id}/withdrawal", operation_id="recalls_withdraw_resignation")
async def withdraw(id: UUID, body: ReasonRequest, act: Acting, reach: Resign) -> ResignationView:
    """Take a resignation back before the meeting decides. 撤回辞职。"""
    found = await repository.locked_resignation(act.session, reach, id)
    await ending.withdraw(act, found, body.reason)
    return await _answered(act, found)


@router.post("/members/{id}/ending", operation_id="recalls_end_office")
async def end_office(
    id: UUID, body: EndingRequest, act: Acting, request: Request, reach: EndOffice
) -> VacancyView:
    """Record an office that ended by law, with what proves it (组织法 22, 23, 37). 登记职务终止。"""
    await ending.end_office(
        act, reach, id,
        cause=Leaving(body.cause), on=body.on, document={"document": body.document},
    )  # fmt: skip
    query = offices().where(Member.id == id)
    return VacancyView.model_validate((await act.session.execute(query)).one())


@router.post("/by-elections", operation_id="recalls_by_election", status_code=201)
async def by_election(
    body: ByElectionRequest,
    act: Acting,
    request: Request,
    reach: Annotated[Reach, permits(access.BY_ELECTION)],
) -> ByElectionView:
    """Begin a by-election for everything that is vacant in a committee (组织法 24); it goes on under
    /elections. 补选。"""
    now = request.app.state.clock.now()
    return await filling.begin(act, reach, now, **dict(body))


@router.get(
    "/vacancies",
    operation_id="recalls_vacancies",
    dependencies=[open_to_all(access.READ_VACANCIES)],
)
async def vacancies(
    session: PublicReading,
    page: Paging,
    day: Day,
    community_id: UUID | None = None,
    committee_id: UUID | None = None,
) -> Page[VacancyView]:
    """Seats of a running term that nobody holds, to be filled by a by-election (组织法 24). 缺额。"""
    found = open_seats(day)
    query = select(*found.c)
    if community_id is not None:
        query = query.where(found.c.community_id == community_id)
    if committee_id is not None:
        query = query.where(found.c.committee_id == committee_id)
    rows = (await session.execute(page.apply(query, found.c.id))).all()
    return page.page(rows, lambda row: (row.id,), VacancyView.model_validate)
