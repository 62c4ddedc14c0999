"""Telling departments which of their visits an announcement or a change concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.admission.public import Community
from services.gateway.assessment.campaigns import repository
from services.gateway.assessment.campaigns.domain import Change
from services.gateway.assessment.campaigns.models import Campaign, Visit
from services.gateway.webhooks.public import CAMPAIGN_ANNOUNCED, publish
from shared.contracts.assessment import CampaignAnnounced, VisitTold


@dataclass(frozen=True, slots=True)
class Told:
    """A visit, what was changed about it, and whose requests it concerns."""

    visit: Visit
    change: Change
    requests: frozenset[UUID]


async def tell(
    session: AsyncSession, campaign: Campaign, changes: Sequence[Told], reason: str | None
) -> None:
    """Tell each department of those visits that serve a request of its own, and of no other."""
    if not changes:
        return
    ids = {id for one in changes for id in one.requests}
    requests = await repository.requests_named(session, ids)
    query = select(Community.id, Community.name).where(
        Community.id.in_({one.visit.community_id for one in changes})
    )
    names: dict[UUID, str] = {row.id: row.name for row in await session.execute(query)}
    for department in sorted({one.department_id for one in requests.values()}):
        own = {id for id, one in requests.items() if one.department_id == department}
        told = CampaignAnnounced(
            campaign_id=campaign.id,
            title=campaign.title,
            state=campaign.state,
            document=campaign.document,
            reason=reason,
            visits=list(_of(own, changes, names, {id: requests[id].reference for id in own})),
        )
        await publish(
            session,
            campaign.district,
            type=CAMPAIGN_ANNOUNCED,
            subject=f"campaign/{campaign.id}",
            data=told.model_dump(mode="json"),
            departments=[department],
        )


def _of(
    own: set[UUID], changes: Sequence[Told], names: dict[UUID, str], references: dict[UUID, str]
) -> Iterable[VisitTold]:
    for one in changes:
        concerned = own & one.requests
        if concerned:
            yield VisitTold(
                visit_id=one.visit.id,
                community_id=one.visit.community_id,
                community_name=names[one.visit.community_id],
                on_day=one.visit.on_day,
                change=one.change.value,
                requests=sorted(references[id] for id in concerned),
            )
