"""The declarative foundation of every table."""

import re
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import CHAR, TEXT, DateTime, MetaData, Select, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.kernel.ids import new_id

NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

TYPES: dict[Any, Any] = {
    str: TEXT(),
    UUID: PG_UUID(as_uuid=True),
    datetime: DateTime(timezone=True),
    dict[str, Any]: JSONB,
    list[Any]: JSONB,
}

Rows: TypeAlias = "Select[*tuple[Any, ...]]"
"""A query for rows of whatever columns."""

DISTRICT_CODE = re.compile(r"[0-9]{6}", re.ASCII)


def service_metadata() -> MetaData:
    """A metadata of its own for each service; tables are found through the role's search_path,
    so the same shared tables live in every service's schema."""
    return MetaData(naming_convention=NAMING)


class PlatformBase(DeclarativeBase):
    """Tables that every service has: audit, events, idempotency keys, jobs."""

    metadata = service_metadata()
    type_annotation_map = TYPES


class InDistrict:
    """The district that a row belongs to (GB/T 2260 code), first part of every primary key."""

    district: Mapped[str] = mapped_column(CHAR(6), primary_key=True, sort_order=-2)


class DistrictKey(InDistrict):
    """The usual key of a district table: `(district, id)`."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


class Timestamps:
    """When a row came to be and when it last changed (timestamptz, database time)."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class Versioned:
    """A row whose lost updates are refused: its version is the resource's ETag."""

    version: Mapped[int] = mapped_column(default=1)


def checked_district(code: str) -> str:
    """The code itself when it is six ASCII digits; it is put into `SET LOCAL` as text.

    Raises ValueError otherwise.
    """
    if not DISTRICT_CODE.fullmatch(code):
        raise ValueError(f"not a GB/T 2260 district code: {code!r}")
    return code
