"""How many posts a community is due, and why a post was approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """Approved with the election of committees 换届核定, or later for the work 工作需要增核."""

    ELECTION = "election"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class QuotaBand:
    """Posts due to a workstation with `households_from` <= households < `households_below`.

    `households_below` is None in the band that has no upper end.
    """

    households_from: int
    households_below: int | None
    posts: int

    def holds(self, households: int) -> bool:
        """Whether a community of that size falls in this band."""
        return self.households_from <= households and (
            self.households_below is None or households < self.households_below
        )


def posts_due(households: int, bands: Sequence[QuotaBand]) -> int | None:
    """The posts due to a community of that size; None where no band holds it."""
    return next((band.posts for band in bands if band.holds(households)), None)
