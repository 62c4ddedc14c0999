"""Delivering: oldest first within a subject, again and again for three days, then kept as dead.

A delivery is claimed for a while (`claimed_until`) and sent outside any transaction, so that a slow
endpoint holds no connection; a worker that dies gives its claim back by that time.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.gateway.identity.public import Seal
from services.gateway.rulebook import RULES
from services.gateway.webhooks.domain import (
    WEBHOOK,
    WEBHOOK_DISABLED,
    DeliveryState,
    WebhookState,
    disabled_because,
    pause_after,
)
from services.gateway.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery
from services.gateway.webhooks.publishing import DELIVER, publish
from services.gateway.webhooks.secrets import in_use
from services.gateway.webhooks.sending import Outcome, Sender
from shared.audit.record import Actor
from shared.db.database import Database
from shared.db.districts import district_codes
from shared.jobs.queue import enqueue
from shared.kernel.ids import new_id
from shared.procedures.taking import take
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.rulebook import Rulebook

CLAIM = timedelta(seconds=60)
MOST_IN_A_RUN = 200
RUNS_A_WEBHOOK = 4
"""In a process: how many subjects of one endpoint are sent side by side."""
TRANSACTIONS_AT_ONCE = 2
"""In a process, whose few connections other work needs too; waiting for one has a time limit."""
RULEBOOK = Rulebook.from_files(*COMMON, *RULES)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this worker sends, with all that sending needs."""

    id: UUID
    webhook_id: UUID
    url: str
    secrets: list[bytes]
    until: datetime
    attempts: int
    event_id: UUID
    event: CloudEvent


@dataclass(slots=True)
class Runs:
    """Runs of one webhook's delivery in this process: how many, and whether to look again."""

    count: int = 0
    asked: bool = False


class Deliverer:
    """Delivers one installation's webhooks; any number may run at once."""

    def __init__(self, database: Database, sender: Sender, seal: Seal) -> None:
        self._database, self._sender, self._seal = database, sender, seal
        self._gate = asyncio.Semaphore(TRANSACTIONS_AT_ONCE)
        self._under_way: dict[str, Runs] = {}

    async def deliver(self, payload: str) -> None:
        """The job: send what is due to one webhook, `district webhook-id`.

        There is a job for each event. When enough of a webhook's are under way in this process,
        one more only has them look once more before they end.
        """
        runs = self._under_way.setdefault(payload, Runs())
        runs.asked = True
        if runs.count >= RUNS_A_WEBHOOK:
            return
        runs.count += 1
        try:
            while runs.asked:
                runs.asked = False
                await self._run(payload)
        finally:
            runs.count -= 1
            if not runs.count:
                self._under_way.pop(payload, None)

    async def _run(self, payload: str) -> None:
        district, _, webhook_id = payload.partition(" ")
        for _ in range(MOST_IN_A_RUN):
            if not await self._deliver_one(district, UUID(webhook_id)):
                return
        async with self._transaction(district) as session:
            await enqueue(session, DELIVER, payload)

    @asynccontextmanager
    async def _transaction(self, district: str) -> AsyncIterator[AsyncSession]:
        async with self._gate, self._database.transaction(district) as session:
            yield session

    async def sweep(self) -> None:
        """Ask for the delivery of whatever is due, so that nothing waits for a job that was
        lost."""
        for district in await district_codes(self._database):
            async with self._database.transaction(district) as session:
                due = select(WebhookDelivery.webhook_id).join(Webhook, _OF).where(*_DUE)
                for webhook_id in (await session.scalars(due.distinct())).all():
                    await enqueue(session, DELIVER, f"{district} {webhook_id}")

    async def _deliver_one(self, district: str, webhook_id: UUID) -> bool:
        now = datetime.now(UTC)
        async with self._transaction(district) as session:
            claimed = await self._claim(session, webhook_id, now)
        if claimed is None:
            return False
        outcome = await self._sender.send(
            claimed.url, claimed.secrets, claimed.event, claimed.event_id, now
        )
        async with self._transaction(district) as session:
            await _settle(session, district, claimed, outcome)
        return True

    async def _claim(
        self, session: AsyncSession, webhook_id: UUID, now: datetime
    ) -> Claimed | None:
        earlier = aliased(WebhookDelivery)
        blocked = (
            select(1)
            .where(
                earlier.district == WebhookDelivery.district,
                earlier.webhook_id == WebhookDelivery.webhook_id,
                earlier.subject == WebhookDelivery.subject,
                earlier.state == DeliveryState.PENDING,
                earlier.position < WebhookDelivery.position,
            )
            .exists()
        )
        row = (
            await session.execute(
                select(WebhookDelivery, Webhook)
                .join(Webhook, _OF)
                .where(WebhookDelivery.webhook_id == webhook_id, *_DUE, ~blocked)
                .order_by(WebhookDelivery.position)
                .limit(1)
                .with_for_update(of=WebhookDelivery, skip_locked=True)
            )
        ).one_or_none()
        if row is None:
            return None
        delivery, webhook = row
        delivery.attempts += 1
        delivery.claimed_until = func.now() + CLAIM
        await session.flush()
        await session.refresh(delivery, ["claimed_until"])
        assert delivery.claimed_until is not None
        return Claimed(
            id=delivery.id,
            webhook_id=webhook.id,
            url=webhook.url,
            secrets=in_use(self._seal, webhook, now),
            until=delivery.claimed_until,
            attempts=delivery.attempts,
            event_id=delivery.event_id,
            event=_cloud_event(delivery),
        )


_OF = (Webhook.district == WebhookDelivery.district) & (Webhook.id == WebhookDelivery.webhook_id)
_DUE = (
    WebhookDelivery.state == DeliveryState.PENDING,
    WebhookDelivery.due_at <= func.now(),
    func.coalesce(WebhookDelivery.claimed_until <= func.now(), True),
    Webhook.state == WebhookState.ACTIVE,
)


async def _settle(session: AsyncSession, district: str, claimed: Claimed, outcome: Outcome) -> None:
    """Write what came of an attempt, unless the claim was lost to another worker meanwhile."""
    pause = pause_after(claimed.attempts, outcome.retry_after)
    given_up = not outcome.taken and pause is None
    state = DeliveryState.PENDING
    if outcome.taken or given_up:
        state = DeliveryState.DELIVERED if outcome.taken else DeliveryState.DEAD
    kept = await session.scalar(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.id == claimed.id,
            WebhookDelivery.claimed_until == claimed.until,
        )
        .values(
            state=state.value,
            due_at=func.now() + (pause or timedelta()),
            claimed_until=None,
            delivered_at=func.now() if outcome.taken else None,
        )
        .returning(WebhookDelivery.id)
    )
    session.add(
        WebhookAttempt(
            district=district,
            id=new_id(),
            delivery_id=claimed.id,
            status=outcome.status,
            error=outcome.error,
            answer=outcome.answer,
            milliseconds=outcome.milliseconds,
        )
    )
    if kept is None:
        return
    if state is DeliveryState.PENDING:
        await enqueue(session, DELIVER, f"{district} {claimed.webhook_id}", after=pause)
    await _judge_endpoint(session, district, claimed.webhook_id, outcome, given_up=given_up)


async def _judge_endpoint(
    session: AsyncSession, district: str, webhook_id: UUID, outcome: Outcome, *, given_up: bool
) -> None:
    of = Webhook.id == webhook_id
    if outcome.taken:
        mended = update(Webhook).where(of, Webhook.failing_since.is_not(None))
        await session.execute(mended.values(failing_since=None))
        return
    webhook = await session.scalar(select(Webhook).where(of).with_for_update())
    assert webhook is not None
    now = datetime.now(UTC)
    webhook.failing_since = webhook.failing_since or now
    because = disabled_because(
        outcome.status, given_up=given_up, failing_since=webhook.failing_since, now=now
    )
    if because is None or webhook.state != WebhookState.ACTIVE:
        return
    webhook.disabled_because = because.value
    platform = Actor.platform(district)
    await take(
        session, platform, WEBHOOK, webhook, "disabling",
        by=None, rulebook=RULEBOOK, today=now.date(), reason=because.value,
    )  # fmt: skip
    await publish(
        session, district,
        type=WEBHOOK_DISABLED,
        subject=f"webhook/{webhook.id}",
        data={"webhook_id": str(webhook.id), "url": webhook.url, "because": because.value},
        departments=[webhook.department_id],
    )  # fmt: skip


def _cloud_event(delivery: WebhookDelivery) -> CloudEvent:
    attributes: dict[str, Any] = {
        "id": str(delivery.event_id),
        "source": f"/districts/{delivery.district}",
        "type": delivery.type,
        "subject": delivery.subject,
        "time": delivery.occurred_at,
        "specversion": "1.0",
        "datacontenttype": "application/json",
    }
    return CloudEvent(attributes=attributes, data=delivery.data)
