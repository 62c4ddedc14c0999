"""Emitting an event: a row in the transaction of what it tells, and a job that delivers it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.subscriptions import SUBSCRIBERS
from shared.events.models import OutboxDelivery, OutboxEvent
from shared.jobs.queue import enqueue
from shared.kernel.ids import new_id

DELIVER = "deliver_events"
_WOKEN = "events.deliveries_enqueued"


async def emit(
    session: AsyncSession, *, district: str, type: str, subject: str, data: Mapping[str, Any]
) -> None:
    """Tell every subscribed service, once the transaction commits.

    `type` must stand in `shared.contracts.subscriptions`; `subject` orders: events of one subject
    arrive in the order in which they were emitted.
    """
    event_id = new_id()
    await session.execute(
        insert(OutboxEvent).values(
            district=district, id=event_id, type=type, subject=subject, data=dict(data)
        )
    )
    woken: set[tuple[str, str]] = session.info.setdefault(_WOKEN, set())
    for destination in SUBSCRIBERS[type]:
        await session.execute(
            insert(OutboxDelivery).values(
                district=district,
                destination=destination,
                event_id=event_id,
                subject=subject,
                attempts=0,
            )
        )
        if (district, destination) not in woken:
            woken.add((district, destination))
            await enqueue(session, DELIVER, f"{district} {destination}")
