"""Telling departments: a delivery for each webhook that asked, in the caller's transaction."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import any_, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.webhooks.domain import EVENT_TYPES, DeliveryState, WebhookState
from services.gateway.webhooks.models import Webhook, WebhookDelivery
from shared.jobs.queue import enqueue
from shared.kernel.ids import new_id

DELIVER = "deliver_webhooks"


async def publish(
    session: AsyncSession,
    district: str,
    *,
    type: str,
    subject: str,
    data: Mapping[str, Any],
    departments: Collection[UUID],
) -> None:
    """Tell the departments' webhooks that subscribed to `type`, once the transaction commits.

    `type` must stand in `EVENT_TYPES`; `subject` orders. Only the departments named hear of it.
    """
    if type not in EVENT_TYPES:
        raise ValueError(f"unknown type of event: {type}")
    query = select(Webhook.id, Webhook.state).where(
        Webhook.department_id.in_(departments),
        literal(type) == any_(Webhook.event_types),
        Webhook.state != WebhookState.ENDED,
    )
    event_id = new_id()
    for row in (await session.execute(query.order_by(Webhook.id))).all():
        await add_delivery(session, district, row.id, event_id, type, subject, data)


async def subscribed(session: AsyncSession, type: str) -> set[UUID]:
    """Departments with a webhook for a type of event, for what costs something to tell."""
    query = select(Webhook.department_id).where(
        literal(type) == any_(Webhook.event_types), Webhook.state != WebhookState.ENDED
    )
    return set(await session.scalars(query))


async def add_delivery(
    session: AsyncSession,
    district: str,
    webhook_id: UUID,
    event_id: UUID,
    type: str,
    subject: str,
    data: Mapping[str, Any],
) -> UUID:
    """A delivery to one webhook; its id."""
    id = new_id()
    await session.execute(
        insert(WebhookDelivery).values(
            district=district,
            id=id,
            webhook_id=webhook_id,
            event_id=event_id,
            type=type,
            subject=subject,
            data=dict(data),
            state=DeliveryState.PENDING.value,
            attempts=0,
        )
    )
    await enqueue(session, DELIVER, f"{district} {webhook_id}")
    return id
