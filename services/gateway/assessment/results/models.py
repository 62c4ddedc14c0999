"""Tables of results. Exact numbers stand as fractions in text, `13/3`; scores are hundredths of a
point."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, TEXT, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.assessment.campaigns.models import Campaign
from services.gateway.assessment.standards.models import StandardItem
from services.gateway.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Result(DistrictKey, Timestamps, Versioned, Base):
    """A community's result in a campaign; its lines are those of its `revision`."""

    __tablename__ = "assessment_result"
    __table_args__ = (
        UniqueConstraint("district", "campaign_id", "community_id"),
        ForeignKeyConstraint(["district", "campaign_id"], [Campaign.district, Campaign.id]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("state IN ('provisional', 'objected', 'final')", name="state"),
        CheckConstraint("(state = 'final') = (final_on IS NOT NULL)", name="final"),
        CheckConstraint("score BETWEEN 0 AND 10000", name="score"),
        CheckConstraint("(score IS NULL) = (assessed_weight = 0)", name="assessed"),
        Index("assessment_result_community_idx", "district", "community_id", "id"),
    )

    campaign_id: Mapped[UUID]
    community_id: Mapped[UUID]
    revision: Mapped[int]
    score: Mapped[int | None]
    exact: Mapped[str | None]
    assessed_weight: Mapped[int]
    vetoed: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    rules: Mapped[list[Any]]
    state: Mapped[str]
    due_on: Mapped[date | None]
    published_on: Mapped[date]
    final_on: Mapped[date | None]


class ResultLine(DistrictKey, Base):
    """One item of a revision of a result, down to its source; append-only."""

    __tablename__ = "result_line"
    __table_args__ = (
        UniqueConstraint("district", "result_id", "revision", "item_id"),
        ForeignKeyConstraint(["district", "result_id"], [Result.district, Result.id]),
        ForeignKeyConstraint(["district", "item_id"], [StandardItem.district, StandardItem.id]),
        CheckConstraint(
            "source IN ('finding', 'ledger', 'ratings', 'shared', 'review', 'none')",
            name="source",
        ),
        CheckConstraint(
            "(source = 'none') = (value IS NULL) AND (value IS NULL) = (share IS NULL) AND "
            "(value IS NULL) = (points IS NULL) AND (value IS NULL) = (found_on IS NULL) AND "
            "(value IS NULL) = (valid_until IS NULL)",
            name="measured",
        ),
        Index("result_line_origin_idx", "district", "origin_id", "community_id", "valid_until"),
    )

    result_id: Mapped[UUID]
    revision: Mapped[int]
    community_id: Mapped[UUID]
    item_id: Mapped[UUID]
    origin_id: Mapped[UUID]
    source: Mapped[str]
    source_id: Mapped[UUID | None]
    value: Mapped[str | None]
    share: Mapped[str | None]
    points: Mapped[str | None]
    found_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    note: Mapped[str]


class Objection(DistrictKey, Timestamps, Base):
    """A community's objection to its result, and what came of it; one a result."""

    __tablename__ = "result_objection"
    __table_args__ = (
        UniqueConstraint("district", "result_id"),
        ForeignKeyConstraint(["district", "result_id"], [Result.district, Result.id]),
        CheckConstraint("outcome IS NULL OR outcome IN ('upholding', 'dismissal')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_on IS NULL)", name="decided"),
    )

    result_id: Mapped[UUID]
    codes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    reason: Mapped[str]
    raised_on: Mapped[date]
    raised_by: Mapped[UUID | None]
    outcome: Mapped[str | None]
    reply: Mapped[str | None]
    decided_on: Mapped[date | None]
