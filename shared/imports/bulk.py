"""Writing many rows with one statement. COPY is refused on tables with row-level security, so the
columns travel as arrays."""

from collections.abc import Mapping, Sequence
from typing import Any

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
