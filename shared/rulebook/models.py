"""Overrides of rules by districts, as each service keeps them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import DistrictKey, PlatformBase


class RuleOverride(DistrictKey, PlatformBase):
    """A district's own value of a rule from a day on, by a decision of its Leading Group.

    `until` is the last day. A withdrawn one never holds; it stays to be read.
    """

    __tablename__ = "rule_override"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= in_force_from", name="period"),
        Index(
            "rule_override_key_idx",
            "district",
            "key",
            "in_force_from",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    key: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)
    unit: Mapped[str]
    in_force_from: Mapped[date]
    until: Mapped[date | None]
    document: Mapped[str]
    decided_on: Mapped[date]
    note: Mapped[str]
    decided_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None]
