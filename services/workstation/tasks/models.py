"""Tables of tasks. Amounts are integer fen."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    TEXT,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.workstation.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


def _by_due_day(name: str, *columns: str) -> tuple[Index, Index]:
    """An index of all tasks in the order of a work list, and one of those that have not ended:
    what is open stays few while what is done grows from year to year."""
    ordered = ("district", *columns, "next_due_on", "id")
    still_open = text("concluded_on IS NULL")
    return Index(name, *ordered), Index(
        f"{name[:-4]}_open_idx", *ordered, postgresql_where=still_open
    )


class TaskDispatch(DistrictKey, Base):
    """What a department gave to communities, as the gateway admitted it."""

    __tablename__ = "task_dispatch"

    item_id: Mapped[UUID]
    item_code: Mapped[str]
    item_title: Mapped[str]
    department_id: Mapped[UUID]
    department_name: Mapped[str]
    title: Mapped[str]
    content: Mapped[str]
    standard: Mapped[str]
    dispatched_on: Mapped[date]
    due_on: Mapped[date]
    elements: Mapped[list[str]] = mapped_column(ARRAY(TEXT))


class Task(DistrictKey, Timestamps, Versioned, Base):
    """A community's part of a dispatch. `deadline` is the day by which the work is to be done,
    `due_on` the last day of the present step where it has a limit of its own, `next_due_on` the
    day that the one whose turn it is must keep."""

    __tablename__ = "task"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "dispatch_id"], ["task_dispatch.district", "task_dispatch.id"]
        ),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint(
            "state IN ('received', 'accepted', 'in_progress', 'submitted', 'sent_back', 'closed', "
            "'returned', 'withdrawn')",
            name="state",
        ),
        CheckConstraint(
            "(state IN ('closed', 'returned', 'withdrawn')) = (concluded_on IS NOT NULL)",
            name="concluded",
        ),
        CheckConstraint("cases >= 1 AND amount >= 0", name="amount"),
        *_by_due_day("task_due_idx"),
        *_by_due_day("task_community_idx", "community_id"),
        *_by_due_day("task_department_idx", "department_id"),
        Index("task_dispatch_idx", "district", "dispatch_id"),
        Index(
            "task_submitted_idx",
            "district",
            "department_id",
            "next_due_on",
            "id",
            postgresql_where=text("state = 'submitted'"),
        ),
    )

    dispatch_id: Mapped[UUID]
    community_id: Mapped[UUID]
    department_id: Mapped[UUID]
    cases: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)
    deadline: Mapped[date]
    state: Mapped[str]
    due_on: Mapped[date | None]
    next_due_on: Mapped[date]
    result: Mapped[str | None]
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    submitted_on: Mapped[date | None]
    concluded_on: Mapped[date | None]


class Evidence(DistrictKey, Base):
    """A file that shows what was done. One that was added by mistake is withdrawn; it stays."""

    __tablename__ = "task_evidence"
    __table_args__ = (
        ForeignKeyConstraint(["district", "task_id"], ["task.district", "task.id"]),
        Index(
            "task_evidence_content_idx",
            "district",
            "task_id",
            "sha256",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("task_evidence_task_idx", "district", "task_id", "id"),
    )

    task_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    scanned: Mapped[bool]
    added_by: Mapped[UUID | None]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None]


class Assistance(DistrictKey, Timestamps, Versioned, Base):
    """What a workstation asks of the community's residents' committee, which may decline
    (组织法 43)."""

    __tablename__ = "assistance"
    __table_args__ = (
        ForeignKeyConstraint(["district", "task_id"], ["task.district", "task.id"]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint(
            "state IN ('asked', 'accepted', 'declined', 'completed', 'cancelled')", name="state"
        ),
        Index("assistance_community_idx", "district", "community_id", "id"),
        Index("assistance_task_idx", "district", "task_id", "id"),
    )

    task_id: Mapped[UUID]
    community_id: Mapped[UUID]
    request: Mapped[str]
    wanted_by: Mapped[date]
    state: Mapped[str]
    due_on: Mapped[date | None]
    reply: Mapped[str | None]


class HallTask(DistrictKey, Timestamps, Versioned, Base):
    """A matter that the residents' talk hall handed over; its id is the handover's. `deadline` is
    the last day for its result, `due_on` that of the present step. Who raised it is not known
    here."""

    __tablename__ = "hall_task"
    __table_args__ = (
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint(
            "state IN ('received', 'in_progress', 'closed', 'returned', 'withdrawn')", name="state"
        ),
        CheckConstraint("state <> 'closed' OR result IS NOT NULL", name="result"),
        CheckConstraint("state <> 'returned' OR reason IS NOT NULL", name="reason"),
        Index("hall_task_community_idx", "district", "community_id", "deadline", "id"),
        Index("hall_task_deadline_idx", "district", "deadline", "id"),
    )

    community_id: Mapped[UUID]
    matter_id: Mapped[UUID]
    matter_code: Mapped[str]
    title: Mapped[str]
    content: Mapped[str]
    category: Mapped[str]
    place: Mapped[str]
    request: Mapped[str]
    handed_on: Mapped[date]
    deadline: Mapped[date]
    state: Mapped[str]
    due_on: Mapped[date | None]
    reason: Mapped[str | None]
    result: Mapped[str | None]
    concluded_on: Mapped[date | None]
