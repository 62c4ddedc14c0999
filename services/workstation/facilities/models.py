"""Tables of facilities."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.workstation.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned

_KINDS = (
    "'street_service_centre', 'service_station', 'police_room', 'activity_centre', 'library', "
    "'residents_school', 'day_care_room', 'one_stop_hall', 'talk_hall', 'donation_point'"
)


class Premises(DistrictKey, Timestamps, Versioned, Base):
    """The area of a community's premises as measured on a day, in hundredths of a square metre."""

    __tablename__ = "premises"
    __table_args__ = (
        UniqueConstraint("district", "community_id", "measured_on"),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("area >= 0", name="area"),
    )

    community_id: Mapped[UUID]
    measured_on: Mapped[date]
    area: Mapped[int]


class Facility(DistrictKey, Timestamps, Versioned, Base):
    """A room or service point of a community, or of a street when no community is named."""

    __tablename__ = "facility"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        ForeignKeyConstraint(["district", "street_id"], ["street.district", "street.id"]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint(
            "(kind = 'street_service_centre') = (community_id IS NULL)", name="community"
        ),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="period"),
        Index("facility_community_idx", "district", "community_id", "kind"),
    )

    code: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    street_id: Mapped[UUID]
    community_id: Mapped[UUID | None]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]


class Project(DistrictKey, Timestamps, Versioned, Base):
    """A building project; `budget` in fen. Finished ones name the day."""

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        ForeignKeyConstraint(["district", "street_id"], ["street.district", "street.id"]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint(
            "kind IN ('premises_new', 'premises_rebuilt', 'centre_new', 'centre_rebuilt')",
            name="kind",
        ),
        CheckConstraint("budget >= 0", name="budget"),
        CheckConstraint("finished_on IS NULL OR finished_on >= planned_on", name="period"),
        CheckConstraint("(kind LIKE 'centre%') = (community_id IS NULL)", name="community"),
    )

    code: Mapped[str]
    kind: Mapped[str]
    street_id: Mapped[UUID]
    community_id: Mapped[UUID | None]
    planned_on: Mapped[date]
    finished_on: Mapped[date | None]
    budget: Mapped[int] = mapped_column(BigInteger)


class ProjectMoney(DistrictKey, Timestamps, Versioned, Base):
    """What one source gave to a project, in fen."""

    __tablename__ = "project_money"
    __table_args__ = (
        UniqueConstraint("district", "project_id", "source"),
        ForeignKeyConstraint(["district", "project_id"], ["project.district", "project.id"]),
        CheckConstraint(
            "source IN ('city_and_above', 'district', 'street_and_community')", name="source"
        ),
        CheckConstraint("amount > 0", name="amount"),
    )

    project_id: Mapped[UUID]
    source: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
