"""Periods of days: when a term, a post or a rule holds."""

from dataclasses import dataclass
from datetime import date

from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to, not including, `end`; open for as long as `end` is None.

    With `end` equal to `start` it holds no day: something that ended on the day it began.
    Raises Invalid (`period_backwards`) when `end` lies before `start`.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            detail = Text(
                zh=f"结束日期 {self.end} 早于开始日期 {self.start}。",
                en=f"The end, {self.end}, lies before the start, {self.start}.",
            )
            raise Invalid(
                code="period_backwards",
                detail=detail,
                issues=(
                    Issue(
                        code="period_backwards",
                        detail=detail,
                        remedy=Text(
                            zh="请更正日期，使结束日期不早于开始日期。",
                            en="Correct the dates so that the end is not before the start.",
                        ),
                    ),
                ),
            )

    def contains(self, day: date) -> bool:
        """Whether the day is one of the period's."""
        return self.start <= day and not self.ended(day)

    def ended(self, day: date) -> bool:
        """Whether the period is over on that day; its `end` is the first such day."""
        return self.end is not None and day >= self.end

    def intersect(self, other: "Period") -> "Period | None":
        """The days both hold, None when they share none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        if end is not None and end <= start:
            return None
        return Period(start, end)

    def overlaps(self, other: "Period") -> bool:
        """Whether they share a day."""
        return self.intersect(other) is not None
