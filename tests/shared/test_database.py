"""A service's database when the server goes away under it."""

import asyncpg
import pytest
from sqlalchemy import text

from shared.db.database import Database
from tests.support.databases import Databases

PID = text("SELECT pg_backend_pid()")


async def _cut(databases: Databases, *pids: int) -> None:
    """End server processes, as when the server restarts."""
    owner = await asyncpg.connect(databases.server.superuser_dsn())
    try:
        for pid in pids:
            await owner.execute("SELECT pg_terminate_backend($1, 5000)", pid)
    finally:
        await owner.close()


@pytest.fixture
async def database(databases: Databases) -> Database:
    """A door of this test's own."""
    return databases.database("workstation", pool_size=4)


async def test_reading_goes_on_after_every_pooled_connection_was_lost(
    databases: Databases, database: Database, district: str
) -> None:
    async with database.read(district) as one, database.read(district) as two:
        pids = [await one.scalar(PID), await two.scalar(PID)]
    await _cut(databases, *pids)
    for _ in range(3):
        async with database.read(district) as session:
            found = await session.scalar(text("SELECT current_setting('app.district')"))
    assert found == district
    await database.close()


async def test_a_connection_lost_while_reading_is_told_and_not_used_again(
    databases: Databases, database: Database, district: str
) -> None:
    with pytest.raises(Exception, match=r"terminat|closed|connection"):
        async with database.read(district) as session:
            await _cut(databases, await session.scalar(PID))
            await session.execute(text("SELECT 1"))
    async with database.read(district) as session:
        assert await session.scalar(text("SELECT 1")) == 1
    await database.close()


async def test_writing_goes_on_after_one_refusal_when_connections_were_lost(
    databases: Databases, database: Database, district: str
) -> None:
    async with database.transaction(district) as one, database.transaction(district) as two:
        pids = [await one.scalar(PID), await two.scalar(PID)]
    await _cut(databases, *pids)
    failures = 0
    for _ in range(4):
        try:
            async with database.transaction(district) as session:
                await session.execute(text("SELECT 1"))
        except Exception:
            failures += 1
    assert failures <= 1
    await database.close()
