"""Tables of what is said: comments, opinions, answers, moderation, sittings."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.committee.base import Base
from services.committee.hall.domain import Kind, ModerationState, Speaker
from services.committee.hall.models.columns import one_of, refers
from services.committee.hall.sitting_domain import Choice, Consensus, SittingState
from shared.db.base import DistrictKey, InDistrict, Timestamps, Versioned


class Comment(DistrictKey, Base):
    """Something said about a matter. `author` is never shown; `speaker` is."""

    __tablename__ = "matter_comment"
    __table_args__ = (
        refers("matter_id", "matter"),
        refers("sitting_id", "sitting"),
        one_of("kind", Kind),
        one_of("speaker", Speaker),
        CheckConstraint("(kind = 'opinion') = (sitting_id IS NOT NULL)", name="opinion"),
        Index("matter_comment_matter_idx", "district", "matter_id", "id"),
        Index(
            "matter_comment_sitting_idx",
            "district",
            "sitting_id",
            "id",
            postgresql_where=text("sitting_id IS NOT NULL"),
        ),
    )

    matter_id: Mapped[UUID]
    sitting_id: Mapped[UUID | None]
    kind: Mapped[str]
    speaker: Mapped[str]
    author: Mapped[UUID | None]
    body: Mapped[str]
    hidden: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Moderation(DistrictKey, Timestamps, Versioned, Base):
    """The hiding of a comment, or of a matter's own text where no comment is named."""

    __tablename__ = "matter_moderation"
    __table_args__ = (
        refers("matter_id", "matter"),
        refers("comment_id", "matter_comment"),
        one_of("state", ModerationState),
        Index(
            "matter_moderation_matter_idx",
            "district",
            "matter_id",
            unique=True,
            postgresql_where=text("comment_id IS NULL AND state <> 'restored'"),
        ),
        Index(
            "matter_moderation_comment_idx",
            "district",
            "comment_id",
            unique=True,
            postgresql_where=text("state <> 'restored'"),
        ),
    )

    matter_id: Mapped[UUID]
    comment_id: Mapped[UUID | None]
    state: Mapped[str]
    due_on: Mapped[date | None]
    reason: Mapped[str]
    appeal: Mapped[str | None]
    decision: Mapped[str | None]


class Sitting(DistrictKey, Timestamps, Versioned, Base):
    """A sitting of the hall. `extraordinary` says why it is not on one of the rule's days;
    `last_event` numbers what is streamed."""

    __tablename__ = "sitting"
    __table_args__ = (
        refers("community_id", "community"),
        one_of("state", SittingState),
        CheckConstraint("state <> 'published' OR minutes IS NOT NULL", name="minutes"),
        Index(
            "sitting_day_idx",
            "district",
            "community_id",
            "held_on",
            unique=True,
            postgresql_where=text("state <> 'cancelled'"),
        ),
        Index("sitting_held_idx", "district", "held_on", "id"),
    )

    community_id: Mapped[UUID]
    topic: Mapped[str]
    held_on: Mapped[date]
    begins: Mapped[time]
    place: Mapped[str]
    extraordinary: Mapped[str | None]
    state: Mapped[str]
    due_on: Mapped[date | None]
    minutes: Mapped[str | None]
    last_event: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AgendaItem(DistrictKey, Base):
    """A matter on a sitting's agenda; on one agenda at a time."""

    __tablename__ = "sitting_agenda"
    __table_args__ = (
        refers("sitting_id", "sitting"),
        refers("matter_id", "matter"),
        CheckConstraint("outcome IN ('resolved', 'deferred')", name="outcome"),
        Index("sitting_agenda_sitting_idx", "district", "sitting_id", "id"),
        Index(
            "sitting_agenda_open_idx",
            "district",
            "matter_id",
            unique=True,
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    sitting_id: Mapped[UUID]
    matter_id: Mapped[UUID]
    outcome: Mapped[str | None]
    reason: Mapped[str | None]


class Participant(DistrictKey, Base):
    """Who is invited to a sitting, and whether they came. The name is personal."""

    __tablename__ = "sitting_participant"
    __table_args__ = (
        refers("sitting_id", "sitting"),
        CheckConstraint(
            "kind IN ('resident', 'representative', 'committee', 'supervisor', 'department', "
            "'organisation', 'expert')",
            name="kind",
        ),
        Index("sitting_participant_sitting_idx", "district", "sitting_id", "id"),
    )

    sitting_id: Mapped[UUID]
    kind: Mapped[str]
    name: Mapped[str]
    organisation: Mapped[str | None]
    department_id: Mapped[UUID | None]
    attended: Mapped[bool] = mapped_column(default=False)


class Vote(InDistrict, Base):
    """What one account thinks of one item of an agenda; may change until it is resolved."""

    __tablename__ = "sitting_vote"
    __table_args__ = (refers("agenda_id", "sitting_agenda"), one_of("choice", Choice))

    agenda_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    choice: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class SittingEvent(InDistrict, Base):
    """What a sitting's stream tells, numbered without gaps; append-only by privilege."""

    __tablename__ = "sitting_event"
    __table_args__ = (
        ForeignKeyConstraint(["district", "sitting_id"], ["sitting.district", "sitting.id"]),
    )

    sitting_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Resolution(DistrictKey, Base):
    """What a deliberation came to, with how many agreed; append-only by privilege."""

    __tablename__ = "matter_resolution"
    __table_args__ = (
        refers("matter_id", "matter"),
        refers("sitting_id", "sitting"),
        one_of("consensus", Consensus),
        CheckConstraint("agree >= 0 AND reserve >= 0 AND oppose >= 0", name="tally"),
        Index("matter_resolution_matter_idx", "district", "matter_id", "id"),
    )

    matter_id: Mapped[UUID]
    sitting_id: Mapped[UUID]
    text: Mapped[str]
    agree: Mapped[int]
    reserve: Mapped[int]
    oppose: Mapped[int]
    consensus: Mapped[str]
    decided_on: Mapped[date]
