"""The audit table: the services' roles may add to it and read it, never change it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import DistrictKey, PlatformBase


class AuditEvent(DistrictKey, PlatformBase):
    """One governing act: who, when, what, on what, and what it changed."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("audit_event_subject_idx", "district", "subject_kind", "subject_id", "id"),
        Index("audit_event_actor_idx", "district", "actor", "id"),
    )

    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[UUID | None]
    actor_kind: Mapped[str]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    purpose: Mapped[str | None]
    request_id: Mapped[str]
