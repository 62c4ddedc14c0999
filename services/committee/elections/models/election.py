"""The election itself, who holds it, its rounds and its public log."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.committee.base import Base
from services.committee.elections.domain import (
    CommitteePost,
    ElectionKind,
    Form,
    Further,
    Nature,
    Withdrawal,
)
from services.committee.elections.models.checks import of, one_of
from services.committee.elections.procedure import State
from shared.db.base import DistrictKey, InDistrict, Timestamps, Versioned


class Election(DistrictKey, Timestamps, Versioned, Base):
    """An election of a community's residents' committee.

    `secret` keys the hashes of identity numbers, which are not kept, and the salts of the roll.
    `demo_today` is the day of a demonstration's own clock, null for a real election. The last
    entry of the log stands in `log_count`, `log_hash` and `log_at`, so that a lock on this row
    keeps the chain from forking.
    """

    __tablename__ = "election"
    __table_args__ = (
        of("community", "community_id"),
        one_of("kind", ElectionKind),
        one_of("form", Form),
        one_of("state", State),
        CheckConstraint("demo = (demo_today IS NOT NULL)", name="demo"),
        CheckConstraint("round >= 1", name="round"),
        CheckConstraint("voters <= electors", name="roll"),
        Index("election_community_idx", "district", "community_id", "id"),
        Index(
            "election_running_idx",
            "district",
            "community_id",
            unique=True,
            postgresql_where=text("state NOT IN ('in_office', 'cancelled')"),
        ),
    )

    community_id: Mapped[UUID]
    term_id: Mapped[UUID | None]
    kind: Mapped[str]
    form: Mapped[str]
    contests: Mapped[list[Any]] = mapped_column(JSONB)
    woman_sitting: Mapped[bool]
    election_day: Mapped[date]
    resolved_on: Mapped[date]
    resolution: Mapped[str]
    document: Mapped[str | None]
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str]
    due_on: Mapped[date | None]
    round: Mapped[int]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    roll_published_on: Mapped[date | None]
    roll_frozen_on: Mapped[date | None]
    roll_sha256: Mapped[str | None]
    electors: Mapped[int | None]
    voters: Mapped[int | None]
    candidates_published_on: Mapped[date | None]
    met_on: Mapped[date | None]
    proxies_published_on: Mapped[date | None]
    elected_on: Mapped[date | None]
    acceded_on: Mapped[date | None]
    demo: Mapped[bool]
    demo_today: Mapped[date | None]
    log_count: Mapped[int]
    log_hash: Mapped[str | None]
    log_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None]


class ElectionCommitteeMember(DistrictKey, Timestamps, Base):
    """A place in the residents' election committee; `rank` orders the succession."""

    __tablename__ = "election_committee_member"
    __table_args__ = (
        of("election", "election_id"),
        UniqueConstraint("district", "election_id", "rank"),
        UniqueConstraint("district", "election_id", "identity_hash"),
        one_of("post", CommitteePost),
        one_of("left_because", Withdrawal),
        CheckConstraint("(left_on IS NULL) = (left_because IS NULL)", name="left"),
    )

    election_id: Mapped[UUID]
    rank: Mapped[int]
    post: Mapped[str]
    name: Mapped[str]
    identity_hash: Mapped[bytes] = mapped_column(LargeBinary)
    left_on: Mapped[date | None]
    left_because: Mapped[str | None]
    successor_id: Mapped[UUID | None]


class ElectionRound(DistrictKey, Timestamps, Base):
    """A round of voting; `outcome` is its result as published, `left_out` are vacancies of the
    round before for which nobody could stand."""

    __tablename__ = "election_round"
    __table_args__ = (
        of("election", "election_id"),
        UniqueConstraint("district", "election_id", "round"),
        one_of("nature", Nature),
        one_of("reason", Further),
    )

    election_id: Mapped[UUID]
    round: Mapped[int]
    nature: Mapped[str]
    reason: Mapped[str | None]
    ballot_on: Mapped[date]
    contests: Mapped[list[Any]] = mapped_column(JSONB)
    left_out: Mapped[list[Any]] = mapped_column(JSONB)
    announced_on: Mapped[date | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class ElectionFile(DistrictKey, Base):
    """A photograph or document of an election; append-only."""

    __tablename__ = "election_file"
    __table_args__ = (of("election", "election_id"),)

    election_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    key: Mapped[str]
    scanned: Mapped[bool]
    uploaded_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ElectionLogEntry(InDistrict, Base):
    """An entry of the public log; append-only. No two entries follow the same one."""

    __tablename__ = "election_log_entry"
    __table_args__ = (
        of("election", "election_id"),
        UniqueConstraint("district", "election_id", "previous"),
        CheckConstraint("sequence >= 0", name="sequence"),
    )

    election_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    previous: Mapped[str]
    kind: Mapped[str]
    at: Mapped[datetime]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    hash: Mapped[str]
