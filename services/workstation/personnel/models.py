"""Tables of personnel."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from services.workstation.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Staff(DistrictKey, Timestamps, Versioned, Base):
    """A person who works for the communities."""

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
        CheckConstraint("left_on IS NULL OR left_on >= hired_on", name="period"),
    )

    code: Mapped[str]
    name: Mapped[str]
    sex: Mapped[str]
    hired_on: Mapped[date]
    left_on: Mapped[date | None]


class Placement(DistrictKey, Timestamps, Versioned, Base):
    """Where a person is from a day on: one place at a time, one person a post at a time.

    The self-hired hold no approved post; everyone else keeps theirs while seconded or off post.
    """

    __tablename__ = "placement"
    __table_args__ = (
        UniqueConstraint("district", "staff_id", "starts_on"),
        ForeignKeyConstraint(["district", "staff_id"], ["staff.district", "staff.id"]),
        ForeignKeyConstraint(["district", "post_id"], ["post.district", "post.id"]),
        ForeignKeyConstraint(["district", "street_id"], ["street.district", "street.id"]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint(
            "whereabouts IN ('on_duty', 'seconded_to_street', 'off_post', "
            "'seconded_to_district', 'self_hired')",
            name="whereabouts",
        ),
        CheckConstraint("(whereabouts = 'self_hired') = (post_id IS NULL)", name="self_hired"),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="period"),
        Index(
            "placement_staff_idx",
            "district",
            "staff_id",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
        Index(
            "placement_post_idx",
            "district",
            "post_id",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
        Index("placement_community_idx", "district", "community_id"),
    )

    staff_id: Mapped[UUID]
    whereabouts: Mapped[str]
    post_id: Mapped[UUID | None]
    street_id: Mapped[UUID]
    community_id: Mapped[UUID | None]
    host: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
