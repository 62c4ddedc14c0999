"""Tables of reporting: what only surveys know, and what other services told."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from services.workstation.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class SurveyFinding(DistrictKey, Timestamps, Versioned, Base):
    """What a survey of the communities found on a day: a number as it was told, or a list.

    `items` are names separated by semicolons.
    """

    __tablename__ = "survey_finding"
    __table_args__ = (
        UniqueConstraint("district", "surveyed_on", "indicator"),
        CheckConstraint("(value IS NULL) <> (items IS NULL)", name="told"),
        CheckConstraint(
            "approximation IS NULL OR approximation IN ('about', 'more_than', 'nearly')",
            name="approximation",
        ),
    )

    surveyed_on: Mapped[date]
    indicator: Mapped[str]
    value: Mapped[int | None]
    approximation: Mapped[str | None]
    items: Mapped[str | None]
    source: Mapped[str]


class VolunteerTeam(DistrictKey, Timestamps, Base):
    """A volunteer team as the committee service last told of it."""

    __tablename__ = "volunteer_team"
    __table_args__ = (UniqueConstraint("district", "code"),)

    code: Mapped[str]
    name: Mapped[str]
    founded_on: Mapped[date]
    ended_on: Mapped[date | None]
