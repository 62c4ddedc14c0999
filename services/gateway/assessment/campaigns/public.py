"""What findings and results may ask of campaigns."""

from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.assessment.campaigns.domain import (
    CAMPAIGN,
    CampaignState,
    VisitFacts,
    VisitState,
)
from services.gateway.assessment.campaigns.models import Campaign, Visit, VisitRequest
from services.gateway.assessment.requests.models import Request
from services.gateway.assessment.standards.clock import by_clock_of
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act

__all__ = [
    "CAMPAIGN",
    "Campaign",
    "CampaignState",
    "Visit",
    "VisitFacts",
    "VisitRequest",
    "VisitState",
    "acting_on",
    "announced_visit",
    "by_clock_of_campaign",
    "locked_campaign",
]


async def announced_visit(session: AsyncConnection | AsyncSession, id: UUID) -> VisitFacts:
    """A visit that was announced. Raises NotFound for any other: it does not exist for anybody
    who assesses or is assessed."""
    query = (
        select(
            Visit.id, Visit.campaign_id, Campaign.state, Campaign.standard_id,
            Visit.community_id, Visit.on_day, Request.department_id,
        )
        .join(
            Campaign,
            and_(Campaign.district == Visit.district, Campaign.id == Visit.campaign_id),
        )
        .outerjoin(
            VisitRequest,
            and_(
                VisitRequest.district == Visit.district,
                VisitRequest.visit_id == Visit.id,
                VisitRequest.ended_on.is_(None),
            ),
        )
        .outerjoin(
            Request,
            and_(Request.district == Visit.district, Request.id == VisitRequest.request_id),
        )
        .where(Visit.id == id, Visit.state == VisitState.ANNOUNCED)
    )  # fmt: skip
    rows = (await session.execute(query)).all()
    if not rows:
        raise NotFound
    first = rows[0]
    return VisitFacts(
        first.id,
        first.campaign_id,
        CampaignState(first.state),
        first.standard_id,
        first.community_id,
        first.on_day,
        frozenset(row.department_id for row in rows if row.department_id is not None),
    )


async def by_clock_of_campaign(act: Act, id: UUID) -> Act:
    """The act on the campaign's day: that of its standard's clock. Raises NotFound."""
    standard_id = await act.session.scalar(select(Campaign.standard_id).where(Campaign.id == id))
    if standard_id is None:
        raise NotFound
    return await by_clock_of(act, standard_id)


async def acting_on(act: Act, id: UUID, *, shared: bool = False) -> tuple[Act, Campaign]:
    """A campaign under a row lock as in `locked_campaign`, and the act on its day."""
    found = await locked_campaign(act.session, id, shared=shared)
    return await by_clock_of(act, found.standard_id), found


async def locked_campaign(session: AsyncSession, id: UUID, *, shared: bool = False) -> Campaign:
    """A campaign under a row lock; `shared` ones wait only for those who change it. Raises
    NotFound."""
    query = select(Campaign).where(Campaign.id == id).with_for_update(read=shared)
    found = await session.scalar(query)
    if found is None:
        raise NotFound
    return found
