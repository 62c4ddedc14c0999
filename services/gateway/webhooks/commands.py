"""Write use cases of webhooks."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity.public import Seal
from services.gateway.webhooks.domain import (
    ROTATION,
    TEST,
    WEBHOOK,
    DeliveryState,
    WebhookState,
)
from services.gateway.webhooks.models import Webhook, WebhookDelivery
from services.gateway.webhooks.publishing import DELIVER, add_delivery
from services.gateway.webhooks.secrets import new_secret, sealed
from shared.audit.record import Actor, record
from shared.auth.policy import Reach
from shared.auth.principal import Role
from shared.jobs.queue import enqueue
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.rulebook import Rulebook

MOST_WEBHOOKS = 20


async def locked_webhook(session: AsyncSession, reach: Reach, id: UUID) -> Webhook:
    """A webhook under a row lock. Raises NotFound when it is out of reach."""
    found = await session.scalar(select(Webhook).where(Webhook.id == id).with_for_update())
    if found is None or found.department_id not in reach.departments:
        raise NotFound
    return found


async def create(
    session: AsyncSession,
    actor: Actor,
    seal: Seal,
    *,
    department_id: UUID,
    url: str,
    event_types: Sequence[str],
    description: str,
) -> tuple[Webhook, bytes]:
    """Subscribe a department's endpoint; the webhook and its secret, which is shown this once.

    Raises Conflict `too_many_webhooks`.
    """
    having = await session.scalar(
        select(func.count())
        .select_from(Webhook)
        .where(Webhook.department_id == department_id, Webhook.state != WebhookState.ENDED)
    )
    if (having or 0) >= MOST_WEBHOOKS:
        raise Conflict(
            code="too_many_webhooks",
            detail=Text(
                zh=f"一个部门最多 {MOST_WEBHOOKS} 个 Webhook，请先终止不用的。",
                en=f"A department has at most {MOST_WEBHOOKS} webhooks. End one that is not used.",
            ),
        )
    id, secret = new_id(), new_secret()
    made = Webhook(
        district=actor.district,
        id=id,
        department_id=department_id,
        url=url,
        event_types=sorted(set(event_types)),
        description=description,
        state=WebhookState.ACTIVE.value,
        secret=sealed(seal, id, secret),
        created_by=actor.id,
    )
    session.add(made)
    await session.flush()
    await session.refresh(made, ["created_at"])
    told = {"url": url, "event_types": made.event_types, "department_id": str(department_id)}
    await record(session, actor, "webhook.created", ("webhook", id), after=told)
    return made, secret


async def change(
    session: AsyncSession,
    actor: Actor,
    webhook: Webhook,
    *,
    url: str | None,
    event_types: Sequence[str] | None,
    description: str | None,
) -> None:
    """Change a locked webhook; what is None stays. Raises Conflict once it has ended."""
    _require_not_ended(webhook)
    before = {"url": webhook.url, "event_types": webhook.event_types}
    webhook.url = url or webhook.url
    webhook.event_types = sorted(set(event_types or webhook.event_types))
    webhook.description = webhook.description if description is None else description
    webhook.version += 1
    await session.flush()
    after = {"url": webhook.url, "event_types": webhook.event_types}
    await record(
        session, actor, "webhook.changed", ("webhook", webhook.id), before=before, after=after
    )


async def rotate_secret(session: AsyncSession, actor: Actor, seal: Seal, webhook: Webhook) -> bytes:
    """A new secret for a locked webhook; for a day what is sent is signed with the former one
    too. Raises Conflict once it has ended."""
    _require_not_ended(webhook)
    secret = new_secret()
    webhook.former_secret, webhook.former_until = webhook.secret, datetime.now(UTC) + ROTATION
    webhook.secret = sealed(seal, webhook.id, secret)
    webhook.version += 1
    await session.flush()
    await record(session, actor, "webhook.secret_rotated", ("webhook", webhook.id))
    return secret


async def step(
    session: AsyncSession,
    actor: Actor,
    webhook: Webhook,
    action: str,
    *,
    by: Collection[Role],
    rulebook: Rulebook,
) -> None:
    """Suspend, resume or end a locked webhook; resumed, it gets what has waited for it."""
    now = datetime.now(UTC)
    await take(session, actor, WEBHOOK, webhook, action, by=by, rulebook=rulebook, today=now.date())
    if action == "resumption":
        webhook.failing_since = webhook.disabled_because = None
        await enqueue(session, DELIVER, f"{actor.district} {webhook.id}")


async def send_test(session: AsyncSession, actor: Actor, webhook: Webhook) -> UUID:
    """Send a test to a locked webhook; the id of the delivery. Raises Conflict once it has
    ended."""
    _require_not_ended(webhook)
    await record(session, actor, "webhook.tested", ("webhook", webhook.id))
    return await add_delivery(
        session, actor.district, webhook.id, new_id(), TEST, f"webhook/{webhook.id}",
        {"webhook_id": str(webhook.id)},
    )  # fmt: skip


async def replay(session: AsyncSession, actor: Actor, webhook: Webhook, id: UUID) -> None:
    """Send a delivery of a locked webhook again, with the same `webhook-id`, so that a receiver
    that has it already knows it. Raises NotFound, and Conflict while it is still being sent."""
    found = await session.scalar(
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.id == id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    _require_not_ended(webhook)
    if found.state == DeliveryState.PENDING:
        raise Conflict(
            code="delivery_pending",
            detail=Text(
                zh="该推送仍在投递中，无需重放。",
                en="This delivery is still being sent and needs no replay.",
            ),
        )
    found.state, found.attempts, found.due_at = DeliveryState.PENDING.value, 0, func.now()
    await session.flush()
    await record(
        session, actor, "webhook.delivery_replayed", ("webhook", webhook.id), after={"delivery": id}
    )
    await enqueue(session, DELIVER, f"{actor.district} {webhook.id}")


def _require_not_ended(webhook: Webhook) -> None:
    if webhook.state == WebhookState.ENDED:
        raise Conflict(
            code="webhook_ended",
            detail=Text(
                zh="该 Webhook 已终止。请新建一个。",
                en="This webhook has ended. Create another.",
            ),
        )
