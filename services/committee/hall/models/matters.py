"""Tables of matters: what was raised, by whom (apart, so that no public query meets it), who
supports it, and where it can be found by parts of words."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import TEXT, CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.committee.base import Base
from services.committee.hall.domain import Category, Channel, Handler, HandoverState, MatterState
from services.committee.hall.models.columns import one_of, refers
from shared.db.base import DistrictKey, InDistrict, Timestamps, Versioned


class Matter(DistrictKey, Timestamps, Versioned, Base):
    """What a resident raised. `due_on` is the last day of the present step; `supporters` counts
    people, those of merged matters and `paper_supporters` included."""

    __tablename__ = "matter"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        refers("community_id", "community"),
        refers("merged_into", "matter"),
        one_of("state", MatterState),
        one_of("category", Category),
        one_of("channel", Channel),
        CheckConstraint(
            "(state = 'merged') = (merged_into IS NOT NULL) AND merged_into <> id", name="merged"
        ),
        CheckConstraint("state NOT IN ('result', 'closed') OR result IS NOT NULL", name="result"),
        CheckConstraint("(state = 'closed') = (closed_by IS NOT NULL)", name="closed"),
        CheckConstraint("closed_by IN ('word', 'limit')", name="closed_by"),
        CheckConstraint("supporters >= 0 AND paper_supporters >= 0", name="supporters"),
        Index("matter_raised_idx", "district", "raised_at", "id"),
        Index("matter_community_idx", "district", "community_id", "raised_at", "id"),
        Index("matter_state_idx", "district", "state", "raised_at", "id"),
        Index("matter_category_idx", "district", "category", "raised_at", "id"),
        Index(
            "matter_merged_idx",
            "district",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        Index("matter_due_idx", "district", "due_on", postgresql_where=text("due_on IS NOT NULL")),
    )

    community_id: Mapped[UUID]
    code: Mapped[str]
    title: Mapped[str]
    content: Mapped[str]
    category: Mapped[str]
    place: Mapped[str]
    channel: Mapped[str]
    anonymous: Mapped[bool]
    hidden: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str]
    due_on: Mapped[date | None]
    merged_into: Mapped[UUID | None]
    supporters: Mapped[int] = mapped_column(default=0)
    paper_supporters: Mapped[int] = mapped_column(default=0)
    pair_count: Mapped[int]
    result: Mapped[str | None]
    reopened: Mapped[bool] = mapped_column(default=False)
    closed_by: Mapped[str | None]
    raised_at: Mapped[datetime]
    first_answered_at: Mapped[datetime | None]
    resulted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]


class Raiser(InDistrict, Base):
    """Who raised a matter, for the committee only: an account, or a caller or visitor whom
    `entered_by` wrote down. `name` and `phone` are personal."""

    __tablename__ = "matter_raiser"
    __table_args__ = (
        refers("matter_id", "matter"),
        Index("matter_raiser_account_idx", "district", "account_id", "matter_id"),
    )

    matter_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID | None]
    entered_by: Mapped[UUID | None]
    name: Mapped[str | None]
    phone: Mapped[str | None]


class Pair(InDistrict, Base):
    """Two neighbouring signs (or the last one of a word) that stand in a matter. The index of
    texts is a table, since row-level security keeps PostgreSQL from using its own text indexes."""

    __tablename__ = "matter_pair"
    __table_args__ = (Index("matter_pair_matter_idx", "district", "matter_id"),)

    pair: Mapped[str] = mapped_column(TEXT(collation="C"), primary_key=True)
    matter_id: Mapped[UUID] = mapped_column(primary_key=True)
    in_title: Mapped[bool]


class Support(InDistrict, Base):
    """Somebody supports a matter; who is never shown."""

    __tablename__ = "matter_support"
    __table_args__ = (refers("matter_id", "matter"),)

    matter_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    withdrawn_at: Mapped[datetime | None]


class Act(DistrictKey, Base):
    """One use of something that is limited per person; deleted once no window holds it."""

    __tablename__ = "matter_act"
    __table_args__ = (Index("matter_act_account_idx", "district", "account_id", "act", "at"),)

    account_id: Mapped[UUID]
    act: Mapped[str]
    at: Mapped[datetime]


class Attachment(DistrictKey, Base):
    """A photograph or document of a matter; seen by the public once the committee says so."""

    __tablename__ = "matter_attachment"
    __table_args__ = (
        refers("matter_id", "matter"),
        Index("matter_attachment_matter_idx", "district", "matter_id", "id"),
    )

    matter_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    scanned: Mapped[bool]
    public: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Rating(DistrictKey, Base):
    """The word of who raised a matter on its result, one a round; append-only by privilege."""

    __tablename__ = "matter_rating"
    __table_args__ = (
        refers("matter_id", "matter"),
        UniqueConstraint("district", "matter_id", "round"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        CheckConstraint("round IN (1, 2)", name="round"),
    )

    matter_id: Mapped[UUID]
    round: Mapped[int]
    score: Mapped[int]
    word: Mapped[str | None]
    entered: Mapped[bool]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Handover(DistrictKey, Timestamps, Versioned, Base):
    """A matter in somebody's hands; one at a time."""

    __tablename__ = "matter_handover"
    __table_args__ = (
        refers("matter_id", "matter"),
        one_of("handler", Handler),
        one_of("state", HandoverState),
        CheckConstraint(
            "(handler = 'department') = (department_id IS NOT NULL)", name="department"
        ),
        Index(
            "matter_handover_open_idx",
            "district",
            "matter_id",
            unique=True,
            postgresql_where=text("state IN ('sent', 'signed')"),
        ),
        Index("matter_handover_department_idx", "district", "department_id", "id"),
    )

    matter_id: Mapped[UUID]
    handler: Mapped[str]
    department_id: Mapped[UUID | None]
    department_name: Mapped[str | None]
    request: Mapped[str]
    state: Mapped[str]
    handed_on: Mapped[date]
    due_on: Mapped[date]
    signed_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    reason: Mapped[str | None]
    result: Mapped[str | None]
