"""Overrides of rules, as the gateway tells them to the other services."""

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.rules import OverrideRecorded
from shared.rulebook.models import RuleOverride


async def take_in_override(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """Keep a district's override as the gateway says it is now."""
    values = OverrideRecorded.model_validate(event.get_data()).model_dump()
    changing = ("until", "withdrawn_at", "withdrawn_because")
    await session.execute(
        insert(RuleOverride)
        .values(district=district, **values)
        .on_conflict_do_update(
            index_elements=[RuleOverride.district, RuleOverride.id],
            set_={name: values[name] for name in changing},
        )
    )
