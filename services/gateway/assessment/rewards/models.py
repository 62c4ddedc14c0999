"""Tables of rewards: granted once, never changed. Amounts are integer fen."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.assessment.campaigns.models import Campaign
from services.gateway.base import Base
from shared.db.base import DistrictKey


class RewardScheme(DistrictKey, Base):
    """How a campaign's budget was shared out; one a campaign. Append-only."""

    __tablename__ = "reward_scheme"
    __table_args__ = (
        UniqueConstraint("district", "campaign_id"),
        ForeignKeyConstraint(["district", "campaign_id"], [Campaign.district, Campaign.id]),
        CheckConstraint("budget > 0", name="budget"),
        CheckConstraint("basis IN ('grade', 'score')", name="basis"),
    )

    campaign_id: Mapped[UUID]
    budget: Mapped[int] = mapped_column(BigInteger)
    basis: Mapped[str]
    weights: Mapped[dict[str, Any]]
    source_line: Mapped[str]
    document: Mapped[str]
    granted_on: Mapped[date]
    rules: Mapped[list[Any]]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Reward(DistrictKey, Base):
    """What one community got, and what it was derived from. Append-only."""

    __tablename__ = "reward"
    __table_args__ = (
        UniqueConstraint("district", "scheme_id", "community_id"),
        ForeignKeyConstraint(["district", "scheme_id"], [RewardScheme.district, RewardScheme.id]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("amount >= 0", name="amount"),
    )

    scheme_id: Mapped[UUID]
    community_id: Mapped[UUID]
    rank: Mapped[int | None]
    grade: Mapped[str]
    score: Mapped[int | None]
    weight: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)
