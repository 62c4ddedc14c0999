"""Write use cases of campaigns before and beside their plan: begun, given requests, called off."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.campaigns import repository
from services.gateway.assessment.campaigns.domain import (
    CAMPAIGN,
    PLANNED_IN,
    CampaignState,
    Change,
    VisitState,
)
from services.gateway.assessment.campaigns.models import Campaign, CampaignRequest
from services.gateway.assessment.campaigns.telling import Told, tell
from services.gateway.assessment.requests.domain import RequestState
from shared.audit.record import Actor, record
from shared.auth.principal import Role
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.rulebook import Rulebook


async def begin(
    session: AsyncSession, actor: Actor, title: str, request_ids: Sequence[UUID]
) -> Campaign:
    """A campaign of approved requests on one standard; it lasts as long as their windows.

    Raises Invalid naming each request that cannot be taken, Conflict when one is in another
    campaign.
    """
    found = await _usable(session, request_ids, None)
    made = Campaign(
        district=actor.district,
        id=new_id(),
        title=title,
        standard_id=found[0].standard_id,
        starts_on=min(one.starts_on for one in found),
        ends_on=max(one.ends_on for one in found),
        state=CampaignState.DRAFT.value,
        created_by=actor.id,
        version=1,
    )
    session.add(made)
    await session.flush()
    await _enter(session, made, [one.id for one in found])
    told = {"title": title, "requests": [str(one.id) for one in found]}
    await record(session, actor, "campaign.begun", ("campaign", made.id), after=told)
    return made


async def add_requests(
    session: AsyncSession, actor: Actor, campaign: Campaign, request_ids: Sequence[UUID]
) -> None:
    """Take further requests into a locked campaign; they are served after the next plan."""
    require_planned(campaign)
    found = await _usable(session, request_ids, campaign.standard_id)
    await _enter(session, campaign, [one.id for one in found])
    campaign.starts_on = min(campaign.starts_on, *(one.starts_on for one in found))
    campaign.ends_on = max(campaign.ends_on, *(one.ends_on for one in found))
    campaign.version += 1
    told = {"requests": [str(one.id) for one in found]}
    await record(session, actor, "campaign.requests_added", ("campaign", campaign.id), after=told)


async def remove_request(
    session: AsyncSession,
    actor: Actor,
    campaign: Campaign,
    request_id: UUID,
    reason: str,
    today: date,
) -> None:
    """Take a request out of a locked campaign; announced visits lose it with the next plan.
    Raises NotFound when it is not in it."""
    require_planned(campaign)
    entry = await session.scalar(
        select(CampaignRequest).where(
            CampaignRequest.campaign_id == campaign.id,
            CampaignRequest.request_id == request_id,
            CampaignRequest.ended_on.is_(None),
        )
    )
    if entry is None:
        raise NotFound
    entry.ended_on = today
    campaign.version += 1
    await session.flush()
    told = {"request": str(request_id), "reason": reason}
    await record(session, actor, "campaign.request_removed", ("campaign", campaign.id), after=told)


async def call_off(
    session: AsyncSession,
    actor: Actor,
    campaign: Campaign,
    *,
    reason: str,
    by: Collection[Role],
    rulebook: Rulebook,
    today: date,
) -> None:
    """Call a locked campaign off: what it was going to visit is not visited, and its requests may
    enter another."""
    was_announced = campaign.state == CampaignState.ANNOUNCED
    await take(
        session, actor, CAMPAIGN, campaign, "cancellation",
        by=by, rulebook=rulebook, today=today, reason=reason,
    )  # fmt: skip
    await session.execute(
        update(CampaignRequest)
        .where(CampaignRequest.campaign_id == campaign.id, CampaignRequest.ended_on.is_(None))
        .values(ended_on=today)
    )
    told: list[Told] = []
    for visit, served in await repository.living_visits(session, campaign.id):
        if visit.on_day >= today:
            visit.state = VisitState.CANCELLED.value
            visit.version += 1
            told.append(Told(visit, Change.CANCELLED, frozenset(served)))
    await session.flush()
    if was_announced:
        await tell(session, campaign, told, reason)


def require_planned(campaign: Campaign) -> None:
    """Raises Conflict when nothing can be planned any more."""
    if campaign.state not in PLANNED_IN:
        name = CAMPAIGN.states[campaign.state]
        raise Conflict(
            code="campaign_over",
            detail=Text(
                zh=f"该联合检查“{name.zh}”，不能再部署。请新建联合检查。",
                en=f"The campaign is “{name.en}” and is planned no more. Begin another.",
            ),
        )


async def _usable(
    session: AsyncSession, ids: Sequence[UUID], standard_id: UUID | None
) -> list[Any]:
    known = await repository.requests_named(session, ids)
    found = [known[id] for id in dict.fromkeys(ids) if id in known]
    standard_id = standard_id or (found[0].standard_id if found else None)
    issues = []
    for at, id in enumerate(ids):
        one = known.get(id)
        if one is None or one.state != RequestState.APPROVED:
            issues.append(_issue(at, _NOT_APPROVED))
        elif one.standard_id != standard_id:
            issues.append(_issue(at, _OTHER_STANDARD))
    if issues:
        raise Invalid(issues=issues)
    return found


async def _enter(session: AsyncSession, campaign: Campaign, ids: Sequence[UUID]) -> None:
    taken = await session.scalars(
        select(CampaignRequest.request_id).where(
            CampaignRequest.request_id.in_(ids), CampaignRequest.ended_on.is_(None)
        )
    )
    if set(taken):
        raise _taken()
    session.add_all(
        CampaignRequest(
            district=campaign.district, id=new_id(), campaign_id=campaign.id, request_id=id
        )
        for id in ids
    )
    try:
        await session.flush()
    except IntegrityError:
        raise _taken() from None


def _taken() -> Conflict:
    return Conflict(
        code="request_in_a_campaign",
        detail=Text(
            zh="有申请已编入一次联合检查，未做更改。请先将其移出，或去掉该申请。",
            en="A request is in a campaign already; nothing was changed. Take it out there, or "
            "leave it out here.",
        ),
    )


_NOT_APPROVED = (
    "request_not_approved",
    Text(zh="该申请不存在或未获批准。", en="There is no such approved request."),
    Text(zh="只能编入已批准的申请。", en="Name requests that the Leading Group approved."),
)
_OTHER_STANDARD = (
    "standard_differs",
    Text(zh="该申请采用另一套统一标准。", en="It is on another standard."),
    Text(zh="一次联合检查只用一套标准，请分开部署。", en="Give it a campaign of its own."),
)


def _issue(at: int, told: tuple[str, Text, Text]) -> Issue:
    code, detail, remedy = told
    return Issue(code=code, pointer=f"/request_ids/{at}", detail=detail, remedy=remedy)
