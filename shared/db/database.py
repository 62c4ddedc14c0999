"""One door to a service's database: writing transactions and read-only sessions by district."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from sqlalchemy import event
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    create_async_engine,
)

from shared.db.base import checked_district

ReadSession = AsyncConnection
LOST_CONNECTION = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)
"""What asyncpg raises when the server went away."""


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def _engine(url: str, *, schema: str, pool_size: int, autocommit: bool) -> AsyncEngine:
    # A read waits for a connection rather than opening one for itself alone. Writing may need a
    # second one while it holds the first, so it may open more.
    options: dict[str, Any] = {"max_overflow": pool_size}
    if autocommit:
        options = {"max_overflow": 0, "isolation_level": "AUTOCOMMIT"}
    return create_async_engine(
        url,
        pool_size=pool_size,
        pool_timeout=10,
        pool_recycle=1800,
        pool_use_lifo=True,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        connect_args={
            "timeout": 10,
            "server_settings": {
                "search_path": schema,
                "timezone": "UTC",
                "jit": "off",
                "statement_timeout": "30000",
                "idle_in_transaction_session_timeout": "60000",
            },
        },
        **options,
    )


class Database:
    """A service's database.

    `url` is an asyncpg URL with the service's own role, which neither owns tables nor may bypass
    row-level security; `schema` is the service's. `read_url` may name a replica.
    """

    def __init__(
        self, url: str, *, schema: str, read_url: str | None = None, pool_size: int = 8
    ) -> None:
        self._writing = _engine(url, schema=schema, pool_size=pool_size, autocommit=False)
        self._reading = _engine(
            read_url or url, schema=schema, pool_size=pool_size, autocommit=True
        )

    @asynccontextmanager
    async def transaction(self, district: str) -> AsyncIterator[AsyncSession]:
        """One transaction in one district: committed on leaving, rolled back on an error."""
        async with self.session(district) as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def session(self, district: str) -> AsyncIterator[AsyncSession]:
        """As `transaction`, but the caller commits; what is not committed is rolled back."""
        code = checked_district(district)
        async with AsyncSession(self._writing, expire_on_commit=False) as session:

            @event.listens_for(session.sync_session, "after_begin")
            def set_district(_session: Any, _transaction: Any, connection: Any) -> None:
                connection.exec_driver_sql(f"SET LOCAL app.district = '{code}'")

            yield session

    @asynccontextmanager
    async def read(self, district: str) -> AsyncIterator[ReadSession]:
        """A read-only transaction in one district.

        BEGIN and the district travel in one message, so a read costs two short round trips more
        than one without row-level security (measured in `benchmarks/reads.py`).
        """
        connection = await self._begin_reading(checked_district(district))
        driver = await driver_connection(connection)
        try:
            try:
                yield connection
            except BaseException:
                if driver.is_in_transaction() and not driver.is_closed():
                    await driver.execute("ROLLBACK")
                raise
            await driver.execute("COMMIT")
        finally:
            if driver.is_closed() and not connection.invalidated:
                await connection.invalidate()
            await connection.close()

    async def _begin_reading(self, code: str) -> AsyncConnection:
        """A connection in a read-only transaction; one that broke while it lay in the pool is
        replaced, and the pool's others with it."""
        begin = f"BEGIN READ ONLY; SET LOCAL app.district = '{code}'"
        for broken in (True, False):
            connection = await self._reading.connect()
            try:
                await (await driver_connection(connection)).execute(begin)
            except BaseException as error:
                await connection.invalidate()
                await connection.close()
                if not broken or not isinstance(error, LOST_CONNECTION):
                    raise
                await self._reading.dispose()
                continue
            return connection
        raise AssertionError  # pragma: no cover - the second pass returns or raises

    @asynccontextmanager
    async def installation(self) -> AsyncIterator[AsyncSession]:
        """One transaction outside every district: only tables of the installation are visible."""
        async with AsyncSession(self._writing, expire_on_commit=False) as session:
            yield session
            await session.commit()

    async def ping(self) -> None:
        """Raises when the database cannot be reached."""
        async with self._reading.connect() as connection:
            await connection.exec_driver_sql("SELECT 1")

    async def close(self) -> None:
        """Give every pooled connection back."""
        await self._writing.dispose()
        await self._reading.dispose()


async def driver_connection(connection: AsyncConnection) -> "asyncpg.Connection[Any]":
    """The asyncpg connection beneath; for COPY and for several statements in one message."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if not isinstance(driver, asyncpg.Connection):
        raise TypeError("the database driver must be asyncpg")
    return driver
