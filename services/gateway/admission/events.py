"""What admission hears: the registry's communities, and what became of tasks."""

from uuid import UUID

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.admission.models import Community, DispatchCommunity, Item
from services.gateway.webhooks.public import TASK_SETTLED, publish
from shared.contracts.work import TaskConcluded


async def take_in_community(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """Keep what the registry says a community is now."""
    data = event.get_data()
    assert isinstance(data, dict)
    values = {
        "code": data["code"],
        "name": data["name"],
        "kind": data["kind"],
        "state": data["state"],
        "street_id": UUID(data["street"]["id"]),
        "street_name": data["street"]["name"],
    }
    await session.execute(
        insert(Community)
        .values(district=district, id=UUID(data["id"]), **values)
        .on_conflict_do_update(
            index_elements=[Community.district, Community.id],
            set_={**values, "updated_at": func.now()},
        )
    )


async def take_in_conclusion(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """Note what became of a task's money; freed money may be dispatched again."""
    told = TaskConcluded.model_validate(event.get_data())
    item = await session.scalar(select(Item).where(Item.id == told.item_id).with_for_update())
    part = await session.get_one(DispatchCommunity, (district, told.task_id))
    assert item is not None
    part.outcome = told.outcome
    if told.outcome == "freed":
        item.drawn -= told.amount
    await publish(
        session, district,
        type=TASK_SETTLED,
        subject=f"item/{item.id}",
        data=told.model_dump(mode="json"),
        departments=[item.department_id],
    )  # fmt: skip
