"""The statutory periods of an election, in days. Pure.

A period's own first day is not counted (民法典 201): five days from the day of publication end
with the fifth day after it.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which something may be done: `first` and `last` are both allowed."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Periods:
    """The lengths that the rules give, in days (组织法 17, 25)."""

    published_before: int
    objections: int
    decisions: int
    handover: int


def last_publication_day(election_day: date, periods: Periods) -> date:
    """The last day on which the roll may be published: twenty days before election day (组织法 17)."""
    return election_day - timedelta(days=periods.published_before)


def first_election_day(published_on: date, periods: Periods) -> date:
    """The first day on which may be voted after the roll was published (组织法 17)."""
    return published_on + timedelta(days=periods.published_before)


def objection_window(published_on: date, periods: Periods) -> Window:
    """When objections to the roll may be made: from its publication, five days (组织法 17)."""
    return Window(published_on, published_on + timedelta(days=periods.objections))


def decision_due(received_on: date, periods: Periods) -> date:
    """The last day to decide on an objection: three days from its receipt (组织法 17)."""
    return received_on + timedelta(days=periods.decisions)


def first_freeze_day(published_on: date, periods: Periods) -> date:
    """The first day on which the roll may be frozen: when nobody can object any more."""
    return objection_window(published_on, periods).last + timedelta(days=1)


def handover_window(elected_on: date, periods: Periods) -> Window:
    """When work is to be handed over: ten days from the new committee's election (组织法 25)."""
    return Window(elected_on, elected_on + timedelta(days=periods.handover))


def years_after(day: date, years: int) -> date:
    """The same day so many years on; the 29th of February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the month's last day where it has no such day."""
    month = day.year * 12 + day.month - 1 - months
    for last in (day.day, 30, 29, 28):
        try:
            return date(month // 12, month % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError  # pragma: no cover - every month has 28 days


def age_on(born_on: date, day: date) -> int:
    """Full years on a day; one turns a year older on the birthday (for 29 February: 1 March)."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
