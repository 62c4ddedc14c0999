"""The working days of a district: the shipped notices, and those recorded as a rule."""

from datetime import date, timedelta
from functools import lru_cache

from shared.kernel.special_days import read_special_days
from shared.kernel.working_days import UnknownYear, WorkingDays
from shared.rulebook.rulebook import Rulebook

KEY = "calendar.special_days"
SATURDAY = 5


def working_days(rulebook: Rulebook, district: str, today: date) -> WorkingDays:
    """The calendar that is known today (国务院办公厅 yearly notice).

    A later year's notice is recorded as an override of `calendar.special_days` before this
    platform ships it. Asking about a year without a notice raises UnknownYear.
    """
    return _calendar(rulebook.lookup(KEY, district, today).text())


def limit_day(rulebook: Rulebook, district: str, today: date, days: int) -> date:
    """The last day of a limit of so many working days that begins today.

    Work does not stand still because the coming year's notice is not recorded yet: until then
    every weekday of that year counts. What has legal effect asks `working_days` instead.
    """
    try:
        return working_days(rulebook, district, today).add(today, days)
    except UnknownYear:
        day = today
        while days > 0:
            day += timedelta(days=1)
            days -= day.weekday() < SATURDAY
        return day


@lru_cache(maxsize=64)
def _calendar(further: str) -> WorkingDays:
    return WorkingDays(read_special_days(further) if further else ())
