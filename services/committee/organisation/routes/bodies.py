"""Sub-committees and the supervision committee: read by anyone."""

from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from services.committee.organisation import access, ending, repository, seating, supervising
from services.committee.organisation.body_schemas import (
    EndingRequest,
    LeavingRequest,
    SubCommitteeMemberRequest,
    SubCommitteeMemberView,
    SubCommitteeRequest,
    SubCommitteeView,
    SupervisorRequest,
    SupervisorView,
)
from services.committee.organisation.models import (
    Committee,
    SubCommittee,
    SubCommitteeMember,
    Supervisor,
)
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.db.database import ReadSession
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act, Acting
from shared.web.authentication import PublicReading, open_to_all, permits
from shared.web.paging import Page, PageRequest, Paging
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee", tags=["organisation"], route_class=UnitOfWorkRoute)
Record = Annotated[Reach, permits(access.RECORD)]
Shown = TypeVar("Shown", SubCommitteeView, SubCommitteeMemberView, SupervisorView)
ChooseSupervisors = Annotated[Reach, permits(access.CHOOSE_SUPERVISORS)]
_PUBLIC = [open_to_all(access.READ)]


async def _require(session: ReadSession, model: type[Committee | SubCommittee], id: UUID) -> None:
    if (await session.execute(select(model.id).where(model.id == id))).first() is None:
        raise NotFound


async def _page(
    session: ReadSession,
    page: PageRequest,
    query: Rows,
    model: type[SubCommittee | SubCommitteeMember | Supervisor],
    view: type[Shown],
) -> Page[Shown]:
    """A page of bodies or people, by their id."""
    rows = (await session.execute(page.apply(query, model.id))).all()
    return page.page(rows, lambda row: (row.id,), view.model_validate)


@router.get(
    "/committees/{id}/sub-committees",
    operation_id="organisation_sub_committees",
    dependencies=_PUBLIC,
)
async def sub_committees(
    id: UUID, session: PublicReading, page: Paging, ended: bool = False
) -> Page[SubCommitteeView]:
    """A committee's sub-committees (组织法 9). 下属委员会。"""
    await _require(session, Committee, id)
    query = repository.sub_committees(id)
    if not ended:
        query = query.where(SubCommittee.ended_on.is_(None))
    return await _page(session, page, query, SubCommittee, SubCommitteeView)


async def _sub_committee(act: Act, made: SubCommittee) -> SubCommitteeView:
    query = repository.sub_committees(made.committee_id).where(SubCommittee.id == made.id)
    return SubCommitteeView.model_validate((await act.session.execute(query)).one())


@router.post(
    "/committees/{id}/sub-committees",
    operation_id="organisation_establish_sub_committee",
    status_code=201,
)
async def establish(
    id: UUID, body: SubCommitteeRequest, act: Acting, reach: Record
) -> SubCommitteeView:
    """Establish a sub-committee. 设立下属委员会。"""
    made = await seating.establish(act, reach, id, body.model_dump())
    return await _sub_committee(act, made)


@router.post("/sub-committees/{id}/ending", operation_id="organisation_end_sub_committee")
async def end(id: UUID, body: EndingRequest, act: Acting, reach: Record) -> SubCommitteeView:
    """A sub-committee is no more. 撤销下属委员会。"""
    found = await ending.locked(act, reach, SubCommittee, id)
    await ending.end_body(act, found, body.on)
    return await _sub_committee(act, found)


@router.get(
    "/sub-committees/{id}/members",
    operation_id="organisation_sub_committee_members",
    dependencies=_PUBLIC,
)
async def members(
    id: UUID, session: PublicReading, page: Paging, left: bool = False
) -> Page[SubCommitteeMemberView]:
    """Who sits in a sub-committee; those who left only with `left`. 下属委员会成员。"""
    await _require(session, SubCommittee, id)
    query = repository.sub_committee_members(id)
    if not left:
        query = query.where(SubCommitteeMember.left_on.is_(None))
    return await _page(session, page, query, SubCommitteeMember, SubCommitteeMemberView)


@router.post(
    "/sub-committees/{id}/members",
    operation_id="organisation_add_sub_committee_member",
    status_code=201,
)
async def add_member(
    id: UUID, body: SubCommitteeMemberRequest, act: Acting, reach: Record
) -> SubCommitteeMemberView:
    """Seat somebody in a sub-committee; committee members may sit in it too. 增补下属委员会成员。"""
    made = await seating.add_member(act, reach, id, body.model_dump())
    return SubCommitteeMemberView.model_validate(made)


@router.post(
    "/sub-committee-members/{id}/ending",
    operation_id="organisation_end_sub_committee_member",
)
async def end_member(
    id: UUID, body: LeavingRequest, act: Acting, reach: Record
) -> SubCommitteeMemberView:
    """Somebody no longer sits in a sub-committee. 下属委员会成员离任。"""
    found = await ending.sitting(act, reach, SubCommitteeMember, id)
    await ending.leave(act, found, body.on, body.because)
    return SubCommitteeMemberView.model_validate(found)


@router.get(
    "/committees/{id}/supervisors",
    operation_id="organisation_supervisors",
    dependencies=_PUBLIC,
)
async def supervisors(
    id: UUID, session: PublicReading, page: Paging, left: bool = False
) -> Page[SupervisorView]:
    """The supervision committee (组织法 36); those who left only with `left`. 居务监督委员会。"""
    await _require(session, Committee, id)
    query = repository.supervisors(id)
    if not left:
        query = query.where(Supervisor.left_on.is_(None))
    return await _page(session, page, query, Supervisor, SupervisorView)


@router.post(
    "/committees/{id}/supervisors",
    operation_id="organisation_choose_supervisor",
    status_code=201,
)
async def choose_supervisor(
    id: UUID, body: SupervisorRequest, act: Acting, reach: ChooseSupervisors
) -> SupervisorView:
    """Record whom the meeting chose; members of the committee may not supervise it.
    推选居务监督委员会成员。"""
    values = body.model_dump(exclude={"meeting"})
    made = await supervising.choose_supervisor(act, reach, id, values, body.meeting.decision)
    return SupervisorView.model_validate(made)


@router.post("/supervisors/{id}/ending", operation_id="organisation_end_supervisor")
async def end_supervisor(
    id: UUID, body: LeavingRequest, act: Acting, reach: ChooseSupervisors
) -> SupervisorView:
    """Somebody no longer supervises. 居务监督委员会成员离任。"""
    found = await ending.sitting(act, reach, Supervisor, id)
    await ending.leave(act, found, body.on, body.because)
    return SupervisorView.model_validate(found)
