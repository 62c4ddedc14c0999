"""Nominations, candidates, the meeting with residents, proxies."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from services.committee.elections import (
    access,
    candidacies,
    nominating,
    proxies,
    repository,
)
from services.committee.elections.domain import Ground, NominationState
from services.committee.elections.models import (
    Candidate,
    Elector,
    Nomination,
    NominationSupporter,
    Proxy,
)
from services.committee.elections.routes.context import Held, elections_router, held
from services.committee.elections.schemas.candidacies import (
    AcceptanceRequest,
    CandidateView,
    MeetingRequest,
    NominationRequest,
    NominationView,
    ProxyNotice,
    ProxyRequest,
    ProxyView,
    ReviewRequest,
)
from services.committee.elections.schemas.elections import ElectionView
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.masking import mask_name
from shared.kernel.text import Text
from shared.web.authentication import PublicReading, Reading, open_to_all, permits
from shared.web.paging import Page, Paging
from shared.web.shapes import ReasonRequest

router: APIRouter = elections_router()
Holding = Annotated[Held, held(access.HOLD)]
ReadRoll = Annotated[Reach, permits(access.READ_ROLL)]
_PUBLIC = [open_to_all(access.READ)]


def _nominations() -> Rows:
    supporters = (
        select(func.count())
        .where(
            NominationSupporter.district == Nomination.district,
            NominationSupporter.nomination_id == Nomination.id,
        )
        .scalar_subquery()
    )
    return select(
        *Nomination.__table__.columns,
        Elector.person_id.label("person"),
        Elector.number,
        Elector.name,
        supporters.label("supporters"),
    ).join(
        Elector, and_(Elector.district == Nomination.district, Elector.id == Nomination.elector_id)
    )


def _nomination(row: Any) -> NominationView:
    return NominationView.model_validate(row, from_attributes=True)


async def _nominated(found: Held, id: UUID) -> NominationView:
    await found.act.session.flush()
    query = _nominations().where(Nomination.id == id)
    return _nomination((await found.act.session.execute(query)).one())


@router.get("/{id}/nominations", operation_id="elections_nominations")
async def nominations(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: ReadRoll,
    contest: Annotated[str | None, Query(max_length=40, pattern=r"^[^\x00]*$")] = None,
    state: NominationState | None = None,
) -> Page[NominationView]:
    """Nominations, oldest first. 候选人提名。"""
    await repository.election_row(session, id, reach)
    query = _nominations().where(Nomination.election_id == id)
    if contest is not None:
        query = query.where(Nomination.contest == contest)
    if state is not None:
        query = query.where(Nomination.state == state)
    rows = (await session.execute(page.apply(query, Nomination.id))).all()
    return page.page(rows, lambda row: (row.id,), _nomination)


@router.post("/{id}/nominations", operation_id="elections_nominate", status_code=201)
async def nominate(body: NominationRequest, found: Holding) -> NominationView:
    """Enter a nomination by the Party organisation or by ten or more electors. 提名候选人。"""
    made = await nominating.nominate(found.act, found.election, **dict(body))
    return await _nominated(found, made.id)


@router.post("/{id}/nominations/{nomination_id}/review", operation_id="elections_review_nomination")
async def review(nomination_id: UUID, body: ReviewRequest, found: Holding) -> NominationView:
    """Record the review of the person's qualification. 资格审查。"""
    if body.qualified == (body.ground is not None) or body.ground is Ground.DECLINED:
        raise Invalid(issues=(_GROUND,))
    made = await nominating.review(
        found.act, found.election, nomination_id, body.ground, body.review
    )
    return await _nominated(found, made.id)


_GROUND = Issue(
    code="ground_needed",
    pointer="/ground",
    detail=Text(
        zh="审查不通过须写明法定情形，通过则不填（组织法第十八条）。",
        en="A refusal, and only a refusal, names its ground in law (组织法 18).",
    ),
    remedy=Text(zh="请更正 ground。", en="Mend `ground`."),
)


@router.post(
    "/{id}/nominations/{nomination_id}/acceptance", operation_id="elections_answer_nomination"
)
async def accept(nomination_id: UUID, body: AcceptanceRequest, found: Holding) -> NominationView:
    """Record whether the person accepts. 本人是否接受提名。"""
    made = await nominating.accept(found.act, found.election, nomination_id, body.accepted)
    return await _nominated(found, made.id)


@router.post(
    "/{id}/nominations/{nomination_id}/withdrawal", operation_id="elections_withdraw_nomination"
)
async def withdraw_nomination(
    nomination_id: UUID, body: ReasonRequest, found: Holding
) -> NominationView:
    """Take a nomination back. 撤回提名。"""
    made = await nominating.withdraw(found.act, found.election, nomination_id, body.reason)
    return await _nominated(found, made.id)


@router.get("/{id}/candidates", operation_id="elections_candidates", dependencies=_PUBLIC)
async def candidates(
    id: UUID,
    session: PublicReading,
    round: Annotated[int | None, Query(ge=1, le=99)] = None,
) -> list[CandidateView]:
    """Published candidates of every round, or of one, in the order of the ballot. 候选人。"""
    await repository.election_row(session, id)
    query = select(
        *Candidate.__table__.columns,
        Candidate.person_id.label("person"),
        Candidate.office.label("position"),
    ).where(Candidate.election_id == id)
    if round is not None:
        query = query.where(Candidate.round == round)
    rows = await session.execute(
        query.order_by(Candidate.round, Candidate.contest, Candidate.place)
    )
    return [CandidateView.model_validate(row, from_attributes=True) for row in rows]


@router.post("/{id}/candidates", operation_id="elections_publish_candidates")
async def publish_candidates(response: Response, found: Holding) -> ElectionView:
    """Publish the candidates: more than seats for each office. 公布候选人。"""
    await candidacies.publish(found.act, found.election)
    return await found.shown(response)


@router.post("/{id}/candidates/{person}/withdrawal", operation_id="elections_withdraw_candidate")
async def withdraw_candidate(
    person: UUID, body: ReasonRequest, response: Response, found: Holding
) -> ElectionView:
    """A candidate stands down before the vote. 候选人退出。"""
    await candidacies.withdraw(found.act, found.election, person, body.reason)
    return await found.shown(response)


@router.post("/{id}/meeting", operation_id="elections_record_meeting")
async def meeting(body: MeetingRequest, response: Response, found: Holding) -> ElectionView:
    """Record that the candidates met the residents. 候选人与居民见面。"""
    await candidacies.meet(found.act, found.election, body.held_on, body.place, body.note)
    return await found.shown(response)


def _proxies(id: UUID) -> Rows:
    giver, taker = aliased(Elector), aliased(Elector)
    return (
        select(
            *Proxy.__table__.columns,
            giver.number.label("principal"),
            taker.number.label("holder"),
            giver.name.label("principal_name"),
            taker.name.label("holder_name"),
        )
        .join(giver, and_(giver.district == Proxy.district, giver.id == Proxy.principal_id))
        .join(taker, and_(taker.district == Proxy.district, taker.id == Proxy.holder_id))
        .where(Proxy.election_id == id, Proxy.revoked_on.is_(None))
    )


@router.get("/{id}/proxies", operation_id="elections_proxies", dependencies=_PUBLIC)
async def published_proxies(id: UUID, session: PublicReading, page: Paging) -> Page[ProxyNotice]:
    """Who entrusted whom, as published, with masked names; numbers stand in the log alone.
    委托投票名单。"""
    await repository.election_row(session, id)
    query = _proxies(id).where(Proxy.published)
    rows = (await session.execute(page.apply(query, Proxy.id))).all()
    return page.page(
        rows,
        lambda row: (row.id,),
        lambda row: ProxyNotice(
            id=row.id,
            principal_name=mask_name(row.principal_name),
            holder_name=mask_name(row.holder_name),
        ),
    )


@router.get("/{id}/proxies/notice", operation_id="elections_proxies_notice")
async def proxies_notice(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: Annotated[Reach, permits(access.READ_NOTICES)],
) -> Page[ProxyNotice]:
    """The list as it is posted in the community, with names (组织法 19). 社区公布的委托名单。"""
    await repository.election_row(session, id, reach)
    rows = (await session.execute(page.apply(_proxies(id).where(Proxy.published), Proxy.id))).all()
    return page.page(
        rows,
        lambda row: (row.id,),
        lambda row: ProxyNotice.model_validate(row, from_attributes=True),
    )


@router.get("/{id}/proxies/register", operation_id="elections_proxy_register")
async def proxy_register(
    id: UUID, session: Reading, page: Paging, reach: ReadRoll
) -> Page[ProxyView]:
    """Proxies as the election committee keeps them. 委托投票登记。"""
    await repository.election_row(session, id, reach)
    rows = (await session.execute(page.apply(_proxies(id), Proxy.id))).all()
    return page.page(
        rows,
        lambda row: (row.id,),
        lambda row: ProxyView.model_validate(row, from_attributes=True),
    )


@router.post("/{id}/proxies", operation_id="elections_give_proxy", status_code=201)
async def give_proxy(body: ProxyRequest, found: Holding) -> ProxyView:
    """Record a written proxy: at most three a holder, never a candidate. 办理委托投票。"""
    made = await proxies.give(found.act, found.election, **dict(body))
    query = _proxies(found.election.id).where(Proxy.id == made.id)
    row = (await found.act.session.execute(query)).one()
    return ProxyView.model_validate(row, from_attributes=True)


@router.post("/{id}/proxies/publication", operation_id="elections_publish_proxies")
async def publish_proxies(response: Response, found: Holding) -> ElectionView:
    """Publish who entrusted whom. 公布委托投票名单。"""
    await proxies.publish(found.act, found.election)
    return await found.shown(response)


@router.post("/{id}/proxies/{proxy_id}/revocation", operation_id="elections_revoke_proxy")
async def revoke_proxy(
    proxy_id: UUID, body: ReasonRequest, response: Response, found: Holding
) -> ElectionView:
    """Revoke a proxy before the vote opens. 撤销委托。"""
    await proxies.revoke(found.act, found.election, proxy_id, body.reason)
    return await found.shown(response)
