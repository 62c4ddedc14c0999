"""Writing and finding many rows with one statement. COPY is refused on tables with row-level
security, so the columns travel as arrays."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, literal
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.database import driver_connection


async def insert_rows(
    session: AsyncSession,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Insert rows into a table; `columns` gives each column's PostgreSQL type, in the rows' order.

    Raises the database's error when a row breaks a constraint; none is inserted then.
    """
    if not rows:
        return
    await session.flush()
    driver = await driver_connection(await session.connection())
    names = ", ".join(f'"{name}"' for name in columns)
    arrays = ", ".join(f"${index}::{kind}[]" for index, kind in enumerate(columns.values(), 1))
    await driver.execute(
        f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays})",
        *(list(column) for column in zip(*rows, strict=True)),
    )


def keys_as_table(
    columns: Sequence[Any], keys: Sequence[tuple[Any, ...]]
) -> tuple[FromClause, ColumnElement[bool]]:
    """Keys as a table to join with, and the condition that a row has one of them; the keys travel
    as one array a column."""
    arrays = [
        literal(list(values), ARRAY(column.type))
        for values, column in zip(zip(*keys, strict=True), columns, strict=True)
    ]
    parts = [sql_column(column.key, column.type) for column in columns]
    wanted = func.unnest(*arrays).table_valued(*parts, name="wanted").render_derived()
    return wanted, and_(*(column == wanted.c[column.key] for column in columns))
