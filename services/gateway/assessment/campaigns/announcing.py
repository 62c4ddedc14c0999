"""The announcement: a proposal becomes visits that communities and departments know and keep."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.campaigns import repository
from services.gateway.assessment.campaigns.domain import CAMPAIGN, Change, VisitState
from services.gateway.assessment.campaigns.models import (
    Campaign,
    CampaignPlan,
    Visit,
    VisitRequest,
)
from services.gateway.assessment.campaigns.proposing import plans, problem_of
from services.gateway.assessment.campaigns.telling import Told, tell
from services.gateway.assessment.planning.checking import broken_limits
from services.gateway.assessment.planning.problem import Plan
from services.gateway.assessment.planning.problem import Visit as Planned
from shared.audit.record import Actor
from shared.auth.principal import Role
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.rulebook import Rulebook


async def announce(
    session: AsyncSession,
    actor: Actor,
    campaign: Campaign,
    *,
    plan_id: UUID,
    document: str,
    by: Collection[Role],
    rulebook: Rulebook,
    today: date,
) -> list[Told]:
    """Announce the newest plan of a locked campaign: its visits are those of the plan from now
    on. A visit that keeps its day or moves keeps its id.

    Raises Conflict when the plan is not the newest, not finished, announced already, or no longer
    keeps every limit because something has changed since it was made.
    """
    CAMPAIGN.step(campaign.state, "announcement", by=by, reason=None)
    latest = await repository.latest_plan(session, campaign.id)
    if latest is None or latest.id != plan_id:
        raise _refused("plan_not_newest", _NOT_NEWEST)
    if latest.announced_at is not None:
        raise _refused("plan_announced", _ANNOUNCED)
    if latest.plan is None:
        raise _refused("plan_not_finished", _NOT_FINISHED)
    plan = plans.validate_python(latest.plan)
    facts = await problem_of(session, campaign, rulebook, today)
    if broken_limits(facts.problem, plan):
        raise _refused("plan_outdated", _OUTDATED)
    minutes = {one.id: one.minutes for one in facts.problem.requests}
    made = {(one.community, one.day) for one in facts.problem.fixed}
    told = await _apply(session, campaign, plan, made, minutes, today)
    await session.execute(
        update(CampaignPlan).where(CampaignPlan.id == plan_id).values(announced_at=func.now())
    )
    campaign.document = document
    campaign.announced_on = campaign.announced_on or today
    numbers = {change.value: sum(one.change is change for one in told) for change in Change}
    await take(
        session, actor, CAMPAIGN, campaign, "announcement",
        by=by, rulebook=rulebook, today=today,
        told={"plan": str(plan_id), "document": document, "visits": numbers},
    )  # fmt: skip
    await tell(session, campaign, told, None)
    return told


async def _apply(
    session: AsyncSession,
    campaign: Campaign,
    plan: Plan,
    made: Collection[tuple[UUID, date]],
    minutes: dict[UUID, int],
    today: date,
) -> list[Told]:
    standing = {
        (one.community_id, one.on_day): (one, served)
        for one, served in await repository.living_visits(session, campaign.id)
        if (one.community_id, one.on_day) not in made
    }
    planned = {
        (one.community, one.day): one for one in plan.visits if (one.community, one.day) not in made
    }
    moved = _moves(plan, planned)
    told: list[Told] = []
    # A day is freed before another visit takes it: a community has one announced visit a day.
    leaving = [key for key in standing if key not in planned]
    for key in leaving:
        if key not in moved:
            visit, served = standing[key]
            visit.state = VisitState.CANCELLED.value
            visit.version += 1
            told.append(Told(visit, Change.CANCELLED, frozenset(served)))
    await session.flush()
    for key in sorted((key for key in leaving if key in moved), reverse=True):
        visit, served = standing[key]
        target = planned[moved[key]]
        visit.on_day, visit.state = target.day, VisitState.ANNOUNCED.value
        await session.flush()
        told.append(await _serve(session, visit, served, target, minutes, Change.MOVED, today))
        del planned[moved[key]]
    for key, one in sorted(planned.items()):
        if key not in standing:
            visit = Visit(
                district=campaign.district,
                id=new_id(),
                campaign_id=campaign.id,
                community_id=one.community,
                on_day=one.day,
                minutes=0,
                state=VisitState.ANNOUNCED.value,
                version=0,
            )
            session.add(visit)
            await session.flush()
            told.append(await _serve(session, visit, set(), one, minutes, Change.NEW, today))
        elif one.requests != standing[key][1]:
            visit, served = standing[key]
            told.append(await _serve(session, visit, served, one, minutes, Change.CHANGED, today))
    return told


def _moves(plan: Plan, planned: dict[Any, Planned]) -> dict[Any, Any]:
    """Where a disturbed visit went: to the new day of most of its requests, unless that is the
    day of another visit; each day takes in one."""
    kept = {(one.visit.community, one.visit.day) for one in plan.disturbed} & planned.keys()
    found: dict[Any, Any] = {}
    for one in plan.disturbed:
        here = one.visit.community, one.visit.day
        if here in kept:
            continue
        days = [day for day in one.moved.values() if day is not None]
        for day in sorted(set(days), key=lambda day: (-days.count(day), day)):
            target = one.visit.community, day
            if target in planned and target not in found.values() and target not in kept:
                found[here] = target
                break
    return found


async def _serve(
    session: AsyncSession,
    visit: Visit,
    served: set[UUID],
    planned: Planned,
    minutes: dict[UUID, int],
    change: Change,
    today: date,
) -> Told:
    """Let a visit serve what was planned; its version tells calendars that it changed."""
    lost, gained = served - planned.requests, planned.requests - served
    if lost:
        await session.execute(
            update(VisitRequest)
            .where(
                VisitRequest.visit_id == visit.id,
                VisitRequest.request_id.in_(lost),
                VisitRequest.ended_on.is_(None),
            )
            .values(ended_on=today)
        )
    session.add_all(
        VisitRequest(district=visit.district, id=new_id(), visit_id=visit.id, request_id=id)
        for id in sorted(gained)
    )
    visit.minutes = sum(minutes.get(id, 0) for id in planned.requests)
    visit.version += 1
    await session.flush()
    return Told(visit, change, frozenset(served | planned.requests))


def _refused(code: str, detail: Text) -> Conflict:
    return Conflict(code=code, detail=detail)


_NOT_NEWEST = Text(
    zh="该方案不是最新方案。请查看最新方案后部署。",
    en="This is not the campaign's newest plan. Look at the newest and announce that.",
)
_ANNOUNCED = Text(
    zh="该方案已经部署。如有变化，请重新编制方案。",
    en="This plan is announced already. If something has changed, have a new plan made.",
)
_NOT_FINISHED = Text(
    zh="方案尚未编制完成，或已失败、取消。请等待完成，或重新编制。",
    en="The plan is not finished, or has failed or been cancelled. Wait for it, or have another "
    "made.",
)
_OUTDATED = Text(
    zh="编制方案之后情况有变（申请、社区其他检查、停检日期或提前告知期限），方案已不符合要求。请重新编制。",
    en="Since the plan was made something has changed (requests, other visits, closed days, or the "
    "days that an announcement must be ahead), and it no longer keeps every limit. Have a new one "
    "made.",
)
