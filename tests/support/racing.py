"""Races that come out the same each time: nobody writes before all have read."""

import asyncio
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text

from shared.db.database import Database


def read_together(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, readers: int
) -> None:
    """Let each of so many callers of a module's coroutine function go on when all have its answer.

    The same number of transactions must be open at once, so at most a service's pool of
    connections.
    """
    original: Callable[..., Awaitable[Any]] = getattr(module, name)
    together = asyncio.Barrier(readers)

    async def met(*given: Any, **named: Any) -> Any:
        found = await original(*given, **named)
        await together.wait()
        return found

    monkeypatch.setattr(module, name, met)


async def waits_or_ends(task: "asyncio.Task[Any]", database: Database, district: str) -> None:
    """Return once a task has ended or a transaction of the database waits for an advisory lock."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with database.read(district) as session:
        while not task.done() and not await session.scalar(waiting):
            await asyncio.wait([task], timeout=0.01)
