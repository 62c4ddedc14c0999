"""The roll of electors."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.committee.base import Base
from services.committee.elections.domain import Basis, ObjectionState, Sex
from services.committee.elections.models.checks import of, one_of
from shared.db.base import DistrictKey, Timestamps, Versioned


class Elector(DistrictKey, Timestamps, Base):
    """Somebody who was registered or refused, with the reasons.

    The identity number is not kept, only its hash under the election's secret. `unit` is the
    household or residents' group for whom the elector votes; `alone` that no other may vote for
    it. `number` and `commitment` stand for the elector in the public log.
    """

    __tablename__ = "elector"
    __table_args__ = (
        of("election", "election_id"),
        one_of("sex", Sex),
        one_of("basis", Basis),
        CheckConstraint("state IN ('registered', 'refused', 'removed')", name="state"),
        CheckConstraint("NOT votes OR state <> 'refused'", name="votes"),
        CheckConstraint("(removed_on IS NULL) = (state <> 'removed')", name="removed"),
        Index(
            "elector_identity_idx",
            "district",
            "election_id",
            "identity_hash",
            unique=True,
            postgresql_where=text("state = 'registered'"),
        ),
        Index("elector_number_idx", "district", "election_id", "number", unique=True),
        Index("elector_name_idx", "district", "election_id", "name", "id"),
        Index(
            "elector_unit_idx",
            "district",
            "election_id",
            "unit",
            unique=True,
            postgresql_where=text("alone AND state = 'registered'"),
        ),
    )

    election_id: Mapped[UUID]
    person_id: Mapped[UUID]
    identity_hash: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str]
    sex: Mapped[str]
    born_on: Mapped[date]
    basis: Mapped[str]
    household: Mapped[str | None]
    state: Mapped[str]
    reasons: Mapped[list[Any]] = mapped_column(JSONB)
    declaration: Mapped[str]
    registered_on: Mapped[date]
    removed_on: Mapped[date | None]
    removed_because: Mapped[str | None]
    votes: Mapped[bool]
    unit: Mapped[str | None]
    alone: Mapped[bool]
    commitment: Mapped[str]
    unit_commitment: Mapped[str | None]
    number: Mapped[int | None]
    frozen: Mapped[bool]
    registered_by: Mapped[UUID | None]


class RollObjection(DistrictKey, Timestamps, Versioned, Base):
    """An objection to the published roll 申诉, and its decision (组织法 17)."""

    __tablename__ = "roll_objection"
    __table_args__ = (
        of("election", "election_id"),
        one_of("state", ObjectionState),
        CheckConstraint("(state = 'raised') = (decided_on IS NULL)", name="decided"),
        Index("roll_objection_election_idx", "district", "election_id", "id"),
    )

    election_id: Mapped[UUID]
    raised_on: Mapped[date]
    due_on: Mapped[date]
    objector: Mapped[str]
    concerns: Mapped[str]
    elector_id: Mapped[UUID | None]
    state: Mapped[str]
    decided_on: Mapped[date | None]
    decision: Mapped[str | None]
    raised_by: Mapped[UUID | None]
