"""Live sittings: one database connection a process hears of new events and hands each, read once,
to all who listen. Nobody polls."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from services.committee.hall.streaming import CHANNEL, Told, told_after
from shared.db.database import LOST_CONNECTION, Database

KEEP_ALIVE_SECONDS = 15.0
RECONNECT_SECONDS = 1.0
_MOST_WAITING = 1000
_ALIVE = b": alive\n\n"
_OPENED = b"retry: 3000\n\n"

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class Listener:
    """One client of a stream. One that does not keep up is let go; it comes back with the number
    of the last event it saw."""

    waiting: "asyncio.Queue[Told | None]" = field(
        default_factory=lambda: asyncio.Queue(_MOST_WAITING)
    )

    def hand(self, told: Told | None) -> None:
        """Give it an event, or (None) its end."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            told = None
        self.waiting.put_nowait(told)


@dataclass
class _Sitting:
    listeners: set[Listener] = field(default_factory=set)
    handed: int | None = None
    reading: "asyncio.Task[None] | None" = None
    again: bool = False


class Live:
    """The listeners of this process, by sitting."""

    def __init__(self, database: Database, url: str) -> None:
        self._database = database
        self._url = url.replace("+asyncpg", "")
        self._sittings: dict[tuple[str, UUID], _Sitting] = {}
        self._task: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()

    def start(self) -> None:
        """Begin to hear of events."""
        self._stopped.clear()
        self._task = asyncio.create_task(self._hear())

    async def stop(self) -> None:
        """End every stream and the hearing."""
        self._stopped.set()
        self.end_streams()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def end_streams(self) -> None:
        """Tell every client that this process goes; each comes back to another, or to the next."""
        for sitting in self._sittings.values():
            for listener in sitting.listeners:
                listener.hand(None)

    @property
    def listeners(self) -> int:
        """How many listen in this process."""
        return sum(len(sitting.listeners) for sitting in self._sittings.values())

    def join(self, district: str, sitting_id: UUID) -> Listener:
        """Begin to listen; to be done before what is stored is read, so that nothing falls in
        between. Whoever joins must leave."""
        listener = Listener()
        self._sittings.setdefault((district, sitting_id), _Sitting()).listeners.add(listener)
        return listener

    def leave(self, district: str, sitting_id: UUID, listener: Listener) -> None:
        """Listen no longer."""
        sitting = self._sittings.get((district, sitting_id))
        if sitting is not None:
            sitting.listeners.discard(listener)
            if not sitting.listeners:
                del self._sittings[district, sitting_id]

    @staticmethod
    async def frames(
        listener: Listener, stored: Sequence[Told], after: int, *, over: bool = False
    ) -> AsyncIterator[bytes]:
        """The stream of one client: what is stored, then what comes, until the sitting is over."""
        yield _OPENED + b"".join(told.frame for told in stored)
        if over or any(told.last for told in stored):
            return
        seen = stored[-1].number if stored else after
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                    told = await listener.waiting.get()
            except TimeoutError:
                yield _ALIVE
                continue
            if told is None:
                return
            if told.number > seen:
                seen = told.number
                yield told.frame
            if told.last:
                return

    async def _hear(self) -> None:
        while not self._stopped.is_set():
            try:
                await self._hear_until_lost()
            except LOST_CONNECTION as error:
                log.warning("live.connection_lost", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(RECONNECT_SECONDS):
                    await self._stopped.wait()

    async def _hear_until_lost(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=10)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        try:
            await connection.add_listener(CHANNEL, self._heard)
            for key in list(self._sittings):
                self._read(key, missed=True)
            await lost.wait()
        finally:
            with suppress(Exception):
                await connection.close(timeout=2)

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        district, sitting_id, number = str(payload).split()
        key = (district, UUID(sitting_id))
        sitting = self._sittings.get(key)
        if sitting is None:
            return
        if sitting.handed is None:
            # Whoever listens joined before this was heard, and reads the earlier ones themselves.
            sitting.handed = int(number) - 1
        self._read(key)

    def _read(self, key: tuple[str, UUID], *, missed: bool = False) -> None:
        sitting = self._sittings.get(key)
        if sitting is None or (missed and not sitting.listeners):
            return
        if sitting.reading is not None and not sitting.reading.done():
            sitting.again = True
            return
        sitting.reading = asyncio.create_task(self._hand_out(key, sitting))

    async def _hand_out(self, key: tuple[str, UUID], sitting: _Sitting) -> None:
        sitting.again = True
        while sitting.again:
            sitting.again = False
            try:
                async with self._database.transaction(key[0]) as session:
                    found = await told_after(session, key[1], sitting.handed or 0)
            except Exception as error:
                log.warning("live.reading_failed", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)
                sitting.again = True
                continue
            for told in found:
                sitting.handed = told.number
                for listener in list(sitting.listeners):
                    listener.hand(told)
