"""Periods of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import Invalid
from shared.kernel.period import Period

FIRST, LATER, LAST = date(2026, 1, 1), date(2026, 6, 1), date(2027, 1, 1)
days = st.dates(date(2020, 1, 1), date(2020, 2, 1))
periods = st.builds(
    lambda start, length: Period(start, None if length is None else start + timedelta(length)),
    days,
    st.none() | st.integers(0, 40),
)


def test_it_holds_its_first_day_and_not_its_end() -> None:
    period = Period(FIRST, LAST)
    assert period.contains(FIRST)
    assert period.contains(LAST - timedelta(1))
    assert not period.contains(LAST)
    assert not period.contains(FIRST - timedelta(1))


def test_an_open_period_goes_on() -> None:
    assert Period(FIRST).contains(date.max)
    assert not Period(FIRST).ended(date.max)


def test_it_is_over_from_its_end_on() -> None:
    assert not Period(FIRST, LAST).ended(LAST - timedelta(1))
    assert Period(FIRST, LAST).ended(LAST)


def test_what_ended_on_the_day_it_began_holds_no_day() -> None:
    assert not Period(FIRST, FIRST).contains(FIRST)
    assert not Period(FIRST, FIRST).overlaps(Period(FIRST))


def test_one_that_follows_another_does_not_overlap_it() -> None:
    assert not Period(FIRST, LATER).overlaps(Period(LATER, LAST))
    assert Period(FIRST, LATER + timedelta(1)).overlaps(Period(LATER))
    assert Period(FIRST).intersect(Period(LATER)) == Period(LATER)


def test_an_end_before_the_start_is_refused_with_a_remedy() -> None:
    with pytest.raises(Invalid) as refused:
        Period(LAST, FIRST)
    assert refused.value.code == "period_backwards"
    assert refused.value.issues[0].remedy.zh


@given(periods, periods, days)
def test_the_intersection_holds_just_the_days_of_both(
    one: Period, other: Period, day: date
) -> None:
    shared = one.intersect(other)
    assert (shared is not None and shared.contains(day)) == (
        one.contains(day) and other.contains(day)
    )
    assert one.overlaps(other) == other.overlaps(one) == (shared is not None)
