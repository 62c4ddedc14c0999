"""Telling the departments' systems of results; what each may see of them it fetches itself."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.campaigns.models import CampaignRequest
from services.gateway.assessment.campaigns.public import Campaign
from services.gateway.assessment.requests.models import Request
from services.gateway.webhooks.public import RESULTS_FINAL, RESULTS_PUBLISHED, publish


async def published(
    session: AsyncSession, campaign: Campaign, results: int, objections_until: date
) -> None:
    """Results stand open to objection."""
    await publish(
        session,
        campaign.district,
        type=RESULTS_PUBLISHED,
        subject=f"campaign/{campaign.id}",
        data={
            "campaign_id": str(campaign.id),
            "title": campaign.title,
            "results": results,
            "objections_until": objections_until.isoformat(),
        },
        departments=await _departments(session, campaign.id),
    )


async def final(
    session: AsyncSession, district: str, campaign_id: UUID, communities: Collection[UUID]
) -> None:
    """Results are final and may be shared."""
    await publish(
        session,
        district,
        type=RESULTS_FINAL,
        subject=f"campaign/{campaign_id}",
        data={
            "campaign_id": str(campaign_id),
            "communities": [str(one) for one in communities],
            "shared_results": f"/v1/assessment/shared-results?campaign_id={campaign_id}",
        },
        departments=await _departments(session, campaign_id),
    )


async def _departments(session: AsyncSession, campaign_id: UUID) -> Collection[UUID]:
    query = (
        select(Request.department_id)
        .distinct()
        .join(
            CampaignRequest,
            and_(
                CampaignRequest.district == Request.district,
                CampaignRequest.request_id == Request.id,
            ),
        )
        .where(CampaignRequest.campaign_id == campaign_id)
    )
    return (await session.scalars(query)).all()
