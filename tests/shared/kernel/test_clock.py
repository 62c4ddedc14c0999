"""Clocks and days."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.clock import SHANGHAI, Clock, FixedClock, SystemClock, day_of, start_of


def test_the_system_clock_tells_the_time_in_utc_and_the_day_in_shanghai() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC
    assert clock.today() in {day_of(now), day_of(clock.now())}


def test_the_day_in_shanghai_begins_at_four_in_the_afternoon_utc() -> None:
    assert day_of(datetime(2026, 1, 4, 15, 59, 59, tzinfo=UTC)) == date(2026, 1, 4)
    assert day_of(datetime(2026, 1, 4, 16, tzinfo=UTC)) == date(2026, 1, 5)
    assert start_of(date(2026, 1, 5)) == datetime(2026, 1, 4, 16, tzinfo=UTC)
    assert start_of(date(2026, 1, 5)).tzinfo is UTC


@given(st.dates(date(1992, 1, 1), date(2100, 1, 1)))
def test_a_day_runs_from_its_start_to_the_next_ones(day: date) -> None:
    moment = timedelta(microseconds=1)
    assert day_of(start_of(day)) == day
    assert day_of(start_of(day + timedelta(1)) - moment) == day


def test_a_fixed_clock_stands_still_until_it_is_moved() -> None:
    clock = FixedClock(datetime(2026, 1, 5, 9, tzinfo=SHANGHAI))
    assert clock.now() == clock.now() == datetime(2026, 1, 5, 1, tzinfo=UTC)
    clock.advance(timedelta(hours=15))
    assert clock.today() == date(2026, 1, 6)
    clock.move_to(datetime(2025, 12, 31, tzinfo=timezone(timedelta(hours=-5))))
    assert clock.now() == datetime(2025, 12, 31, 5, tzinfo=UTC)


def test_a_clock_on_a_day_stands_at_its_noon() -> None:
    clock = FixedClock.on(date(2026, 1, 5))
    assert clock.today() == date(2026, 1, 5)
    assert clock.now().astimezone(SHANGHAI).hour == 12


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2026, 1, 5))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 1, 5))  # noqa: DTZ001
