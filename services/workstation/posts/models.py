"""Tables of posts."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from services.workstation.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Post(DistrictKey, Timestamps, Versioned, Base):
    """One approved post of a community, from its approval to its end."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("basis IN ('election', 'work')", name="basis"),
        CheckConstraint("ended_on IS NULL OR ended_on >= approved_on", name="period"),
        Index("post_community_idx", "district", "community_id", "code"),
    )

    community_id: Mapped[UUID]
    code: Mapped[str]
    basis: Mapped[str]
    approved_on: Mapped[date]
    document: Mapped[str]
    ended_on: Mapped[date | None]
