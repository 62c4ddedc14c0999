"""Constraints that several tables have."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """The column holds one of an enumeration's values, or null where it may."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def of(table: str, column: str) -> ForeignKeyConstraint:
    """A foreign key within the district."""
    return ForeignKeyConstraint(["district", column], [f"{table}.district", f"{table}.id"])
