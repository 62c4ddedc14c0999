"""Tables of organisation."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from services.committee.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Community(DistrictKey, Timestamps, Base):
    """A community as the registry last told of it; the workstation owns it."""

    __tablename__ = "community"
    __table_args__ = (UniqueConstraint("district", "code"),)

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    household_count: Mapped[int]
    street_id: Mapped[UUID]
    street_code: Mapped[str]
    street_name: Mapped[str]


class Committee(DistrictKey, Timestamps, Versioned, Base):
    """The residents' committee of a community."""

    __tablename__ = "committee"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("ended_on IS NULL OR ended_on >= established_on", name="period"),
        Index(
            "committee_community_idx",
            "district",
            "community_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    community_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    established_on: Mapped[date]
    ended_on: Mapped[date | None]


class Term(DistrictKey, Timestamps, Versioned, Base):
    """A term of office 届; `ends_on` is the first day after it."""

    __tablename__ = "term"
    __table_args__ = (
        UniqueConstraint("district", "committee_id", "number"),
        ForeignKeyConstraint(["district", "committee_id"], ["committee.district", "committee.id"]),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("ends_on > starts_on", name="period"),
    )

    committee_id: Mapped[UUID]
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class Member(DistrictKey, Timestamps, Versioned, Base):
    """A person's office in a term; one chair at a time."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("district", "term_id", "number"),
        ForeignKeyConstraint(["district", "term_id"], ["term.district", "term.id"]),
        CheckConstraint("position IN ('chair', 'vice_chair', 'member')", name="position"),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
        CheckConstraint("(left_on IS NULL) = (left_because IS NULL)", name="left"),
        CheckConstraint(
            "left_because IS NULL OR left_because IN ('resigned', 'recalled', 'incapacitated', "
            "'failed_evaluation', 'moved', 'died')",
            name="left_because",
        ),
        Index(
            "member_chair_idx",
            "district",
            "term_id",
            unique=True,
            postgresql_where=text("position = 'chair' AND left_on IS NULL"),
        ),
    )

    term_id: Mapped[UUID]
    number: Mapped[int]
    name: Mapped[str]
    sex: Mapped[str]
    position: Mapped[str]
    left_on: Mapped[date | None]
    left_because: Mapped[str | None]
