"""Tables of the unified standard. Weights are hundredths of a point."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from services.gateway.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Standard(DistrictKey, Timestamps, Versioned, Base):
    """A version of a standard. `draft` holds its items until it is published; then they are rows
    that the service may neither change nor delete. `demo` marks a demonstration; `demo_today` is the
    day of its own clock, null where it goes by the calendar."""

    __tablename__ = "assessment_standard"
    __table_args__ = (
        UniqueConstraint("district", "code", "number"),
        CheckConstraint(
            "state IN ('draft', 'abandoned', 'published', 'superseded', 'retired')", name="state"
        ),
        CheckConstraint(
            "state IN ('draft', 'abandoned') OR (published_on IS NOT NULL AND coalesce(document, '') <> '')",
            name="published",
        ),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("demo OR demo_today IS NULL", name="demo"),
        Index(
            "assessment_standard_draft_idx",
            "district",
            "code",
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "assessment_standard_published_idx",
            "district",
            "code",
            unique=True,
            postgresql_where=text("state = 'published'"),
        ),
    )

    code: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    basis: Mapped[str]
    draft: Mapped[list[Any]]
    state: Mapped[str]
    due_on: Mapped[date | None]
    published_on: Mapped[date | None]
    document: Mapped[str | None]
    created_by: Mapped[UUID | None]
    demo: Mapped[bool]
    demo_today: Mapped[date | None]


class StandardItem(DistrictKey, Base):
    """An item of a published version; append-only. `origin_id` is its first row's with the same
    measure."""

    __tablename__ = "assessment_item"
    __table_args__ = (
        UniqueConstraint("district", "standard_id", "code"),
        ForeignKeyConstraint(
            ["district", "standard_id"], ["assessment_standard.district", "assessment_standard.id"]
        ),
        CheckConstraint("kind IN ('boolean', 'ratio', 'scale', 'count')", name="kind"),
        CheckConstraint("weight > 0 AND weight <= 10000", name="weight"),
        CheckConstraint("zero_at <> full_at", name="measure"),
        CheckConstraint(
            "verification IN ('ledger', 'on_site', 'residents') AND "
            "(verification = 'ledger') = (element IS NOT NULL)",
            name="verification",
        ),
        CheckConstraint("NOT veto OR legal_basis <> ''", name="veto"),
        CheckConstraint("validity_days >= 0", name="validity"),
        Index("assessment_item_origin_idx", "district", "origin_id"),
    )

    standard_id: Mapped[UUID]
    position: Mapped[int]
    origin_id: Mapped[UUID]
    code: Mapped[str]
    title: Mapped[str]
    subject: Mapped[str]
    kind: Mapped[str]
    weight: Mapped[int]
    zero_at: Mapped[int]
    full_at: Mapped[int]
    verification: Mapped[str]
    element: Mapped[str | None]
    two_person: Mapped[bool]
    veto: Mapped[bool]
    validity_days: Mapped[int]
    legal_basis: Mapped[str]


class DepartmentItem(DistrictKey, Timestamps, Versioned, Base):
    """An item of a department's own inspections, as it proposes it."""

    __tablename__ = "department_item"
    __table_args__ = (
        UniqueConstraint("district", "department_id", "code"),
        ForeignKeyConstraint(
            ["district", "department_id"], ["department.district", "department.id"]
        ),
    )

    department_id: Mapped[UUID]
    code: Mapped[str]
    title: Mapped[str]
    content: Mapped[str]
    legal_basis: Mapped[str]
    created_by: Mapped[UUID | None]


class ItemMapping(DistrictKey, Timestamps, Versioned, Base):
    """What a unified item is of a department's own item, until it is ended."""

    __tablename__ = "item_mapping"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "department_item_id"], ["department_item.district", "department_item.id"]
        ),
        ForeignKeyConstraint(
            ["district", "standard_id"], ["assessment_standard.district", "assessment_standard.id"]
        ),
        ForeignKeyConstraint(
            ["district", "item_id"], ["assessment_item.district", "assessment_item.id"]
        ),
        CheckConstraint(
            "relation IN ('equal', 'subset', 'superset', 'intersects')", name="relation"
        ),
        CheckConstraint("(ended_on IS NULL) = (ended_because IS NULL)", name="ended"),
        Index(
            "item_mapping_open_idx",
            "district",
            "department_item_id",
            "item_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("item_mapping_standard_idx", "district", "standard_id", "id"),
    )

    department_item_id: Mapped[UUID]
    standard_id: Mapped[UUID]
    item_id: Mapped[UUID]
    relation: Mapped[str]
    note: Mapped[str]
    ended_on: Mapped[date | None]
    ended_because: Mapped[str | None]
    created_by: Mapped[UUID | None]
