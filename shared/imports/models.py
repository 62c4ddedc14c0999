"""Imports: what was brought, how it was checked, what it changed."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db.base import TYPES, DistrictKey, service_metadata


class ImportBase(DeclarativeBase):
    """The import tables of those services that take files in."""

    metadata = service_metadata()
    type_annotation_map = TYPES


class ImportMode(StrEnum):
    """Take all rows or none, or take the good ones."""

    ALL_OR_NOTHING = "all_or_nothing"
    GOOD_ROWS = "good_rows"


class Import(DistrictKey, ImportBase):
    """One file brought in. Its id is also its job's. `checkpoint` rows have been dealt with."""

    __tablename__ = "import"
    __table_args__ = (
        CheckConstraint("mode IN ('all_or_nothing', 'good_rows')", name="mode"),
        Index("import_created_idx", "district", "created_at"),
    )

    kind: Mapped[str]
    file_name: Mapped[str]
    file_key: Mapped[str]
    sha256: Mapped[str]
    mode: Mapped[str]
    dry_run: Mapped[bool]
    checkpoint: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    finding_counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ImportFinding(DistrictKey, ImportBase):
    """One fault of a file, by row and column; at most a thousand are kept of a file."""

    __tablename__ = "import_finding"
    __table_args__ = (
        ForeignKeyConstraint(["district", "import_id"], ["import.district", "import.id"]),
        Index("import_finding_row_idx", "district", "import_id", "row", "id"),
    )

    import_id: Mapped[UUID]
    row: Mapped[int]
    column: Mapped[str]
    code: Mapped[str]
    detail: Mapped[dict[str, Any]]
    remedy: Mapped[dict[str, Any]]
