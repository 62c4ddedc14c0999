"""One dated value of a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from shared.kernel.issue import VERIFIED, Certainty, RuleApplied

Plain: TypeAlias = "bool | int | str | Sequence[Plain] | Mapping[str, Plain]"


class WrongShape(TypeError):
    """A rule was read as something that its value is not: the program or the rule is mistaken."""


@dataclass(frozen=True, slots=True)
class RuleValue:
    """What a rule says from a day on, with its unit and source.

    `until` is the last day, None for until further notice. `district` is the six-digit code of
    the district whose override this is, None for the value of all.
    """

    key: str
    value: Plain
    unit: str
    in_force_from: date
    until: date | None
    source: str
    certainty: Certainty
    note: str = ""
    district: str | None = None

    @property
    def verified(self) -> bool:
        """Whether the value was read in its source or the seed report."""
        return self.certainty in VERIFIED

    @property
    def applied(self) -> RuleApplied:
        """The rule as a decision that used it cites it."""
        return RuleApplied(self.key, self.value, self.source, self.in_force_from, self.certainty)

    def integer(self) -> int:
        """The value as an integer; raises WrongShape for any other."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        raise self._not("an integer")

    def flag(self) -> bool:
        """The value as a truth; raises WrongShape for any other."""
        if isinstance(self.value, bool):
            return self.value
        raise self._not("true or false")

    def text(self) -> str:
        """The value as a text; raises WrongShape for any other."""
        if isinstance(self.value, str):
            return self.value
        raise self._not("a text")

    def fraction(self) -> Fraction:
        """The value as an exact share, written "2/3", "0.16" or as an integer."""
        if isinstance(self.value, (int, str)) and not isinstance(self.value, bool):
            try:
                return Fraction(self.value)
            except (ValueError, ZeroDivisionError):
                pass
        raise self._not("a fraction")

    def sequence(self) -> Sequence[Plain]:
        """The value as a list; raises WrongShape for any other."""
        if isinstance(self.value, Sequence) and not isinstance(self.value, str):
            return self.value
        raise self._not("a list")

    def mapping(self) -> Mapping[str, Plain]:
        """The value as a mapping; raises WrongShape for any other."""
        if isinstance(self.value, Mapping):
            return self.value
        raise self._not("a mapping")

    def _not(self, wanted: str) -> WrongShape:
        return WrongShape(
            f"rule {self.key} in force from {self.in_force_from} is {self.value!r}, not {wanted}"
        )
