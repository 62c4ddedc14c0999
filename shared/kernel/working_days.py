"""Statutory working days 法定工作日 of mainland China, make-up days 调休 included.

The State Council announces each year's days, usually in the November before, so the table is
data: `working_days.csv` holds every day off and every make-up day of the notices of 2004 to 2026.
A year without a notice is unknown, and asking about it raises UnknownYear rather than guessing;
a district supplies it as `WorkingDays(read_special_days(csv))` before a new version ships it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from shared.kernel.errors import DomainError
from shared.kernel.special_days import SpecialDay, is_weekend, read_special_days, refuse_faulty
from shared.kernel.text import Text


class UnknownYear(DomainError):
    """A working day was asked of a year whose notice is not in the table."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            code="working_days_unknown_year",
            detail=Text(
                zh=f"尚无 {year} 年的法定工作日安排，无法推算期限。请管理员按国务院办公厅当年"
                "节假日安排通知补录该年的放假日和调休上班日。",
                en=f"The statutory working days of {year} are not known, so the time limit cannot "
                "be computed. Have an administrator enter that year's days off and make-up days "
                "from the State Council's notice.",
            ),
        )


class WorkingDays:
    """The calendar of working days: the shipped one, with further notices put over it.

    A notice year in `further` replaces the shipped rows of that notice year, so give all its
    days; where two notices name one day, the later year's holds. Raises Invalid
    (`special_days_invalid`) for a make-up day on a weekday or a day named twice in one notice.
    """

    __slots__ = ("_days", "_years")

    def __init__(self, further: Iterable[SpecialDay] = ()) -> None:
        further = tuple(further)
        refuse_faulty(further)
        replaced = {special.notice_year for special in further}
        kept = (special for special in _shipped() if special.notice_year not in replaced)
        specials = sorted((*kept, *further), key=lambda special: special.notice_year)
        kinds = {special.day: special.kind for special in specials}
        self._years = frozenset(special.notice_year for special in specials)
        self._days = [
            day
            for year in sorted(self._years)
            for day in _days_of(year)
            if kinds.get(day, "holiday" if is_weekend(day) else "make_up") == "make_up"
        ]

    @property
    def years(self) -> frozenset[int]:
        """The years that are known."""
        return self._years

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open that day."""
        self._require(day.year, day.year)
        at = bisect_left(self._days, day)
        return at < len(self._days) and self._days[at] == day

    def add(self, day: date, number: int) -> date:
        """The day on which a limit of `number` working days that begins on `day` ends.

        The beginning day is not counted 开始之日不计入 (民法典 201; 行政许可法 82 counts working
        days only): `add(friday, 1)` is Monday. A negative number counts back likewise: the
        latest day from which `number` working days lead up to a working `day`. Zero is `day`.
        """
        if number == 0:
            return day
        if number > 0:
            at = bisect_right(self._days, day) + number - 1
        else:
            at = bisect_left(self._days, day) + number
        step = 1 if number > 0 else -1
        if not 0 <= at < len(self._days):
            raise UnknownYear(self._first_unknown(day.year, step))
        found = self._days[at]
        self._require(min(day, found).year, max(day, found).year)
        return found

    def add_as_known(self, day: date, number: int) -> date:
        """As `add` with a positive `number`; of a year whose notice is not recorded every weekday
        counts, for work does not stand still until it is. What has legal effect asks `add`."""
        try:
            return self.add(day, number)
        except UnknownYear:
            while number > 0:
                day += timedelta(days=1)
                known = day.year in self._years
                number -= self.is_working_day(day) if known else not is_weekend(day)
            return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`.

        With `end` before `start` the count from `end` to `start`, negative: days overdue.
        """
        if end < start:
            return -self.between(end, start)
        self._require(start.year, end.year)
        return bisect_right(self._days, end) - bisect_right(self._days, start)

    def _require(self, first: int, last: int) -> None:
        for year in range(first, last + 1):
            if year not in self._years:
                raise UnknownYear(year)

    def _first_unknown(self, year: int, step: int) -> int:
        while year in self._years:
            year += step
        return year


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + timedelta(at) for at in range((date(year + 1, 1, 1) - first).days))


@cache
def _shipped() -> tuple[SpecialDay, ...]:
    shipped = files("shared.kernel").joinpath("working_days.csv").read_text(encoding="utf-8")
    return read_special_days(shipped)
