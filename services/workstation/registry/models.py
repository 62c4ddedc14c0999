"""Tables of the registry."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.workstation.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Street(DistrictKey, Timestamps, Versioned, Base):
    """A sub-district office 街道 or township 乡镇."""

    __tablename__ = "street"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        UniqueConstraint("district", "name"),
        CheckConstraint("kind IN ('street', 'township')", name="kind"),
    )

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]


class Community(DistrictKey, Timestamps, Versioned, Base):
    """A community 社区, from its founding to its end. `household_count` is the official number."""

    __tablename__ = "community"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        ForeignKeyConstraint(["district", "street_id"], ["street.district", "street.id"]),
        CheckConstraint(
            "kind IN ('urban', 'factory', 'village_converted', 'suburban')", name="kind"
        ),
        CheckConstraint("state IN ('proposed', 'active', 'ended')", name="state"),
        CheckConstraint("household_count >= 0", name="households"),
        CheckConstraint("ended_on IS NULL OR ended_on >= established_on", name="period"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended"),
        Index("community_street_idx", "district", "street_id", "code"),
    )

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    street_id: Mapped[UUID]
    established_on: Mapped[date]
    ended_on: Mapped[date | None]
    household_count: Mapped[int]


class Adjustment(DistrictKey, Base):
    """One act of the district that changed its map of communities, with its document."""

    __tablename__ = "adjustment"
    __table_args__ = (
        UniqueConstraint("district", "code"),
        CheckConstraint("kind IN ('create', 'merge', 'split', 'abolish', 'convert')", name="kind"),
        CheckConstraint("round >= 1", name="round"),
    )

    code: Mapped[str]
    round: Mapped[int]
    kind: Mapped[str]
    decided_on: Mapped[date]
    document: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AdjustmentPart(DistrictKey, Base):
    """A community that an adjustment took from (`before`) or gave (`after`)."""

    __tablename__ = "adjustment_part"
    __table_args__ = (
        UniqueConstraint("district", "adjustment_id", "community_id", "side"),
        ForeignKeyConstraint(
            ["district", "adjustment_id"], ["adjustment.district", "adjustment.id"]
        ),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("side IN ('before', 'after')", name="side"),
        Index("adjustment_part_community_idx", "district", "community_id"),
    )

    adjustment_id: Mapped[UUID]
    community_id: Mapped[UUID]
    side: Mapped[str]


class GridCell(DistrictKey, Timestamps, Versioned, Base):
    """A grid cell or building of a community, the smallest place work is assigned to."""

    __tablename__ = "grid_cell"
    __table_args__ = (
        UniqueConstraint("district", "community_id", "code"),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("kind IN ('grid', 'building')", name="kind"),
    )

    community_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]


class Household(DistrictKey, Timestamps, Versioned, Base):
    """A household 户."""

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("district", "community_id", "code"),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        ForeignKeyConstraint(["district", "grid_cell_id"], ["grid_cell.district", "grid_cell.id"]),
    )

    community_id: Mapped[UUID]
    grid_cell_id: Mapped[UUID | None]
    code: Mapped[str]
    address: Mapped[str]


class Resident(DistrictKey, Timestamps, Versioned, Base):
    """A person of a household; the ID number and phone are encrypted, the hash finds the number."""

    __tablename__ = "resident"
    __table_args__ = (
        ForeignKeyConstraint(["district", "household_id"], ["household.district", "household.id"]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
        CheckConstraint("residence IN ('registered', 'usual', 'both')", name="residence"),
        CheckConstraint("(left_on IS NULL) = (left_because IS NULL)", name="left"),
        CheckConstraint(
            "left_because IS NULL OR left_because IN ('moved', 'died', 'error')",
            name="left_because",
        ),
        Index(
            "resident_id_hash_idx",
            "district",
            "id_hash",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
        Index("resident_household_idx", "district", "household_id"),
        Index("resident_community_idx", "district", "community_id", "id"),
    )

    community_id: Mapped[UUID]
    household_id: Mapped[UUID]
    name: Mapped[str]
    sex: Mapped[str]
    born_on: Mapped[date]
    id_number: Mapped[bytes] = mapped_column(LargeBinary)
    id_hash: Mapped[bytes] = mapped_column(LargeBinary)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    residence: Mapped[str]
    left_on: Mapped[date | None]
    left_because: Mapped[str | None]
