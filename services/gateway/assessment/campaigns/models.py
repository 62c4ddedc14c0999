"""Tables of campaigns and visits."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.assessment.requests.models import Request
from services.gateway.assessment.standards.models import Standard
from services.gateway.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Campaign(DistrictKey, Timestamps, Versioned, Base):
    """A joint campaign on one standard, from `starts_on` to the day before `ends_on`."""

    __tablename__ = "campaign"
    __table_args__ = (
        ForeignKeyConstraint(["district", "standard_id"], [Standard.district, Standard.id]),
        CheckConstraint("state IN ('draft', 'announced', 'concluded', 'cancelled')", name="state"),
        CheckConstraint("ends_on > starts_on", name="period"),
        Index("campaign_state_idx", "district", "state", "id"),
    )

    title: Mapped[str]
    standard_id: Mapped[UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str]
    due_on: Mapped[date | None]
    announced_on: Mapped[date | None]
    document: Mapped[str | None]
    created_by: Mapped[UUID | None]


class CampaignRequest(DistrictKey, Base):
    """An approved request that a campaign serves, in one campaign at a time."""

    __tablename__ = "campaign_request"
    __table_args__ = (
        Index(
            "campaign_request_in_one_idx",
            "district",
            "request_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
        ForeignKeyConstraint(["district", "campaign_id"], [Campaign.district, Campaign.id]),
        ForeignKeyConstraint(["district", "request_id"], [Request.district, Request.id]),
        Index("campaign_request_campaign_idx", "district", "campaign_id"),
    )

    campaign_id: Mapped[UUID]
    request_id: Mapped[UUID]
    ended_on: Mapped[date | None]


class Visit(DistrictKey, Timestamps, Versioned, Base):
    """A joint visit of a campaign to a community on a day; `version` counts its changes."""

    __tablename__ = "visit"
    __table_args__ = (
        ForeignKeyConstraint(["district", "campaign_id"], [Campaign.district, Campaign.id]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("state IN ('announced', 'postponed', 'cancelled')", name="state"),
        Index(
            "visit_day_idx",
            "district",
            "community_id",
            "on_day",
            unique=True,
            postgresql_where=text("state = 'announced'"),
        ),
        Index("visit_community_idx", "district", "community_id", "on_day", "id"),
        Index("visit_campaign_idx", "district", "campaign_id", "on_day", "id"),
    )

    campaign_id: Mapped[UUID]
    community_id: Mapped[UUID]
    on_day: Mapped[date]
    minutes: Mapped[int]
    state: Mapped[str]


class VisitRequest(DistrictKey, Base):
    """A request that a visit serves, or served until it was moved to another."""

    __tablename__ = "visit_request"
    __table_args__ = (
        UniqueConstraint("district", "visit_id", "request_id"),
        ForeignKeyConstraint(["district", "visit_id"], [Visit.district, Visit.id]),
        ForeignKeyConstraint(["district", "request_id"], [Request.district, Request.id]),
        Index("visit_request_request_idx", "district", "request_id"),
    )

    visit_id: Mapped[UUID]
    request_id: Mapped[UUID]
    ended_on: Mapped[date | None]


class CampaignPlan(DistrictKey, Base):
    """A plan of a campaign, made by the job with the same id. `problem` is what was to be planned,
    `reached` the last step of the planning, `plan` its end; one is open at a time."""

    __tablename__ = "campaign_plan"
    __table_args__ = (
        ForeignKeyConstraint(["district", "campaign_id"], [Campaign.district, Campaign.id]),
        CheckConstraint("work BETWEEN 0 AND 60", name="work"),
        CheckConstraint("announced_at IS NULL OR plan IS NOT NULL", name="announced"),
        Index(
            "campaign_plan_open_idx",
            "district",
            "campaign_id",
            unique=True,
            postgresql_where=text("open"),
        ),
        Index("campaign_plan_campaign_idx", "district", "campaign_id", "id"),
    )

    campaign_id: Mapped[UUID]
    seed: Mapped[int]
    work: Mapped[int]
    open: Mapped[bool]
    problem: Mapped[dict[str, Any]]
    reached: Mapped[dict[str, Any] | None]
    plan: Mapped[dict[str, Any] | None]
    rules: Mapped[list[Any]]
    announced_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class VisitClosure(DistrictKey, Base):
    """Days on which a community cannot be visited, because a visit was put off or cancelled; from
    `starts_on` to the day before `ends_on`."""

    __tablename__ = "visit_closure"
    __table_args__ = (
        ForeignKeyConstraint(["district", "visit_id"], [Visit.district, Visit.id]),
        CheckConstraint("ends_on > starts_on", name="period"),
        Index("visit_closure_campaign_idx", "district", "campaign_id"),
    )

    campaign_id: Mapped[UUID]
    community_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
