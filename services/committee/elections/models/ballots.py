"""Stations, ballots, roll marks, count sheets and decisions about seats."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.committee.base import Base
from services.committee.elections.domain import Channel, StationKind
from services.committee.elections.models.checks import of, one_of
from shared.db.base import DistrictKey, InDistrict, Timestamps


class PollingStation(DistrictKey, Timestamps, Base):
    """A station or mobile box of a round. `attempt` counts how often its ballots were counted."""

    __tablename__ = "polling_station"
    __table_args__ = (
        of("election", "election_id"),
        UniqueConstraint("district", "election_id", "round", "code"),
        one_of("kind", StationKind),
        CheckConstraint("spoiled >= 0 AND unused >= 0", name="ballots"),
        CheckConstraint(
            "(closed_at IS NULL) = (spoiled IS NULL) AND (closed_at IS NULL) = (unused IS NULL)",
            name="closed",
        ),
    )

    election_id: Mapped[UUID]
    round: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    address: Mapped[str]
    scrutineers: Mapped[list[Any]] = mapped_column(JSONB)
    closed_at: Mapped[datetime | None]
    spoiled: Mapped[int | None]
    unused: Mapped[int | None]
    attempt: Mapped[int]
    agreed: Mapped[bool]
    voided_because: Mapped[str | None]


class BallotBatch(DistrictKey, Base):
    """Ballots given to a station, by their serials (both included); append-only."""

    __tablename__ = "ballot_batch"
    __table_args__ = (
        of("election", "election_id"),
        of("polling_station", "station_id"),
        CheckConstraint("first >= 1 AND last >= first", name="serials"),
        UniqueConstraint("district", "election_id", "round", "first"),
    )

    election_id: Mapped[UUID]
    round: Mapped[int]
    station_id: Mapped[UUID]
    first: Mapped[int]
    last: Mapped[int]
    issued_by: Mapped[UUID | None]


class RollMark(InDistrict, Base):
    """That an elector was given a ballot: once a round, at whatever station; append-only.

    Nothing joins it to the ballot.
    """

    __tablename__ = "roll_mark"
    __table_args__ = (
        of("elector", "elector_id"),
        of("polling_station", "station_id"),
        one_of("channel", Channel),
        CheckConstraint("(channel = 'proxy') = (holder_id IS NOT NULL)", name="holder"),
        Index("roll_mark_station_idx", "district", "station_id"),
    )

    election_id: Mapped[UUID] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    elector_id: Mapped[UUID] = mapped_column(primary_key=True)
    station_id: Mapped[UUID]
    channel: Mapped[str]
    holder_id: Mapped[UUID | None]
    offline: Mapped[bool]
    marked_at: Mapped[datetime]
    marked_by: Mapped[UUID | None]


class MarkConflict(DistrictKey, Base):
    """That an elector who was marked already was given a ballot at another station, found when
    its offline marks came in. Nothing is lost: both stations are kept, with their ballots."""

    __tablename__ = "mark_conflict"
    __table_args__ = (
        of("elector", "elector_id"),
        of("polling_station", "station_id"),
        one_of("channel", Channel),
        UniqueConstraint("district", "station_id", "elector_id"),
        CheckConstraint("(decided_on IS NULL) = (decision IS NULL)", name="decided"),
        Index("mark_conflict_election_idx", "district", "election_id", "round"),
    )

    election_id: Mapped[UUID]
    round: Mapped[int]
    elector_id: Mapped[UUID]
    station_id: Mapped[UUID]
    kept_station_id: Mapped[UUID]
    channel: Mapped[str]
    marked_at: Mapped[datetime]
    marked_by: Mapped[UUID | None]
    decided_on: Mapped[date | None]
    decision: Mapped[str | None]


class CountSheet(DistrictKey, Timestamps, Base):
    """One of the two sheets on which a station's ballots are counted: two sheets by two counters,
    entered by two persons."""

    __tablename__ = "count_sheet"
    __table_args__ = (
        of("polling_station", "station_id"),
        of("election_file", "photograph_id"),
        CheckConstraint("sheet IN ('A', 'B')", name="sheet"),
        UniqueConstraint("district", "station_id", "attempt", "sheet"),
        UniqueConstraint("district", "station_id", "attempt", "entered_by"),
        UniqueConstraint("district", "station_id", "attempt", "counted_by"),
    )

    election_id: Mapped[UUID]
    station_id: Mapped[UUID]
    attempt: Mapped[int]
    sheet: Mapped[str]
    counted_by: Mapped[UUID]
    entered_by: Mapped[UUID | None]
    received: Mapped[int]
    contests: Mapped[list[Any]] = mapped_column(JSONB)
    photograph_id: Mapped[UUID]
    differs: Mapped[bool | None]


class SeatDecision(DistrictKey, Timestamps, Base):
    """What was decided where the votes do not decide, and by which rule; append-only."""

    __tablename__ = "seat_decision"
    __table_args__ = (
        of("election", "election_id"),
        UniqueConstraint("district", "election_id", "round", "contest", "step"),
        CheckConstraint("how IN ('run_off', 'other')", name="how"),
    )

    election_id: Mapped[UUID]
    round: Mapped[int]
    contest: Mapped[str]
    step: Mapped[str]
    question: Mapped[str]
    among: Mapped[list[Any]] = mapped_column(JSONB)
    elected: Mapped[list[Any]] = mapped_column(JSONB)
    how: Mapped[str]
    votes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    source: Mapped[str]
    document: Mapped[str | None]
    decided_on: Mapped[date]
    decided_by: Mapped[UUID | None]
