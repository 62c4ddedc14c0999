"""What the registry tells the other services."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.registry.models import Community, Street
from shared.contracts.subscriptions import COMMUNITY_RECORDED
from shared.events.outbox import emit


async def tell_of_communities(
    session: AsyncSession, district: str, communities: Sequence[Community]
) -> None:
    """Say of each community what it is now, within the transaction that changed it."""
    wanted = {community.street_id for community in communities}
    rows = await session.execute(
        select(Street.id, Street.code, Street.name).where(Street.id.in_(wanted))
    )
    streets = {row.id: row for row in rows}
    for community in communities:
        street = streets[community.street_id]
        await emit(
            session,
            district=district,
            type=COMMUNITY_RECORDED,
            subject=f"community/{community.id}",
            data={
                "id": str(community.id),
                "code": community.code,
                "name": community.name,
                "kind": community.kind,
                "state": community.state,
                "household_count": community.household_count,
                "street": {"id": str(street.id), "code": street.code, "name": street.name},
            },
        )
