"""Changes of announced visits: put off or cancelled, known at once; the next plan mends the rest."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.campaigns.domain import CampaignState, Change, VisitState
from services.gateway.assessment.campaigns.models import Campaign, Visit, VisitClosure, VisitRequest
from services.gateway.assessment.campaigns.telling import Told, tell
from shared.audit.record import Actor, record
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text


async def cancel_visit(
    session: AsyncSession, actor: Actor, campaign: Campaign, visit: Visit, reason: str, today: date
) -> None:
    """Cancel a visit of a locked campaign for good: its community is not visited that day. What
    it was to serve is planned anew."""
    _require_ahead(campaign, visit, today)
    await _close(session, actor, visit, visit.on_day + timedelta(days=1), reason)
    await _change(session, actor, campaign, visit, VisitState.CANCELLED, reason)


async def postpone_visit(
    session: AsyncSession,
    actor: Actor,
    campaign: Campaign,
    visit: Visit,
    *,
    reason: str,
    until: date,
    today: date,
) -> None:
    """Put a visit of a locked campaign off: its community is not visited from its day on until
    `until`; the next plan gives it a new day."""
    _require_ahead(campaign, visit, today)
    if until <= visit.on_day:
        raise Invalid(
            issues=(
                Issue(
                    code="postponed_backwards",
                    pointer="/until",
                    detail=Text(zh="须晚于原定日期。", en="It must lie after the visit's day."),
                    remedy=Text(
                        zh="请填写可以重新安排的第一天。",
                        en="Give the first day on which it could be.",
                    ),
                ),
            )
        )
    await _close(session, actor, visit, until, reason)
    await _change(session, actor, campaign, visit, VisitState.POSTPONED, reason)


def _require_ahead(campaign: Campaign, visit: Visit, today: date) -> None:
    if campaign.state != CampaignState.ANNOUNCED or visit.state != VisitState.ANNOUNCED:
        raise Conflict(
            code="visit_not_announced",
            detail=Text(
                zh="该检查已取消、已延期，或联合检查已结束，不能再变更。",
                en="The visit was cancelled or put off, or its campaign is over; it cannot be "
                "changed.",
            ),
        )
    if visit.on_day < today:
        raise Conflict(
            code="visit_past",
            detail=Text(
                zh=f"该检查已于 {visit.on_day} 进行，不能再变更。",
                en=f"The visit was on {visit.on_day} and cannot be changed any more.",
            ),
        )


async def _close(
    session: AsyncSession, actor: Actor, visit: Visit, until: date, reason: str
) -> None:
    session.add(
        VisitClosure(
            district=visit.district,
            id=new_id(),
            campaign_id=visit.campaign_id,
            community_id=visit.community_id,
            visit_id=visit.id,
            starts_on=visit.on_day,
            ends_on=until,
            reason=reason,
            created_by=actor.id,
        )
    )
    await session.flush()


async def _change(
    session: AsyncSession,
    actor: Actor,
    campaign: Campaign,
    visit: Visit,
    state: VisitState,
    reason: str,
) -> None:
    before = visit.state
    visit.state = state.value
    visit.version += 1
    await session.flush()
    served = await session.scalars(
        select(VisitRequest.request_id).where(
            VisitRequest.visit_id == visit.id, VisitRequest.ended_on.is_(None)
        )
    )
    await record(
        session,
        actor,
        f"visit.{state.value}",
        ("visit", visit.id),
        before={"state": before, "on_day": str(visit.on_day)},
        after={"state": visit.state, "reason": reason},
    )
    change = Change.CANCELLED if state is VisitState.CANCELLED else Change.POSTPONED
    await tell(session, campaign, [Told(visit, change, frozenset(served))], reason)
