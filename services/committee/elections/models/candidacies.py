"""Nominations, candidates and proxies."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.committee.base import Base
from services.committee.elections.domain import (
    Ground,
    NominationState,
    Nominator,
    Sex,
)
from services.committee.elections.models.checks import of, one_of
from shared.db.base import DistrictKey, Timestamps, Versioned


class Nomination(DistrictKey, Timestamps, Versioned, Base):
    """An elector nominated for an office (组织法 18)."""

    __tablename__ = "nomination"
    __table_args__ = (
        of("election", "election_id"),
        of("elector", "elector_id"),
        one_of("state", NominationState),
        one_of("nominated_by", Nominator),
        one_of("ground", Ground),
        CheckConstraint("(state = 'refused') = (ground IS NOT NULL)", name="refused"),
        Index(
            "nomination_person_idx",
            "district",
            "election_id",
            "elector_id",
            "contest",
            unique=True,
            postgresql_where=text("state NOT IN ('refused', 'withdrawn')"),
        ),
    )

    election_id: Mapped[UUID]
    elector_id: Mapped[UUID]
    contest: Mapped[str]
    nominated_by: Mapped[str]
    document: Mapped[str | None]
    state: Mapped[str]
    ground: Mapped[str | None]
    nominated_on: Mapped[date]
    reviewed_on: Mapped[date | None]
    review: Mapped[str | None]
    accepted_on: Mapped[date | None]
    created_by: Mapped[UUID | None]


class NominationSupporter(DistrictKey, Base):
    """An elector who nominates; append-only, each once a nomination."""

    __tablename__ = "nomination_supporter"
    __table_args__ = (
        of("nomination", "nomination_id"),
        of("elector", "elector_id"),
        UniqueConstraint("district", "nomination_id", "elector_id"),
        Index("nomination_supporter_elector_idx", "district", "elector_id"),
    )

    nomination_id: Mapped[UUID]
    elector_id: Mapped[UUID]


class Candidate(DistrictKey, Timestamps, Base):
    """A candidate of one contest of a round, in the order of the ballot."""

    __tablename__ = "candidate"
    __table_args__ = (
        of("election", "election_id"),
        of("elector", "elector_id"),
        one_of("sex", Sex),
        UniqueConstraint("district", "election_id", "round", "contest", "person_id"),
        Index("candidate_person_idx", "district", "election_id", "person_id"),
    )

    election_id: Mapped[UUID]
    round: Mapped[int]
    contest: Mapped[str]
    office: Mapped[str]
    place: Mapped[int]
    person_id: Mapped[UUID]
    elector_id: Mapped[UUID]
    name: Mapped[str]
    sex: Mapped[str]
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str | None]


class Proxy(DistrictKey, Timestamps, Base):
    """A written proxy of an elector who is away (组织法 19). `slot` numbers a holder's proxies, so
    that a unique key keeps them within the limit however many come at once."""

    __tablename__ = "proxy"
    __table_args__ = (
        of("election", "election_id"),
        of("elector", "principal_id"),
        of("elector", "holder_id"),
        CheckConstraint("principal_id <> holder_id", name="another"),
        CheckConstraint("slot BETWEEN 1 AND 3", name="slot"),
        Index(
            "proxy_principal_idx",
            "district",
            "election_id",
            "principal_id",
            unique=True,
            postgresql_where=text("revoked_on IS NULL"),
        ),
        Index(
            "proxy_holder_idx",
            "district",
            "election_id",
            "holder_id",
            "slot",
            unique=True,
            postgresql_where=text("revoked_on IS NULL"),
        ),
    )

    election_id: Mapped[UUID]
    principal_id: Mapped[UUID]
    holder_id: Mapped[UUID]
    slot: Mapped[int]
    document: Mapped[str]
    reason: Mapped[str]
    given_on: Mapped[date]
    published: Mapped[bool] = mapped_column(default=False)
    revoked_on: Mapped[date | None]
