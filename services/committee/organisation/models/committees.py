"""Committees, their terms and members, and what becomes of a term."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

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
    """A term of office 届; `ends_on` is the first day after its years, `ended_on` the first on which
    it was over, and why."""

    __tablename__ = "term"
    __table_args__ = (
        UniqueConstraint("district", "committee_id", "number"),
        ForeignKeyConstraint(["district", "committee_id"], ["committee.district", "committee.id"]),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("ends_on > starts_on", name="period"),
        CheckConstraint("(ended_on IS NULL) = (ended_because IS NULL)", name="ended"),
        CheckConstraint("ended_on > starts_on AND ended_on <= ends_on", name="ended_on"),
        CheckConstraint(
            "ended_because IN ('expired', 'renewed', 'abolished')", name="ended_because"
        ),
    )

    committee_id: Mapped[UUID]
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ended_on: Mapped[date | None]
    ended_because: Mapped[str | None]
    election_id: Mapped[UUID | None]


class UnfilledSeat(DistrictKey, Base):
    """A seat that the election of a term left vacant; a by-election fills it (组织法 24)."""

    __tablename__ = "unfilled_seat"
    __table_args__ = (
        ForeignKeyConstraint(["district", "term_id"], ["term.district", "term.id"]),
        CheckConstraint("position IN ('chair', 'vice_chair', 'member')", name="position"),
        Index("unfilled_seat_term_idx", "district", "term_id"),
    )

    term_id: Mapped[UUID]
    position: Mapped[str]


class Member(DistrictKey, Timestamps, Versioned, Base):
    """A person's office in a term; one chair at a time.

    `began_on` where it began within the term, `person_id` the registry's resident where known,
    `left_decision` what ended it early: meeting or document.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("district", "term_id", "number"),
        ForeignKeyConstraint(["district", "term_id"], ["term.district", "term.id"]),
        CheckConstraint("position IN ('chair', 'vice_chair', 'member')", name="position"),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
        CheckConstraint("(left_on IS NULL) = (left_because IS NULL)", name="left"),
        CheckConstraint(
            "left_because IS NULL OR left_because IN ('resigned', 'recalled', 'annulled', "
            "'incapacitated', 'sentenced', 'failed_evaluation', 'moved', 'died')",
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
    began_on: Mapped[date | None]
    person_id: Mapped[UUID | None]
    election_id: Mapped[UUID | None]
    left_decision: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class KinshipDeclaration(DistrictKey, Timestamps, Versioned, Base):
    """Two members or supervisors of a committee who are declared near kin (组织法 8, 36).

    `one_id` and `other_id` are a member's or a supervisor's, the smaller first.
    """

    __tablename__ = "kinship"
    __table_args__ = (
        ForeignKeyConstraint(["district", "committee_id"], ["committee.district", "committee.id"]),
        CheckConstraint("one_id < other_id", name="pair"),
        CheckConstraint(
            "relation IN ('spouse', 'parent_or_child', 'sibling', 'grandparent_or_grandchild')",
            name="relation",
        ),
        CheckConstraint(
            "state IN ('declared', 'confirmed', 'dismissed', 'withdrawn')", name="state"
        ),
        Index(
            "kinship_pair_idx",
            "district",
            "one_id",
            "other_id",
            unique=True,
            postgresql_where=text("state IN ('declared', 'confirmed')"),
        ),
        Index("kinship_committee_idx", "district", "committee_id", "id"),
    )

    committee_id: Mapped[UUID]
    one_id: Mapped[UUID]
    other_id: Mapped[UUID]
    relation: Mapped[str]
    note: Mapped[str | None]
    state: Mapped[str]
    due_on: Mapped[date | None]
    declared_by: Mapped[UUID | None]


class Handover(DistrictKey, Timestamps, Versioned, Base):
    """The handing over of the work to a new committee (组织法 25). `deadline` is the last day."""

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("district", "term_id"),
        ForeignKeyConstraint(["district", "term_id"], ["term.district", "term.id"]),
        ForeignKeyConstraint(["district", "committee_id"], ["committee.district", "committee.id"]),
        CheckConstraint("state IN ('due', 'handed_over', 'confirmed')", name="state"),
        CheckConstraint("state = 'due' OR handed_over_on IS NOT NULL", name="handed_over"),
        Index("handover_state_idx", "district", "state", "deadline"),
    )

    committee_id: Mapped[UUID]
    term_id: Mapped[UUID]
    deadline: Mapped[date]
    state: Mapped[str]
    due_on: Mapped[date | None]
    items: Mapped[list[Any]] = mapped_column(JSONB)
    document: Mapped[str | None]
    handed_over_on: Mapped[date | None]
    overdue_raised_at: Mapped[datetime | None]


class Renewal(DistrictKey, Timestamps, Base):
    """A term whose end is near was raised, once; and again when it passed without a new term."""

    __tablename__ = "renewal"
    __table_args__ = (
        UniqueConstraint("district", "term_id"),
        ForeignKeyConstraint(["district", "term_id"], ["term.district", "term.id"]),
    )

    term_id: Mapped[UUID]
    raised_on: Mapped[date]
    overdue_on: Mapped[date | None]
