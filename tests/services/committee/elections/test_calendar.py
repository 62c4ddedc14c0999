"""The statutory periods: their first and last allowed day, and one day beyond."""

from datetime import date, timedelta

import pytest

from services.committee.elections import calendar
from services.committee.elections.calendar import Periods, Window

PERIODS = Periods(published_before=20, objections=5, decisions=3, handover=10)
ELECTION_DAY = date(2026, 12, 12)
ONE = timedelta(days=1)


def test_article_17_the_roll_is_published_twenty_days_before_election_day() -> None:
    last = calendar.last_publication_day(ELECTION_DAY, PERIODS)
    assert last == date(2026, 11, 22)
    assert calendar.first_election_day(last, PERIODS) == ELECTION_DAY
    assert calendar.first_election_day(last + ONE, PERIODS) > ELECTION_DAY


def test_article_17_objections_are_made_within_five_days_of_publication() -> None:
    published = date(2026, 11, 20)
    window = calendar.objection_window(published, PERIODS)
    assert window == Window(published, date(2026, 11, 25))
    assert not window.holds(published - ONE)
    assert window.holds(published)
    assert window.holds(date(2026, 11, 25))
    assert not window.holds(date(2026, 11, 26))


def test_article_17_an_objection_is_decided_within_three_days_of_its_receipt() -> None:
    assert calendar.decision_due(date(2026, 11, 25), PERIODS) == date(2026, 11, 28)
    assert calendar.decision_due(date(2026, 12, 30), PERIODS) == date(2027, 1, 2)


def test_article_17_the_roll_is_frozen_when_nobody_can_object_any_more() -> None:
    published = date(2026, 11, 20)
    first = calendar.first_freeze_day(published, PERIODS)
    assert not calendar.objection_window(published, PERIODS).holds(first)
    assert calendar.objection_window(published, PERIODS).holds(first - ONE)


def test_article_25_work_is_handed_over_within_ten_days_of_the_election() -> None:
    window = calendar.handover_window(ELECTION_DAY, PERIODS)
    assert window.last == date(2026, 12, 22)
    assert window.holds(ELECTION_DAY)
    assert window.holds(window.last)
    assert not window.holds(ELECTION_DAY - ONE)
    assert not window.holds(window.last + ONE)


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        (date(2026, 12, 12), 5, date(2031, 12, 12)),
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_article_14_a_term_lasts_five_years(day: date, years: int, then: date) -> None:
    assert calendar.years_after(day, years) == then


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 12, 12), ELECTION_DAY, 18),
        (date(2008, 12, 13), ELECTION_DAY, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_article_16_age_is_counted_on_election_day(born: date, day: date, age: int) -> None:
    assert calendar.age_on(born, day) == age


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (ELECTION_DAY, 6, date(2026, 6, 12)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2026, 3, 15), 6, date(2025, 9, 15)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
    ],
)
def test_article_16_six_months_of_work_are_counted_back(day: date, months: int, then: date) -> None:
    assert calendar.months_before(day, months) == then
