"""Tables of admission. Amounts are integer fen."""

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
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Community(DistrictKey, Timestamps, Base):
    """The registry's communities, as this service hears of them."""

    __tablename__ = "community"

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    street_id: Mapped[UUID]
    street_name: Mapped[str]


class Item(DistrictKey, Timestamps, Versioned, Base):
    """An item application; admitted, it may be dispatched as far as its money goes.

    It runs from `starts_on` to the day before `ends_on`. `drawn` is what dispatches took.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        ForeignKeyConstraint(
            ["district", "department_id"], ["department.district", "department.id"]
        ),
        CheckConstraint(
            "list IN ('own_duty', 'assistance', 'purchased_service', 'temporary')", name="list"
        ),
        CheckConstraint(
            "state IN ('draft', 'returned', 'with_leading_group', 'rejected', 'admitted', "
            "'suspended', 'exited')",
            name="state",
        ),
        CheckConstraint(
            "funding_basis IS NULL OR funding_basis IN ('per_community', 'per_case', 'per_year')",
            name="funding_basis",
        ),
        CheckConstraint(
            "(funding_basis IS NULL) = (amount IS NULL) AND "
            "(funding_basis IS NULL) = (total IS NULL)",
            name="funding",
        ),
        CheckConstraint("amount >= 0 AND total >= 0", name="amounts"),
        CheckConstraint("drawn >= 0 AND drawn <= coalesce(total, 0)", name="drawn"),
        CheckConstraint("ends_on > starts_on", name="period"),
        CheckConstraint(
            "state NOT IN ('admitted', 'suspended', 'exited') OR (total > 0 AND amount > 0 AND "
            "legal_basis <> '')",
            name="admitted",
        ),
        Index("item_department_idx", "district", "department_id", "id"),
        Index("item_state_idx", "district", "state", "id"),
    )

    elements: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    department_id: Mapped[UUID]
    code: Mapped[str]
    title: Mapped[str]
    list: Mapped[str]
    nature: Mapped[str]
    legal_basis: Mapped[str]
    content: Mapped[str]
    standard: Mapped[str]
    workload_hours: Mapped[int | None]
    time_limit_days: Mapped[int | None]
    targets: Mapped[dict[str, Any]]
    funding_basis: Mapped[str | None]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    total: Mapped[int | None] = mapped_column(BigInteger)
    source_line: Mapped[str]
    drawn: Mapped[int] = mapped_column(BigInteger, default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str]
    due_on: Mapped[date | None]
    submitted_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    document: Mapped[str | None]
    screening: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_by: Mapped[UUID | None]


class CatalogueSpan(DistrictKey, Base):
    """Days on which an item stands in the catalogue: from `starts_on` to before `ends_on`."""

    __tablename__ = "catalogue_span"
    __table_args__ = (
        ForeignKeyConstraint(["district", "item_id"], ["item.district", "item.id"]),
        CheckConstraint("ends_on >= starts_on", name="period"),
        Index(
            "catalogue_span_open_idx",
            "district",
            "item_id",
            unique=True,
            postgresql_where=text("open"),
        ),
        Index("catalogue_span_days_idx", "district", "starts_on", "ends_on"),
    )

    item_id: Mapped[UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    open: Mapped[bool]


class Dispatch(DistrictKey, Base):
    """Work that a department gave to communities under an item."""

    __tablename__ = "dispatch"
    __table_args__ = (
        ForeignKeyConstraint(["district", "item_id"], ["item.district", "item.id"]),
        CheckConstraint("amount >= 0", name="amount"),
        Index("dispatch_item_idx", "district", "item_id", "id"),
        Index("dispatch_department_idx", "district", "department_id", "id"),
    )

    item_id: Mapped[UUID]
    department_id: Mapped[UUID]
    title: Mapped[str]
    content: Mapped[str]
    due_on: Mapped[date]
    dispatched_on: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)
    rules: Mapped[list[Any]]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DispatchCommunity(DistrictKey, Base):
    """One community of a dispatch; `id` is its task's. `outcome` says what became of its money."""

    __tablename__ = "dispatch_community"
    __table_args__ = (
        UniqueConstraint("district", "dispatch_id", "community_id"),
        ForeignKeyConstraint(["district", "dispatch_id"], ["dispatch.district", "dispatch.id"]),
        ForeignKeyConstraint(["district", "item_id"], ["item.district", "item.id"]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("cases >= 1 AND amount >= 0", name="amount"),
        CheckConstraint("outcome IS NULL OR outcome IN ('released', 'freed')", name="outcome"),
        Index("dispatch_community_item_idx", "district", "item_id", "community_id"),
    )

    dispatch_id: Mapped[UUID]
    item_id: Mapped[UUID]
    community_id: Mapped[UUID]
    cases: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)
    dispatched_on: Mapped[date]
    outcome: Mapped[str | None]


class Refusal(DistrictKey, Base):
    """A dispatch that was refused, with every reason; append-only."""

    __tablename__ = "dispatch_refusal"
    __table_args__ = (Index("dispatch_refusal_department_idx", "district", "department_id", "id"),)

    department_id: Mapped[UUID]
    item_code: Mapped[str]
    title: Mapped[str]
    communities: Mapped[int]
    codes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    reasons: Mapped[list[Any]]
    refused_on: Mapped[date]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OffCatalogueReport(DistrictKey, Timestamps, Versioned, Base):
    """A community's report that work was demanded of it outside the catalogue."""

    __tablename__ = "off_catalogue_report"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "department_id"], ["department.district", "department.id"]
        ),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("state IN ('reported', 'upheld', 'dismissed')", name="state"),
        Index("off_catalogue_report_community_idx", "district", "community_id", "id"),
    )

    community_id: Mapped[UUID]
    department_id: Mapped[UUID]
    demand: Mapped[str]
    channel: Mapped[str]
    demanded_on: Mapped[date]
    state: Mapped[str]
    due_on: Mapped[date | None]
    reply: Mapped[str | None]
    reported_by: Mapped[UUID | None]
