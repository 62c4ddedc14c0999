"""The history of every procedure; append-only by privilege."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import DistrictKey, PlatformBase


class ProcedureStep(DistrictKey, PlatformBase):
    """One step that was taken: who, when, from where to where, why, and when the next is due."""

    __tablename__ = "procedure_step"
    __table_args__ = (
        Index("procedure_step_subject_idx", "district", "procedure", "subject_id", "id"),
    )

    procedure: Mapped[str]
    subject_id: Mapped[UUID]
    action: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor: Mapped[UUID | None]
    actor_kind: Mapped[str]
    reason: Mapped[str | None]
    due_on: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
