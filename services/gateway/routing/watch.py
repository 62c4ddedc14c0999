"""One look at all running exchanges every few milliseconds, instead of a timer for each."""

import asyncio
from typing import Protocol

TICK_SECONDS = 0.02


class Watched(Protocol):
    """An exchange that is looked after."""

    def look(self, now: float) -> None:
        """Called at every tick; `now` is the loop's time in seconds."""


class Watch:
    """Looks at what is watched while anything is."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._watched: set[Watched] = set()
        self._ticking = False

    def add(self, watched: Watched) -> None:
        """Look at it from the next tick on."""
        self._watched.add(watched)
        if not self._ticking:
            self._ticking = True
            self._loop.call_later(TICK_SECONDS, self._tick)

    def remove(self, watched: Watched) -> None:
        """Look at it no more."""
        self._watched.discard(watched)

    def _tick(self) -> None:
        now = self._loop.time()
        for watched in tuple(self._watched):
            watched.look(now)
        self._ticking = bool(self._watched)
        if self._ticking:
            self._loop.call_later(TICK_SECONDS, self._tick)
