"""Putting work into the queue within the caller's transaction."""

from datetime import timedelta

from pgqueuer.queries import Queries
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.database import driver_connection


async def enqueue(
    session: AsyncSession, entrypoint: str, payload: str, *, after: timedelta | None = None
) -> None:
    """Ask the workers for one run of `entrypoint`; it begins only if the transaction commits,
    and not before `after` has passed."""
    await session.flush()
    driver = await driver_connection(await session.connection())
    await Queries.from_asyncpg_connection(driver).enqueue(
        entrypoint, payload.encode(), execute_after=after
    )
