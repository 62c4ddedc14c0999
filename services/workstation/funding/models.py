"""Tables of funding. Amounts are integer fen."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.workstation.base import Base
from shared.db.base import DistrictKey, InDistrict, Timestamps, Versioned


class Appropriation(DistrictKey, Timestamps, Versioned, Base):
    """Money granted for one purpose: a community's posts or work of a year, an item, or the
    rewards of a campaign.

    The balances are what its journal explains; the constraints keep them from being overdrawn
    and keep them summing to what was granted.
    """

    __tablename__ = "appropriation"
    __table_args__ = (
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("source IN ('per_post', 'per_community', 'item', 'reward')", name="source"),
        CheckConstraint("(source = 'item') = (item_id IS NOT NULL)", name="item"),
        CheckConstraint(
            "(source IN ('item', 'reward')) = (community_id IS NULL)", name="community"
        ),
        CheckConstraint("(source = 'reward') = (campaign_id IS NOT NULL)", name="campaign"),
        CheckConstraint(
            "available >= 0 AND reserved >= 0 AND payable >= 0 AND paid >= 0", name="overdrawn"
        ),
        CheckConstraint("granted = available + reserved + payable + paid", name="sum"),
        Index(
            "appropriation_community_idx",
            "district",
            "community_id",
            "source",
            "year",
            unique=True,
            postgresql_where=text("community_id IS NOT NULL"),
        ),
        Index(
            "appropriation_item_idx",
            "district",
            "item_id",
            unique=True,
            postgresql_where=text("item_id IS NOT NULL"),
        ),
        Index(
            "appropriation_campaign_idx",
            "district",
            "campaign_id",
            unique=True,
            postgresql_where=text("campaign_id IS NOT NULL"),
        ),
        Index("appropriation_department_idx", "district", "department_id", "id"),
    )

    source: Mapped[str]
    year: Mapped[int]
    community_id: Mapped[UUID | None]
    item_id: Mapped[UUID | None]
    item_code: Mapped[str | None]
    campaign_id: Mapped[UUID | None]
    department_id: Mapped[UUID | None]
    department_name: Mapped[str | None]
    title: Mapped[str]
    source_line: Mapped[str]
    document: Mapped[str]
    derivation: Mapped[dict[str, Any] | None]
    granted: Mapped[int] = mapped_column(BigInteger, default=0)
    available: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved: Mapped[int] = mapped_column(BigInteger, default=0)
    payable: Mapped[int] = mapped_column(BigInteger, default=0)
    paid: Mapped[int] = mapped_column(BigInteger, default=0)


class Payment(DistrictKey, Timestamps, Versioned, Base):
    """A payment that one person prepares and another one approves."""

    __tablename__ = "payment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "appropriation_id"], ["appropriation.district", "appropriation.id"]
        ),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("paid_from IN ('available', 'payable')", name="paid_from"),
        CheckConstraint("state IN ('prepared', 'paid', 'rejected', 'reversed')", name="state"),
        CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="two_persons"),
        CheckConstraint(
            "state NOT IN ('paid', 'reversed') OR approved_by IS NOT NULL", name="approved"
        ),
        Index("payment_appropriation_idx", "district", "appropriation_id", "id"),
        Index("payment_community_idx", "district", "community_id", "id"),
    )

    appropriation_id: Mapped[UUID]
    community_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger)
    paid_from: Mapped[str]
    payee: Mapped[str]
    purpose: Mapped[str]
    state: Mapped[str]
    due_on: Mapped[date | None]
    prepared_by: Mapped[UUID | None]
    approved_by: Mapped[UUID | None]
    paid_on: Mapped[date | None]


class JournalEntry(DistrictKey, Base):
    """One entry of the journal: `amount` from `credit` to `debit`; append-only by privilege."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "appropriation_id"], ["appropriation.district", "appropriation.id"]
        ),
        ForeignKeyConstraint(["district", "payment_id"], ["payment.district", "payment.id"]),
        ForeignKeyConstraint(
            ["district", "reverses"], ["journal_entry.district", "journal_entry.id"]
        ),
        UniqueConstraint("district", "reverses"),
        CheckConstraint("amount > 0 AND credit <> debit", name="amount"),
        CheckConstraint("(kind = 'reversal') = (reverses IS NOT NULL)", name="reversal"),
        Index(
            "journal_entry_task_idx",
            "district",
            "task_id",
            "kind",
            unique=True,
            postgresql_where=text("task_id IS NOT NULL"),
        ),
        Index("journal_entry_appropriation_idx", "district", "appropriation_id", "id"),
        Index("journal_entry_day_idx", "district", "posted_on", "id"),
    )

    appropriation_id: Mapped[UUID]
    kind: Mapped[str]
    credit: Mapped[str]
    debit: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    posted_on: Mapped[date]
    community_id: Mapped[UUID | None]
    task_id: Mapped[UUID | None]
    payment_id: Mapped[UUID | None]
    reverses: Mapped[UUID | None]
    text: Mapped[str]
    posted_by: Mapped[UUID | None]
    posted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class FundYear(InDistrict, Base):
    """A year of the books; a closed one takes no entry any more."""

    __tablename__ = "fund_year"

    year: Mapped[int] = mapped_column(primary_key=True)
    closed_on: Mapped[date | None]
    closed_by: Mapped[UUID | None]
