"""Tables of volunteers."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from services.committee.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Team(DistrictKey, Timestamps, Versioned, Base):
    """A volunteer team of a community, or of the whole district when none is named."""

    __tablename__ = "volunteer_team"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("ended_on IS NULL OR ended_on >= founded_on", name="period"),
    )

    community_id: Mapped[UUID | None]
    code: Mapped[str]
    name: Mapped[str]
    founded_on: Mapped[date]
    ended_on: Mapped[date | None]
