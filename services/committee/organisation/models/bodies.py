"""Sub-committees, residents' groups and representatives, the supervision committee."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.committee.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned

_ENDING = (
    "left_because IN ('resigned', 'replaced', 'incapacitated', 'sentenced', 'moved', 'died', "
    "'term_ended')"
)


def _ends() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("(left_on IS NULL) = (left_because IS NULL)", name="left"),
        CheckConstraint(_ENDING, name="left_because"),
    )


class SubCommittee(DistrictKey, Timestamps, Versioned, Base):
    """A committee under the residents' committee 下属委员会 (组织法 9)."""

    __tablename__ = "sub_committee"
    __table_args__ = (
        ForeignKeyConstraint(["district", "committee_id"], ["committee.district", "committee.id"]),
        CheckConstraint(
            "kind IN ('mediation', 'security', 'health', 'environment', 'care', 'other')",
            name="kind",
        ),
        CheckConstraint("ended_on IS NULL OR ended_on >= established_on", name="period"),
        Index(
            "sub_committee_name_idx",
            "district",
            "committee_id",
            "name",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    committee_id: Mapped[UUID]
    kind: Mapped[str]
    name: Mapped[str]
    established_on: Mapped[date]
    ended_on: Mapped[date | None]


class SubCommitteeMember(DistrictKey, Timestamps, Base):
    """Who sits in one; a member of the committee, or another."""

    __tablename__ = "sub_committee_member"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "sub_committee_id"], ["sub_committee.district", "sub_committee.id"]
        ),
        ForeignKeyConstraint(["district", "member_id"], ["member.district", "member.id"]),
        *_ends(),
        Index(
            "sub_committee_member_head_idx",
            "district",
            "sub_committee_id",
            unique=True,
            postgresql_where=text("head AND left_on IS NULL"),
        ),
        Index("sub_committee_member_idx", "district", "sub_committee_id", "id"),
    )

    sub_committee_id: Mapped[UUID]
    member_id: Mapped[UUID | None]
    name: Mapped[str]
    head: Mapped[bool]
    began_on: Mapped[date]
    left_on: Mapped[date | None]
    left_because: Mapped[str | None]


class ResidentGroup(DistrictKey, Timestamps, Versioned, Base):
    """A residents' group 居民小组 (组织法 13)."""

    __tablename__ = "resident_group"
    __table_args__ = (
        UniqueConstraint("district", "committee_id", "code"),
        ForeignKeyConstraint(["district", "committee_id"], ["committee.district", "committee.id"]),
        CheckConstraint("households >= 1", name="households"),
        CheckConstraint("ended_on IS NULL OR ended_on >= formed_on", name="period"),
    )

    committee_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    households: Mapped[int]
    formed_on: Mapped[date]
    ended_on: Mapped[date | None]


class Representative(DistrictKey, Timestamps, Base):
    """A residents' representative 居民代表, chosen by a group for a term; one leads the group."""

    __tablename__ = "representative"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "group_id"], ["resident_group.district", "resident_group.id"]
        ),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
        CheckConstraint("term_number >= 1", name="term_number"),
        *_ends(),
        Index(
            "representative_leader_idx",
            "district",
            "group_id",
            "term_number",
            unique=True,
            postgresql_where=text("leader AND left_on IS NULL"),
        ),
        Index(
            "representative_person_idx",
            "district",
            "group_id",
            "term_number",
            "person_id",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
        Index("representative_group_idx", "district", "group_id", "id"),
    )

    group_id: Mapped[UUID]
    term_number: Mapped[int]
    name: Mapped[str]
    sex: Mapped[str]
    person_id: Mapped[UUID | None]
    leader: Mapped[bool]
    chosen_on: Mapped[date]
    left_on: Mapped[date | None]
    left_because: Mapped[str | None]


class Supervisor(DistrictKey, Timestamps, Base):
    """A member of the supervision committee 居务监督委员会 (组织法 36), chosen by a meeting."""

    __tablename__ = "supervisor"
    __table_args__ = (
        ForeignKeyConstraint(["district", "committee_id"], ["committee.district", "committee.id"]),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
        CheckConstraint("term_number >= 1", name="term_number"),
        *_ends(),
        Index(
            "supervisor_head_idx",
            "district",
            "committee_id",
            "term_number",
            unique=True,
            postgresql_where=text("head AND left_on IS NULL"),
        ),
        Index("supervisor_committee_idx", "district", "committee_id", "id"),
    )

    committee_id: Mapped[UUID]
    term_number: Mapped[int]
    name: Mapped[str]
    sex: Mapped[str]
    person_id: Mapped[UUID | None]
    head: Mapped[bool]
    chosen_on: Mapped[date]
    meeting: Mapped[dict[str, Any]] = mapped_column(JSONB)
    left_on: Mapped[date | None]
    left_because: Mapped[str | None]
