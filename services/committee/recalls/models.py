"""Tables of recalls and resignations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.committee.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned

_OPEN = "state IN ('collecting', 'submitted', 'defence', 'defended', 'announced')"


class Recall(DistrictKey, Timestamps, Versioned, Base):
    """A petition to recall a member, its vote and result; one at a time of each member.

    `electors`, `households`, `representatives` are the roll it is judged by, from `roll_document`;
    or from the roll of the election by which the member came to office, where the platform held it;
    `secret` is the key under which signers' identity numbers are hashed.
    """

    __tablename__ = "recall"
    __table_args__ = (
        ForeignKeyConstraint(["district", "committee_id"], ["committee.district", "committee.id"]),
        ForeignKeyConstraint(["district", "member_id"], ["member.district", "member.id"]),
        ForeignKeyConstraint(["district", "election_id"], ["election.district", "election.id"]),
        CheckConstraint("basis IN ('electors', 'households', 'representatives')", name="basis"),
        CheckConstraint(
            "form IN ('all_electors', 'household_representatives', 'resident_representatives')",
            name="form",
        ),
        CheckConstraint(
            "state IN ('collecting', 'submitted', 'defence', 'defended', 'announced', 'recalled', "
            "'retained', 'invalid', 'refused', 'withdrawn', 'lapsed')",
            name="state",
        ),
        CheckConstraint(
            "state NOT IN ('recalled', 'retained', 'invalid') OR outcome IS NOT NULL",
            name="outcome",
        ),
        Index(
            "recall_open_idx", "district", "member_id", unique=True, postgresql_where=text(_OPEN)
        ),
        Index("recall_committee_idx", "district", "committee_id", "id"),
    )

    committee_id: Mapped[UUID]
    member_id: Mapped[UUID]
    basis: Mapped[str]
    form: Mapped[str]
    reasons: Mapped[str]
    electors: Mapped[int | None]
    households: Mapped[int | None]
    representatives: Mapped[int | None]
    roll_document: Mapped[str]
    election_id: Mapped[UUID | None]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str]
    due_on: Mapped[date | None]
    defence: Mapped[str | None]
    defended_on: Mapped[date | None]
    vote_on: Mapped[date | None]
    vote_place: Mapped[str | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    concluded_on: Mapped[date | None]
    petitioned_by: Mapped[UUID | None]


class RecallSignature(DistrictKey, Base):
    """Somebody who signed, once; `signer` is the hash of the identity number, or the
    representative's id. A withdrawn or refused one does not count."""

    __tablename__ = "recall_signature"
    __table_args__ = (
        ForeignKeyConstraint(["district", "recall_id"], ["recall.district", "recall.id"]),
        CheckConstraint("state IN ('entered', 'verified', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("state IN ('entered', 'verified') OR reason IS NOT NULL", name="reason"),
        Index(
            "recall_signature_signer_idx",
            "district",
            "recall_id",
            "signer",
            unique=True,
            postgresql_where=text("state IN ('entered', 'verified')"),
        ),
        Index(
            "recall_signature_household_idx",
            "district",
            "recall_id",
            "household",
            unique=True,
            postgresql_where=text("state IN ('entered', 'verified')"),
        ),
    )

    recall_id: Mapped[UUID]
    signer: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str]
    household: Mapped[str | None]
    signed_on: Mapped[date]
    state: Mapped[str]
    reason: Mapped[str | None]
    entered_by: Mapped[UUID | None]
    verified_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RecallCount(DistrictKey, Base):
    """One person's count of a recall's ballots; the last of each person holds."""

    __tablename__ = "recall_count"
    __table_args__ = (
        ForeignKeyConstraint(["district", "recall_id"], ["recall.district", "recall.id"]),
        CheckConstraint("in_favour + against + void = received", name="votes"),
        CheckConstraint("received <= issued AND in_favour >= 0 AND against >= 0", name="ballots"),
        Index("recall_count_recall_idx", "district", "recall_id", "id"),
    )

    recall_id: Mapped[UUID]
    issued: Mapped[int]
    received: Mapped[int]
    in_favour: Mapped[int]
    against: Mapped[int]
    void: Mapped[int]
    counted_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Resignation(DistrictKey, Timestamps, Versioned, Base):
    """A member's resignation; the office ends on the day on which the meeting accepts it."""

    __tablename__ = "resignation"
    __table_args__ = (
        ForeignKeyConstraint(["district", "committee_id"], ["committee.district", "committee.id"]),
        ForeignKeyConstraint(["district", "member_id"], ["member.district", "member.id"]),
        CheckConstraint("state IN ('submitted', 'accepted', 'refused', 'withdrawn')", name="state"),
        CheckConstraint(
            "state NOT IN ('accepted', 'refused') OR meeting IS NOT NULL", name="meeting"
        ),
        Index(
            "resignation_open_idx",
            "district",
            "member_id",
            unique=True,
            postgresql_where=text("state = 'submitted'"),
        ),
        Index("resignation_committee_idx", "district", "committee_id", "id"),
    )

    committee_id: Mapped[UUID]
    member_id: Mapped[UUID]
    reason: Mapped[str]
    submitted_on: Mapped[date]
    state: Mapped[str]
    due_on: Mapped[date | None]
    meeting: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
