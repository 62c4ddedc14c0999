"""Tables of plaques. Amounts are integer fen, sizes millimetres."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class PlaqueApplication(DistrictKey, Timestamps, Versioned, Base):
    """A plaque that a department wants in communities, of one design for all of them. `cost` is of
    one plaque."""

    __tablename__ = "plaque_application"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "department_id"], ["department.district", "department.id"]
        ),
        CheckConstraint(
            "state IN ('draft', 'returned', 'with_leading_group', 'approved', 'rejected')",
            name="state",
        ),
        CheckConstraint("\"where\" IN ('outdoor', 'indoor', 'photo')", name="where"),
        CheckConstraint(
            "state <> 'approved' OR (\"where\" <> 'outdoor' AND payer = 'department')",
            name="approved",
        ),
        CheckConstraint("cost >= 0", name="cost"),
        Index("plaque_application_department_idx", "district", "department_id", "id"),
    )

    department_id: Mapped[UUID]
    title: Mapped[str]
    purpose: Mapped[str]
    legal_basis: Mapped[str]
    where: Mapped[str]
    room: Mapped[str]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    colours: Mapped[str]
    payer: Mapped[str]
    cost: Mapped[int] = mapped_column(BigInteger)
    design: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    state: Mapped[str]
    due_on: Mapped[date | None]
    submitted_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    document: Mapped[str | None]
    screening: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_by: Mapped[UUID | None]


class Plaque(DistrictKey, Timestamps, Versioned, Base):
    """A plaque of a community, with its photograph, which one taken in from a sheet gets later; it
    ends when it was taken down."""

    __tablename__ = "plaque"
    __table_args__ = (
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        ForeignKeyConstraint(
            ["district", "application_id"],
            ["plaque_application.district", "plaque_application.id"],
        ),
        ForeignKeyConstraint(
            ["district", "department_id"], ["department.district", "department.id"]
        ),
        CheckConstraint(
            "kind IN ('party_organisation', 'committee', 'workstation', 'other')", name="kind"
        ),
        CheckConstraint("\"where\" IN ('outdoor', 'indoor', 'photo')", name="where"),
        CheckConstraint("payer IN ('department', 'street', 'community', 'unknown')", name="payer"),
        CheckConstraint("cost >= 0", name="cost"),
        CheckConstraint("removed_on >= hung_on", name="removed"),
        CheckConstraint("application_id IS NULL OR photograph IS NOT NULL", name="photograph"),
        Index("plaque_community_idx", "district", "community_id", "id"),
        Index(
            "plaque_once_idx",
            "district",
            "community_id",
            "application_id",
            unique=True,
            postgresql_where=text("removed_on IS NULL"),
        ),
    )

    community_id: Mapped[UUID]
    application_id: Mapped[UUID | None]
    department_id: Mapped[UUID | None]
    kind: Mapped[str]
    title: Mapped[str]
    where: Mapped[str]
    room: Mapped[str]
    payer: Mapped[str]
    cost: Mapped[int] = mapped_column(BigInteger)
    hung_on: Mapped[date]
    removed_on: Mapped[date | None]
    removed_because: Mapped[str | None]
    photograph: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    recorded_by: Mapped[UUID | None]


class RemovalNotice(DistrictKey, Timestamps, Versioned, Base):
    """What an inspection of the inventory wants down, under which rule, and until when."""

    __tablename__ = "plaque_removal_notice"
    __table_args__ = (
        ForeignKeyConstraint(["district", "plaque_id"], ["plaque.district", "plaque.id"]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("state IN ('issued', 'removed', 'confirmed', 'withdrawn')", name="state"),
        Index("plaque_removal_notice_community_idx", "district", "community_id", "id"),
        Index(
            "plaque_removal_notice_open_idx",
            "district",
            "plaque_id",
            unique=True,
            postgresql_where=text("state IN ('issued', 'removed')"),
        ),
    )

    plaque_id: Mapped[UUID]
    community_id: Mapped[UUID]
    department_id: Mapped[UUID | None]
    because: Mapped[str]
    rules: Mapped[list[Any]]
    state: Mapped[str]
    issued_on: Mapped[date]
    due_on: Mapped[date | None]
    photograph: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    issued_by: Mapped[UUID | None]
