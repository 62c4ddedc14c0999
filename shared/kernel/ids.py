"""Ids: UUIDv7 (RFC 9562), which sort by the time they were made."""

import os
import threading
import time
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, SafeUUID

_RANDOM_LIMIT = 1 << 74
_LOWER_MASK = (1 << 62) - 1
_VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)
_POOLED = 256
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def _random_words() -> Iterator[int]:
    while True:
        yield from array("Q", os.urandom(8 * _POOLED))


class _Series:
    """Ids that rise strictly: RFC 9562, 6.2, method 2 (monotonic random)."""

    __slots__ = ("_lock", "_millisecond", "_random", "_words")

    def __init__(self) -> None:
        self.begin_afresh()

    def begin_afresh(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = -1
        self._random = 0
        self._words = _random_words()

    def next(self, millisecond: int, may_go_back: bool) -> UUID:
        with self._lock:
            last = self._millisecond
            if millisecond > last or (may_go_back and millisecond != last):
                random = self._seed()
            else:
                millisecond = last
                random = self._random + (next(self._words) & 0xFFFF_FFFF) + 1
                if random >= _RANDOM_LIMIT:
                    millisecond += 1
                    random = self._seed()
            self._millisecond = millisecond
            self._random = random
        # UUID(int=…) spends two thirds of the time on arguments that are not given here.
        made = object.__new__(UUID)
        object.__setattr__(
            made,
            "int",
            millisecond << 80
            | _VERSION_AND_VARIANT
            | (random >> 62) << 64
            | (random & _LOWER_MASK),
        )
        object.__setattr__(made, "is_safe", SafeUUID.unknown)
        return made

    def _seed(self) -> int:
        # 73 of the 74 bits: the top one starts at zero, so that increments have room.
        return next(self._words) << 9 | next(self._words) >> 55


_of_now = _Series()
_of_given_moments = _Series()

# A forked worker must neither wait for a lock its parent held nor repeat its parent's series.
os.register_at_fork(after_in_child=_of_now.begin_afresh)
os.register_at_fork(after_in_child=_of_given_moments.begin_afresh)


def new_id(now: datetime | None = None) -> UUID:
    """A new UUIDv7, greater than every one made before it in this process.

    That holds within one millisecond, among threads, and when the system clock is set back. With
    `now` (aware, after 1970) the id carries that moment instead; such ids rise as long as the
    moments do not go back, and are a series of their own.
    """
    if now is None:
        return _of_now.next(time.time_ns() // 1_000_000, False)
    if now.tzinfo is None or now < _EPOCH:
        raise ValueError("the moment of an id needs a time zone and lies after 1970")
    return _of_given_moments.next((now - _EPOCH) // _MILLISECOND, True)
