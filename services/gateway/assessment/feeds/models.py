"""Feeds: whose visits, and the hash of the token that opens them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base
from shared.db.base import DistrictKey


class CalendarFeed(DistrictKey, Base):
    """A calendar's address. The token itself is nowhere; who has it may read until it is taken
    back."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        UniqueConstraint("district", "token_hash"),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        ForeignKeyConstraint(
            ["district", "department_id"], ["department.district", "department.id"]
        ),
        CheckConstraint("(community_id IS NULL) <> (department_id IS NULL)", name="scope"),
        Index("calendar_feed_creator_idx", "district", "created_by", "id"),
    )

    title: Mapped[str]
    community_id: Mapped[UUID | None]
    department_id: Mapped[UUID | None]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
