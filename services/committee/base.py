"""The declarative base of the committee service's tables."""

from sqlalchemy.orm import DeclarativeBase

from shared.db.base import TYPES, service_metadata


class Base(DeclarativeBase):
    """Tables of the committee's schema."""

    metadata = service_metadata()
    type_annotation_map = TYPES
