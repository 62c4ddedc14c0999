"""Login attempts counted in PostgreSQL under row locks, before the password is looked at."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity.domain import Guard, attempt, cleared
from services.gateway.identity.models import LoginGuard
from shared.db.database import Database

EVERYWHERE = "*"


def name_digest(login: str) -> bytes:
    """How a login name stands in the guards: names that do not exist are counted alike."""
    return hashlib.sha256(login.strip().casefold().encode()).digest()


async def _locked(session: AsyncSession, digest: bytes, source: str) -> LoginGuard:
    await session.execute(
        insert(LoginGuard)
        .values(name_digest=digest, source=source, failures=0)
        .on_conflict_do_nothing()
    )
    return (
        await session.execute(
            select(LoginGuard)
            .where(LoginGuard.name_digest == digest, LoginGuard.source == source)
            .with_for_update()
        )
    ).scalar_one()


def _facts(row: LoginGuard) -> Guard:
    return Guard(
        failures=row.failures,
        last_failed_at=row.last_failed_at,
        locked_until=row.locked_until,
        succeeded_at=row.succeeded_at,
    )


def _keep(row: LoginGuard, guard: Guard) -> None:
    row.failures = guard.failures
    row.last_failed_at = guard.last_failed_at
    row.locked_until = guard.locked_until
    row.succeeded_at = guard.succeeded_at


async def begin_attempt(
    database: Database, login: str, source: str, now: datetime
) -> timedelta | None:
    """Count an attempt as failed and let it go on (None), or say how long to wait."""
    async with database.installation() as session:
        digest = name_digest(login)
        name_row = await _locked(session, digest, EVERYWHERE)
        source_row = await _locked(session, digest, source)
        decided = attempt(_facts(source_row), _facts(name_row), now)
        _keep(source_row, decided.source)
        _keep(name_row, decided.name)
        return None if decided.allowed else decided.wait


async def clear_attempts(database: Database, login: str, source: str, now: datetime) -> None:
    """Forget the failures of this address after a success; the name's own count stays, since
    others may be guessing."""
    async with database.installation() as session:
        row = await _locked(session, name_digest(login), source)
        _keep(row, cleared(now))
