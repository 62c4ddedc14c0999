"""Runs one service's migrations as the owner of its schema.

The caller passes `service` (gateway, workstation or committee) and the owner's asyncpg `url` in
the configuration's attributes.
"""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

SERVICE: str = context.config.attributes["service"]
URL: str = context.config.attributes["url"]


def _migrate(connection: Connection) -> None:
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SERVICE}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {SERVICE} TO shequ_{SERVICE}"))
    connection.execute(text(f"SET search_path TO {SERVICE}"))
    connection.commit()
    connection.dialect.default_schema_name = SERVICE
    context.configure(connection=connection, version_table_schema=SERVICE)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(7268901)"))
        context.run_migrations()


async def _run() -> None:
    engine = create_async_engine(URL, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


asyncio.run(_run())
