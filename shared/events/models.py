"""Outbox and inbox. Delivered and received rows are housekeeping; the audit keeps the acts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import DistrictKey, InDistrict, PlatformBase


class OutboxEvent(DistrictKey, PlatformBase):
    """An event that happened in this service."""

    __tablename__ = "outbox_event"

    type: Mapped[str]
    subject: Mapped[str]
    time: Mapped[datetime] = mapped_column(server_default=func.now())
    data: Mapped[dict[str, Any]]


class OutboxDelivery(InDistrict, PlatformBase):
    """One event on its way to one service; `position` orders a subject's events."""

    __tablename__ = "outbox_delivery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "event_id"],
            ["outbox_event.district", "outbox_event.id"],
            name="outbox_delivery_event_fkey",
        ),
        Index(
            "outbox_delivery_due_idx",
            "district",
            "destination",
            "subject",
            "position",
            postgresql_where=text("delivered_at IS NULL"),
        ),
    )

    destination: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, Identity())
    subject: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class InboxEvent(InDistrict, PlatformBase):
    """An event that this service has taken in; its key makes a second delivery void."""

    __tablename__ = "inbox_event"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
