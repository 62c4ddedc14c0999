"""Delivering: from the sender's outbox into the receiver's inbox, in order per subject.

The receiver's handler runs in one transaction with its inbox row, so an event takes effect once
however often it is delivered. A handler that fails holds back its own subject only, and is tried
again with growing pauses for as long as it takes.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from shared.db.database import Database
from shared.events.models import InboxEvent, OutboxDelivery, OutboxEvent
from shared.events.outbox import DELIVER
from shared.jobs.queue import enqueue

Handler = Callable[[AsyncSession, str, CloudEvent], Awaitable[None]]
"""(session of the receiver, district, event); never commits."""

LONGEST_PAUSE = timedelta(minutes=10)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Receiver:
    """A service that takes events in: its database and a handler for each type."""

    name: str
    database: Database
    handlers: Mapping[str, Handler]


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts (1, 2, 4 … seconds, at most ten minutes)."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 20)), LONGEST_PAUSE)


async def deliver_due(source: str, sender: Database, receiver: Receiver, district: str) -> None:
    """Deliver all that is due from `source` to the receiver in one district.

    Any number of workers may run this at once: each takes a subject's oldest event under a row
    lock, and leaves locked ones to the others.
    """
    while await _deliver_one(source, sender, receiver, district):
        pass


async def _deliver_one(source: str, sender: Database, receiver: Receiver, district: str) -> bool:
    async with sender.transaction(district) as session:
        found = await _oldest_due(session, receiver.name, district)
        if found is None:
            return False
        delivery, event = found
        try:
            await _take_in(source, receiver, district, event)
        except Exception as error:
            delivery.attempts += 1
            pause = pause_after(delivery.attempts)
            delivery.due_at = func.now() + pause
            delivery.last_error = f"{type(error).__name__}: {error}"[:500]
            log.error(
                "event.delivery_failed",
                type=event.type,
                subject=event.subject,
                destination=receiver.name,
                attempts=delivery.attempts,
                error=type(error).__name__,
            )
            await enqueue(session, DELIVER, f"{district} {receiver.name}", after=pause)
            return True
        await session.execute(
            update(OutboxDelivery)
            .where(
                OutboxDelivery.district == district,
                OutboxDelivery.destination == receiver.name,
                OutboxDelivery.event_id == event.id,
            )
            .values(delivered_at=func.now(), last_error=None)
        )
        return True


async def _oldest_due(
    session: AsyncSession, destination: str, district: str
) -> tuple[OutboxDelivery, OutboxEvent] | None:
    earlier = aliased(OutboxDelivery)
    blocked = (
        select(1)
        .where(
            earlier.district == OutboxDelivery.district,
            earlier.destination == OutboxDelivery.destination,
            earlier.subject == OutboxDelivery.subject,
            earlier.delivered_at.is_(None),
            earlier.position < OutboxDelivery.position,
        )
        .exists()
    )
    row = (
        await session.execute(
            select(OutboxDelivery, OutboxEvent)
            .join(
                OutboxEvent,
                (OutboxEvent.district == OutboxDelivery.district)
                & (OutboxEvent.id == OutboxDelivery.event_id),
            )
            .where(
                OutboxDelivery.district == district,
                OutboxDelivery.destination == destination,
                OutboxDelivery.delivered_at.is_(None),
                OutboxDelivery.due_at <= func.now(),
                ~blocked,
            )
            .order_by(OutboxDelivery.position)
            .limit(1)
            .with_for_update(of=OutboxDelivery, skip_locked=True)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


async def _take_in(source: str, receiver: Receiver, district: str, event: OutboxEvent) -> None:
    async with receiver.database.transaction(district) as session:
        fresh = await session.execute(
            insert(InboxEvent)
            .values(district=district, event_id=event.id, type=event.type)
            .on_conflict_do_nothing()
            .returning(InboxEvent.event_id)
        )
        if fresh.scalar_one_or_none() is not None:
            await receiver.handlers[event.type](session, district, _cloud_event(source, event))


def _cloud_event(source: str, event: OutboxEvent) -> CloudEvent:
    attributes: dict[str, Any] = {
        "id": str(event.id),
        "source": f"/{source}",
        "type": event.type,
        "subject": event.subject,
        "time": event.time,
        "specversion": "1.0",
        "datacontenttype": "application/json",
    }
    return CloudEvent(attributes=attributes, data=event.data)
