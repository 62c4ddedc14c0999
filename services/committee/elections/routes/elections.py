"""Elections: the list, one, its resolution, committee, day and end."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import select

from services.committee.elections import (
    acceding,
    access,
    officers,
    registering,
    repository,
    resolving,
)
from services.committee.elections.domain import ElectionKind
from services.committee.elections.models import Election, ElectionCommitteeMember
from services.committee.elections.procedure import State
from services.committee.elections.routes.context import (
    Acting,
    Held,
    election_view,
    elections_router,
    held,
)
from services.committee.elections.ruling import Ruling
from services.committee.elections.schemas.candidacies import WithdrawalRequest
from services.committee.elections.schemas.elections import (
    AccessionRequest,
    CancellationRequest,
    ClockRequest,
    CommitteeMemberView,
    CommitteeRequest,
    ElectionDetail,
    ElectionView,
    PostponementRequest,
    ResolutionRequest,
)
from shared.auth.policy import Reach
from shared.web.authentication import PublicReading, open_to_all, permits
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.problem import RuleView

router = elections_router()
Holding = Annotated[Held, held(access.HOLD)]
_PUBLIC = [open_to_all(access.READ)]


@router.get("", operation_id="elections_list", dependencies=_PUBLIC)
async def elections(
    session: PublicReading,
    request: Request,
    page: Paging,
    community_id: UUID | None = None,
    state: State | None = None,
    kind: ElectionKind | None = None,
    running: Annotated[bool, Query(description="Only those that have not ended")] = False,
) -> Page[ElectionView]:
    """Elections, newest first. 居民委员会选举。"""
    query = repository.elections()
    if community_id is not None:
        query = query.where(Election.community_id == community_id)
    if state is not None:
        query = query.where(Election.state == state)
    if kind is not None:
        query = query.where(Election.kind == kind)
    if running:
        query = query.where(Election.state.not_in((State.IN_OFFICE, State.CANCELLED)))
    rows = (await session.execute(page.apply(query, Election.id, descending=True))).all()
    now = request.app.state.clock.now()
    return page.page(rows, lambda row: (row.id,), lambda row: election_view(row, now))


@router.get("/{id}", operation_id="elections_election", dependencies=_PUBLIC)
async def election(
    id: UUID, session: PublicReading, request: Request, response: Response
) -> ElectionDetail:
    """One election with the rules that hold for it. 选举详情。"""
    row = await repository.election_row(session, id)
    response.headers["ETag"] = etag(row.version)
    ruling = Ruling(row.rules)
    shown = election_view(row, request.app.state.clock.now())
    rules = [RuleView.of(rule) for rule in ruling.applied(*ruling.kept)]
    return ElectionDetail(**dict(shown), rules=rules)


@router.post("", operation_id="elections_resolve", status_code=201)
async def resolve(
    body: ResolutionRequest,
    act: Acting,
    response: Response,
    reach: Annotated[Reach, permits(access.RESOLVE)],
) -> ElectionView:
    """Record the meeting's resolution; with it the public log begins. 登记选举决议。"""
    made = await resolving.resolve(act, reach, dict(body))
    return await Held(act, made).shown(response)


@router.get("/{id}/committee", operation_id="elections_committee", dependencies=_PUBLIC)
async def committee(id: UUID, session: PublicReading) -> list[CommitteeMemberView]:
    """The residents' election committee with its alternates, and who left. 居民选举委员会。"""
    await repository.election_row(session, id)
    columns = [getattr(ElectionCommitteeMember, name) for name in CommitteeMemberView.model_fields]
    query = select(*columns).where(ElectionCommitteeMember.election_id == id)
    rows = await session.execute(query.order_by(ElectionCommitteeMember.rank))
    return [CommitteeMemberView.model_validate(row, from_attributes=True) for row in rows]


@router.post("/{id}/committee", operation_id="elections_form_committee", status_code=201)
async def form_committee(
    body: CommitteeRequest,
    response: Response,
    found: Annotated[Held, held(access.RESOLVE)],
) -> ElectionView:
    """Record the election committee as the meeting chose it. 登记居民选举委员会。"""
    members = [dict(member) for member in body.members]
    await officers.form(found.act, found.election, members, body.resolution)
    return await found.shown(response)


@router.post("/{id}/committee/{member_id}/withdrawal", operation_id="elections_withdraw_member")
async def withdraw_member(
    member_id: UUID, body: WithdrawalRequest, response: Response, found: Holding
) -> ElectionView:
    """A member leaves; the first alternate succeeds. 退出与递补。"""
    await officers.withdraw(found.act, found.election, member_id, body.because, body.reason)
    return await found.shown(response)


@router.post("/{id}/registration", operation_id="elections_begin_registration")
async def begin_registration(response: Response, found: Holding) -> ElectionView:
    """Begin to register electors. 开始选民登记。"""
    await registering.begin(found.act, found.election)
    return await found.shown(response)


@router.post("/{id}/postponement", operation_id="elections_postpone")
async def postpone(
    body: PostponementRequest, response: Response, expected: ExpectedVersion, found: Holding
) -> ElectionView:
    """Move the day of the present round, with the reason. 变更选举日。"""
    require_version(found.election.version, expected)
    await resolving.postpone(found.act, found.election, body.election_day, body.reason, body.source)
    return await found.shown(response)


@router.post("/{id}/cancellation", operation_id="elections_cancel")
async def cancel(
    body: CancellationRequest,
    response: Response,
    found: Annotated[Held, held(access.CANCEL)],
) -> ElectionView:
    """End the election before its time, with the reason; its log stays. 取消选举。"""
    await resolving.cancel(found.act, found.election, body.reason, body.source)
    return await found.shown(response)


@router.post("/{id}/demo-clock", operation_id="elections_move_demo_clock")
async def move_demo_clock(body: ClockRequest, response: Response, found: Holding) -> ElectionView:
    """Move a demonstration's own clock forward; a real election has none. 演示时钟。"""
    await resolving.set_demo_clock(found.act, found.election, body.today)
    return await found.shown(response)


@router.post("/{id}/accession", operation_id="elections_accede")
async def accede(body: AccessionRequest, response: Response, found: Holding) -> ElectionView:
    """Let those who were elected take office; the new term begins in organisation, which follows
    the handover within ten days. 新一届就任。"""
    starts_on = body.starts_on or found.act.today(found.election)
    await acceding.accede(found.act, found.election, starts_on)
    return await found.shown(response)
