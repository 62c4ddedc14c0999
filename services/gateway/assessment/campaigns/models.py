"""Tables of campaigns and visits."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

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
    """An approved request that a campaign serves; it is in one campaign only."""

    __tablename__ = "campaign_request"
    __table_args__ = (
        UniqueConstraint("district", "request_id"),
        ForeignKeyConstraint(["district", "campaign_id"], [Campaign.district, Campaign.id]),
        ForeignKeyConstraint(["district", "request_id"], [Request.district, Request.id]),
        Index("campaign_request_campaign_idx", "district", "campaign_id"),
    )

    campaign_id: Mapped[UUID]
    request_id: Mapped[UUID]


class Visit(DistrictKey, Timestamps, Versioned, Base):
    """A joint visit of a campaign to a community on a day."""

    __tablename__ = "visit"
    __table_args__ = (
        ForeignKeyConstraint(["district", "campaign_id"], [Campaign.district, Campaign.id]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("state IN ('proposed', 'announced', 'cancelled')", name="state"),
        Index(
            "visit_day_idx",
            "district",
            "community_id",
            "on_day",
            unique=True,
            postgresql_where=text("state = 'announced'"),
        ),
        Index("visit_campaign_idx", "district", "campaign_id", "on_day", "id"),
    )

    campaign_id: Mapped[UUID]
    community_id: Mapped[UUID]
    on_day: Mapped[date]
    minutes: Mapped[int]
    state: Mapped[str]


class VisitRequest(DistrictKey, Base):
    """A request that a visit serves."""

    __tablename__ = "visit_request"
    __table_args__ = (
        UniqueConstraint("district", "visit_id", "request_id"),
        ForeignKeyConstraint(["district", "visit_id"], [Visit.district, Visit.id]),
        ForeignKeyConstraint(["district", "request_id"], [Request.district, Request.id]),
        Index("visit_request_request_idx", "district", "request_id"),
    )

    visit_id: Mapped[UUID]
    request_id: Mapped[UUID]
