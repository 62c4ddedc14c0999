"""Moments and days. Moments are aware UTC datetimes; days are judged in Asia/Shanghai.

Asia/Shanghai is the fixed offset UTC+8 here, on every machine, with or without a time zone
database. That is exact from 15 September 1991 on, when the country's last summer time ended;
no moment before the platform itself is converted (birth dates and the like are days already).
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Protocol

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def day_of(moment: datetime) -> date:
    """The day in Asia/Shanghai on which an aware moment falls."""
    return _aware(moment).astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment


class Clock(Protocol):
    """Tells the time; passed in, so that a decision can be made as of any moment."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...

    def today(self) -> date:
        """The day in Asia/Shanghai."""
        ...


class SystemClock:
    """The machine's clock."""

    __slots__ = ()

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The day in Asia/Shanghai."""
        return day_of(self.now())


class FixedClock:
    """A clock that stands still until it is moved, for tests, demonstrations and replays."""

    __slots__ = ("_moment",)

    def __init__(self, moment: datetime) -> None:
        self._moment = _aware(moment).astimezone(UTC)

    @classmethod
    def on(cls, day: date) -> "FixedClock":
        """A clock that stands at noon of that day in Asia/Shanghai."""
        return cls(start_of(day) + timedelta(hours=12))

    def now(self) -> datetime:
        """The moment it stands at, aware, in UTC."""
        return self._moment

    def today(self) -> date:
        """The day in Asia/Shanghai."""
        return day_of(self._moment)

    def move_to(self, moment: datetime) -> None:
        """Set it to an aware moment, forward or back."""
        self._moment = _aware(moment).astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move it on."""
        self._moment += by
