"""Queries of webhooks."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery
from services.gateway.webhooks.schemas import AttemptView, WebhookView
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.db.reading import the_row

SHOWN = tuple(getattr(Webhook, name) for name in WebhookView.model_fields)
"""Everything but the secrets."""


def webhooks(reach: Reach) -> Rows:
    """The webhooks of the caller's departments."""
    return select(*SHOWN).where(Webhook.department_id.in_(reach.departments))


def deliveries(reach: Reach, webhook_id: UUID) -> Rows:
    """The deliveries of one webhook within reach, and whether an attempt is `under_way`."""
    of = (Webhook.district == WebhookDelivery.district) & (Webhook.id == WebhookDelivery.webhook_id)
    under_way = func.coalesce(WebhookDelivery.claimed_until > func.now(), False)
    return (
        select(*WebhookDelivery.__table__.columns, under_way.label("under_way"))
        .join(Webhook, of)
        .where(
            WebhookDelivery.webhook_id == webhook_id, Webhook.department_id.in_(reach.departments)
        )
    )


async def require_webhook(session: AsyncConnection, reach: Reach, id: UUID) -> None:
    """Raises NotFound when the webhook is out of reach."""
    await the_row(session, webhooks(reach).where(Webhook.id == id))


async def log_of(session: AsyncConnection, delivery_id: UUID) -> list[AttemptView]:
    """A delivery's attempts, oldest first."""
    columns = [getattr(WebhookAttempt, name) for name in AttemptView.model_fields]
    rows = await session.execute(
        select(*columns)
        .where(WebhookAttempt.delivery_id == delivery_id)
        .order_by(WebhookAttempt.id)
    )
    return [AttemptView.model_validate(row, from_attributes=True) for row in rows]
