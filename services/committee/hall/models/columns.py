"""What several tables of the hall say of their columns."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint


def one_of(column: str, values: Iterable[StrEnum]) -> CheckConstraint:
    """The column holds one of the values."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def refers(column: str, table: str) -> ForeignKeyConstraint:
    """The column names a row of the table in the same district."""
    return ForeignKeyConstraint(["district", column], [f"{table}.district", f"{table}.id"])
