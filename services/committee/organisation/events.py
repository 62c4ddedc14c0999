"""The registry's communities, as this service needs them."""

from uuid import UUID

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.organisation.models import Community


async def take_in_community(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """Keep what the registry says a community is now."""
    data = event.get_data()
    assert isinstance(data, dict)
    street = data["street"]
    values = {
        "code": data["code"],
        "name": data["name"],
        "kind": data["kind"],
        "state": data["state"],
        "household_count": data["household_count"],
        "street_id": UUID(street["id"]),
        "street_code": street["code"],
        "street_name": street["name"],
    }
    await session.execute(
        insert(Community)
        .values(district=district, id=UUID(data["id"]), **values)
        .on_conflict_do_update(
            index_elements=[Community.district, Community.id],
            set_={**values, "updated_at": func.now()},
        )
    )
