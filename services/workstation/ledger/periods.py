"""Reporting periods: for which months, quarters and years a value is told. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.kernel.issue import Issue
from shared.kernel.text import Text

_MONTHS = 12


class Frequency(StrEnum):
    """For which periods a value is told."""

    ONCE = "once"
    YEAR = "year"
    HALF_YEAR = "half_year"
    QUARTER = "quarter"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Reporting:
    """A reporting period: its key as stored (`2026`, `2026-H1`, `2026-Q3`, `2026-03`, `once`), its
    first day and the first day after it; both None for what is told once."""

    key: str
    start: date | None
    end: date | None


ONCE = Reporting("once", None, None)
_SPAN = {Frequency.YEAR: 12, Frequency.HALF_YEAR: 6, Frequency.QUARTER: 3, Frequency.MONTH: 1}
_EXAMPLES = {
    Frequency.YEAR: "2026",
    Frequency.HALF_YEAR: "2026-H1",
    Frequency.QUARTER: "2026-Q3",
    Frequency.MONTH: "2026-03",
    Frequency.ONCE: "once",
}
_FORMS: tuple[tuple[Frequency, re.Pattern[str]], ...] = (
    (Frequency.YEAR, re.compile(r"(20\d\d)年?", re.ASCII)),
    (Frequency.HALF_YEAR, re.compile(r"(20\d\d)-[Hh]([12])", re.ASCII)),
    (Frequency.HALF_YEAR, re.compile(r"(20\d\d)年([上下])半年", re.ASCII)),
    (Frequency.QUARTER, re.compile(r"(20\d\d)-[Qq]([1-4])", re.ASCII)),
    (Frequency.QUARTER, re.compile(r"(20\d\d)年第?([1-4一二三四])季度", re.ASCII)),
    (Frequency.MONTH, re.compile(r"(20\d\d)-(\d\d?)", re.ASCII)),
    (Frequency.MONTH, re.compile(r"(20\d\d)年(\d\d?)月", re.ASCII)),
)
_ORDINALS = {"上": 1, "下": 2, "一": 1, "二": 2, "三": 3, "四": 4}


def read_period(told: str | None, frequency: Frequency) -> Reporting | Issue:
    """A period as a person writes it, for an element of that frequency."""
    text = (told or "").strip()
    if frequency is Frequency.ONCE:
        return ONCE if text in {"", "once", "一次性"} else _misfit(text, frequency)
    for form, pattern in _FORMS:
        found = pattern.fullmatch(text)
        if found is not None:
            place = found[2] if pattern.groups > 1 else "1"
            number = _ORDINALS[place] if place in _ORDINALS else int(place)
            if form is not frequency or not 1 <= number <= _MONTHS // _SPAN[form]:
                return _misfit(text, frequency)
            return _nth(int(found[1]), number, frequency)
    return _misfit(text, frequency)


def period_of(day: date, frequency: Frequency) -> Reporting:
    """The period that holds a day."""
    if frequency is Frequency.ONCE:
        return ONCE
    return _nth(day.year, (day.month - 1) // _SPAN[frequency] + 1, frequency)


def _nth(year: int, number: int, frequency: Frequency) -> Reporting:
    span = _SPAN[frequency]
    last = number * span
    end = date(year + 1, 1, 1) if last == _MONTHS else date(year, last + 1, 1)
    key = {
        Frequency.YEAR: f"{year}",
        Frequency.HALF_YEAR: f"{year}-H{number}",
        Frequency.QUARTER: f"{year}-Q{number}",
        Frequency.MONTH: f"{year}-{number:02d}",
    }[frequency]
    return Reporting(key, date(year, last - span + 1, 1), end)


def _misfit(told: str, frequency: Frequency) -> Issue:
    example = _EXAMPLES[frequency]
    return Issue(
        code="period_misfit",
        pointer="/period",
        detail=Text(
            zh=f"期间“{told[:20]}”与数据项的填报周期不符，或与其他期间重叠。",
            en=f"The period “{told[:20]}” is not one that the element is told for.",
        ),
        remedy=Text(zh=f"请写成 {example} 这样的期间。", en=f"Write a period such as {example}."),
    )
