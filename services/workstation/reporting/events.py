"""Volunteer teams, as this service needs them."""

from datetime import date
from uuid import UUID

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.reporting.models import VolunteerTeam


async def take_in_team(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """Keep what the committee service says a team is now."""
    data = event.get_data()
    assert isinstance(data, dict)
    ended_on = data["ended_on"]
    values = {
        "code": data["code"],
        "name": data["name"],
        "founded_on": date.fromisoformat(data["founded_on"]),
        "ended_on": None if ended_on is None else date.fromisoformat(ended_on),
    }
    await session.execute(
        insert(VolunteerTeam)
        .values(district=district, id=UUID(data["id"]), **values)
        .on_conflict_do_update(
            index_elements=[VolunteerTeam.district, VolunteerTeam.id],
            set_={**values, "updated_at": func.now()},
        )
    )
