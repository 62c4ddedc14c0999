"""The working days of a district: the shipped notices, and those recorded as a rule."""

from datetime import date
from functools import lru_cache

from shared.kernel.special_days import read_special_days
from shared.kernel.working_days import WorkingDays
from shared.rulebook.rulebook import Rulebook

KEY = "calendar.special_days"


def working_days(rulebook: Rulebook, district: str, today: date) -> WorkingDays:
    """The calendar that is known today (国务院办公厅 yearly notice).

    A later year's notice is recorded as an override of `calendar.special_days` before this
    platform ships it. Asking about a year without a notice raises UnknownYear.
    """
    return _calendar(rulebook.lookup(KEY, district, today).text())


def limit_day(rulebook: Rulebook, district: str, today: date, days: int) -> date:
    """The last day of a limit within the administration of so many working days that begins
    today, also where it reaches into a year whose notice is not recorded yet."""
    return working_days(rulebook, district, today).add_as_known(today, days)


@lru_cache(maxsize=64)
def _calendar(further: str) -> WorkingDays:
    return WorkingDays(read_special_days(further) if further else ())
