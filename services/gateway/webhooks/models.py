"""Tables of webhooks."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    TEXT,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Webhook(DistrictKey, Timestamps, Versioned, Base):
    """Where a department's system is told of which events. Secrets are sealed; the former one signs
    too until `former_until`."""

    __tablename__ = "webhook"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "department_id"], ["department.district", "department.id"]
        ),
        CheckConstraint("state IN ('active', 'suspended', 'disabled', 'ended')", name="state"),
        CheckConstraint("(former_secret IS NULL) = (former_until IS NULL)", name="former"),
        Index("webhook_department_idx", "district", "department_id", "id"),
    )

    department_id: Mapped[UUID]
    url: Mapped[str]
    event_types: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    description: Mapped[str]
    state: Mapped[str]
    due_on: Mapped[date | None]
    secret: Mapped[bytes]
    former_secret: Mapped[bytes | None]
    former_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    disabled_because: Mapped[str | None]
    created_by: Mapped[UUID | None]


class WebhookDelivery(DistrictKey, Base):
    """One event on its way to one webhook; `position` orders a subject's events.

    `due_at` is the next attempt's time. While a worker sends it, `claimed_until` lies ahead; one
    that dies gives it back by that.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        ForeignKeyConstraint(["district", "webhook_id"], ["webhook.district", "webhook.id"]),
        UniqueConstraint("district", "webhook_id", "event_id"),
        CheckConstraint("state IN ('pending', 'delivered', 'dead')", name="state"),
        CheckConstraint("claimed_until IS NULL OR state = 'pending'", name="claimed"),
        Index("webhook_delivery_log_idx", "district", "webhook_id", "id"),
        Index(
            "webhook_delivery_pending_idx",
            "district",
            "webhook_id",
            "subject",
            "position",
            postgresql_where=text("state = 'pending'"),
        ),
    )

    webhook_id: Mapped[UUID]
    event_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger, Identity())
    type: Mapped[str]
    subject: Mapped[str]
    data: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempts: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    claimed_until: Mapped[datetime | None]
    occurred_at: Mapped[datetime] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None]


class WebhookAttempt(DistrictKey, Base):
    """One attempt and what the endpoint answered; append-only by privilege."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "delivery_id"], ["webhook_delivery.district", "webhook_delivery.id"]
        ),
        Index("webhook_attempt_delivery_idx", "district", "delivery_id", "id"),
    )

    delivery_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    status: Mapped[int | None]
    error: Mapped[str | None]
    answer: Mapped[str]
    milliseconds: Mapped[int]
