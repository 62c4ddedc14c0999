"""Tables of the ledger."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    TEXT,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from services.workstation.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned

_LATEST = ("recorded_on", "id")


class LedgerElement(DistrictKey, Timestamps, Versioned, Base):
    """A data element of the catalogue. `differs_because` says why it stands beside a similar one."""

    __tablename__ = "ledger_element"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        CheckConstraint(
            "type IN ('integer', 'decimal', 'boolean', 'text', 'choice', 'date')", name="type"
        ),
        CheckConstraint("scope IN ('community', 'household', 'resident')", name="scope"),
        CheckConstraint(
            "frequency IN ('once', 'year', 'half_year', 'quarter', 'month')", name="frequency"
        ),
        CheckConstraint("(type = 'choice') = (cardinality(choices) > 0)", name="choices"),
        CheckConstraint("validity_days BETWEEN 1 AND 3660", name="validity"),
        CheckConstraint("owner_kind IN ('department', 'workstation', 'committee')", name="owner"),
        CheckConstraint(
            "(owner_kind = 'department') = (owner_department_id IS NOT NULL)",
            name="owner_department",
        ),
        CheckConstraint("(ended_on IS NULL) = (ended_because IS NULL)", name="ended"),
        Index("ledger_element_owner_idx", "district", "owner_department_id", "id"),
    )

    code: Mapped[str]
    title: Mapped[str]
    definition: Mapped[str]
    type: Mapped[str]
    unit: Mapped[str | None]
    scope: Mapped[str]
    frequency: Mapped[str]
    validity_days: Mapped[int | None]
    choices: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    owner_kind: Mapped[str]
    owner_department_id: Mapped[UUID | None]
    owner_name: Mapped[str]
    differs_because: Mapped[str | None]
    ended_on: Mapped[date | None]
    ended_because: Mapped[str | None]


class LedgerEntry(DistrictKey, Base):
    """One value of an element for one subject and period. A correction is a new entry that ends
    the old one, which stays with who ended it, when and why. `subject_id` is the community's, the
    household's or the resident's id."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "element_id"], ["ledger_element.district", "ledger_element.id"]
        ),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        ForeignKeyConstraint(["district", "household_id"], ["household.district", "household.id"]),
        ForeignKeyConstraint(["district", "resident_id"], ["resident.district", "resident.id"]),
        CheckConstraint("source IN ('person', 'import', 'task')", name="source"),
        CheckConstraint("(source = 'task') = (task_id IS NOT NULL)", name="task"),
        CheckConstraint(
            "subject_id = coalesce(resident_id, household_id, community_id)", name="subject"
        ),
        CheckConstraint("valid_until >= recorded_on", name="validity"),
        CheckConstraint(
            "(ended_on IS NULL) = (ended_because IS NULL) AND ended_on >= recorded_on",
            name="ended",
        ),
        CheckConstraint("superseded_by IS NULL OR ended_on IS NOT NULL", name="superseded"),
        Index(
            "ledger_entry_current_idx",
            "district",
            "element_id",
            "subject_id",
            "period",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ledger_entry_element_idx", "district", "element_id", *_LATEST),
        Index("ledger_entry_community_idx", "district", "community_id", "element_id", *_LATEST),
        Index("ledger_entry_period_idx", "district", "period", "element_id", *_LATEST),
        Index("ledger_entry_subject_idx", "district", "element_id", "subject_id", *_LATEST),
    )

    element_id: Mapped[UUID]
    community_id: Mapped[UUID]
    household_id: Mapped[UUID | None]
    resident_id: Mapped[UUID | None]
    subject_id: Mapped[UUID]
    period: Mapped[str]
    value: Mapped[str]
    recorded_on: Mapped[date]
    valid_until: Mapped[date | None]
    source: Mapped[str]
    task_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    recorded_by: Mapped[UUID | None]
    recorded_by_kind: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ended_because: Mapped[str | None]
    superseded_by: Mapped[UUID | None]


class LedgerEvidence(DistrictKey, Base):
    """A file that shows what an entry says; append-only by privilege."""

    __tablename__ = "ledger_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "entry_id"], ["ledger_entry.district", "ledger_entry.id"]
        ),
        Index("ledger_evidence_entry_idx", "district", "entry_id", "id"),
    )

    entry_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    scanned: Mapped[bool]
    added_by: Mapped[UUID | None]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LedgerGrant(DistrictKey, Versioned, Base):
    """That a department may read an element, for a purpose, up to and including `ends_on`."""

    __tablename__ = "ledger_grant"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "element_id"], ["ledger_element.district", "ledger_element.id"]
        ),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("(revoked_on IS NULL) = (revoked_because IS NULL)", name="revoked"),
        Index("ledger_grant_department_idx", "district", "department_id", "id"),
        Index("ledger_grant_element_idx", "district", "element_id", "id"),
    )

    department_id: Mapped[UUID]
    element_id: Mapped[UUID]
    purpose: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    granted_by: Mapped[UUID | None]
    granted_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_on: Mapped[date | None]
    revoked_because: Mapped[str | None]


class LedgerRead(DistrictKey, Base):
    """That a department read values of an element: who, of whom, what for; append-only by
    privilege. `rows` counts the entries shown, `communities` are those of them."""

    __tablename__ = "ledger_read"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "element_id"], ["ledger_element.district", "ledger_element.id"]
        ),
        Index("ledger_read_element_idx", "district", "element_id", "id"),
    )

    element_id: Mapped[UUID]
    department_id: Mapped[UUID]
    grant_id: Mapped[UUID | None]
    purpose: Mapped[str]
    reader: Mapped[UUID | None]
    reader_kind: Mapped[str]
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    communities: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)))
    rows: Mapped[int]
    read_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LedgerForm(DistrictKey, Timestamps, Versioned, Base):
    """A department's request for values. `sheet` is its own workbook's layout, None for a list;
    `remaining` counts the cells whose question is open, the others how the cells were filled."""

    __tablename__ = "ledger_form"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'open', 'filled', 'cancelled')", name="state"),
        CheckConstraint(
            "from_ledger >= 0 AND joined >= 0 AND asked >= 0 AND remaining >= 0 "
            "AND remaining <= joined + asked",
            name="counts",
        ),
        CheckConstraint("state <> 'filled' OR remaining = 0", name="filled"),
        Index("ledger_form_department_idx", "district", "department_id", "id"),
        Index("ledger_form_asked_idx", "district", "asked_on"),
    )

    department_id: Mapped[UUID]
    title: Mapped[str]
    purpose: Mapped[str]
    as_of: Mapped[date]
    state: Mapped[str]
    due_on: Mapped[date | None]
    sheet: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    asked_on: Mapped[date | None]
    filled_on: Mapped[date | None]
    from_ledger: Mapped[int]
    joined: Mapped[int]
    asked: Mapped[int]
    remaining: Mapped[int]
    created_by: Mapped[UUID | None]


class LedgerQuestion(DistrictKey, Base):
    """What the owner of an element is asked for a community and period, once for all forms that
    want it; open until an entry answers it or nobody wants it any more."""

    __tablename__ = "ledger_question"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "element_id"], ["ledger_element.district", "ledger_element.id"]
        ),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        ForeignKeyConstraint(
            ["district", "entry_id"], ["ledger_entry.district", "ledger_entry.id"]
        ),
        CheckConstraint("(entry_id IS NULL) = (answered_on IS NULL)", name="answered"),
        CheckConstraint("entry_id IS NULL OR withdrawn_on IS NULL", name="closed"),
        Index(
            "ledger_question_open_idx",
            "district",
            "element_id",
            "community_id",
            "period",
            unique=True,
            postgresql_where=text("entry_id IS NULL AND withdrawn_on IS NULL"),
        ),
        Index("ledger_question_community_idx", "district", "community_id", "due_on", "id"),
        Index("ledger_question_due_idx", "district", "due_on", "id"),
    )

    element_id: Mapped[UUID]
    community_id: Mapped[UUID]
    period: Mapped[str]
    asked_on: Mapped[date]
    due_on: Mapped[date]
    entry_id: Mapped[UUID | None]
    answered_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]


class LedgerFormCell(DistrictKey, Base):
    """A value that a form asks for: answered by an entry, or waiting for a question, never
    both."""

    __tablename__ = "ledger_form_cell"
    __table_args__ = (
        UniqueConstraint(
            "district",
            "form_id",
            "element_id",
            "community_id",
            "period",
            name="ledger_form_cell_place_key",
        ),
        ForeignKeyConstraint(["district", "form_id"], ["ledger_form.district", "ledger_form.id"]),
        ForeignKeyConstraint(
            ["district", "element_id"], ["ledger_element.district", "ledger_element.id"]
        ),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        ForeignKeyConstraint(
            ["district", "entry_id"], ["ledger_entry.district", "ledger_entry.id"]
        ),
        ForeignKeyConstraint(
            ["district", "question_id"], ["ledger_question.district", "ledger_question.id"]
        ),
        CheckConstraint("(entry_id IS NULL) <> (question_id IS NULL)", name="once"),
        CheckConstraint(
            "how IN ('ledger', 'joined', 'asked') AND (how = 'ledger') = (entry_id IS NOT NULL)",
            name="how",
        ),
        Index("ledger_form_cell_question_idx", "district", "question_id"),
    )

    form_id: Mapped[UUID]
    element_id: Mapped[UUID]
    community_id: Mapped[UUID]
    period: Mapped[str]
    how: Mapped[str]
    entry_id: Mapped[UUID | None]
    question_id: Mapped[UUID | None]
