"""Telling the departments' systems of results."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.campaigns.models import CampaignRequest
from services.gateway.assessment.campaigns.public import Campaign
from services.gateway.assessment.requests.models import Request
from services.gateway.assessment.results import sharing
from services.gateway.assessment.results.models import Result
from services.gateway.assessment.standards.domain import COVERING, Relation
from services.gateway.webhooks.public import (
    RESULTS_FINAL,
    RESULTS_PUBLISHED,
    RESULTS_SHARED,
    publish,
    subscribed,
)


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
    """Results are final and may be shared: which communities', to all departments of the campaign,
    and what each asked for in each community, by its own codes, to itself."""
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
    await _shared(session, district, campaign_id, communities)


async def _shared(
    session: AsyncSession, district: str, campaign_id: UUID, communities: Collection[UUID]
) -> None:
    departments = await subscribed(session, RESULTS_SHARED)
    if not departments:
        return
    query = sharing.shared_results(departments).where(
        Result.campaign_id == campaign_id, Result.community_id.in_(communities)
    )
    told: dict[tuple[UUID, UUID], list[Any]] = {}
    for row in await session.execute(query.order_by(*sharing.ORDER)):
        told.setdefault((row.department_id, row.community_id), []).append(row)
    for (department, community), rows in told.items():
        await publish(
            session,
            district,
            type=RESULTS_SHARED,
            subject=f"campaign/{campaign_id}",
            data={
                "campaign_id": str(campaign_id),
                "community_id": str(community),
                "community_name": rows[0].community_name,
                "results": [_row(row) for row in rows],
            },
            departments=[department],
        )


def _row(row: Any) -> dict[str, Any]:
    kept = ("reference", "code", "title", "relation", "item_code", "value", "share", "source")
    return {
        **{name: getattr(row, name) for name in kept},
        "complete": Relation(row.relation) in COVERING,
        "found_on": row.found_on.isoformat(),
        "valid_until": row.valid_until.isoformat(),
    }


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
        .where(CampaignRequest.campaign_id == campaign_id, CampaignRequest.ended_on.is_(None))
    )
    return (await session.scalars(query)).all()
