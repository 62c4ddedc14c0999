"""What a decision says: what stands in the way and its remedy, and the rules that were applied."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar

from shared.kernel.text import Text

T_co = TypeVar("T_co", covariant=True)
Certainty = Literal["text", "report", "press", "memory"]
"""How a rule's value is known: read in the source's own text or in the report, else unverified."""
VERIFIED: tuple[Certainty, ...] = ("text", "report")


@dataclass(frozen=True, slots=True)
class RuleApplied:
    """A rule's value as it was used: which rule, its value, where it stands, since which day, and
    how it is known.

    `value` is what the rule's YAML holds: a scalar, or a list or mapping of scalars.
    """

    key: str
    value: object
    source: str
    in_force_from: date
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that stands in the way, and what would make it a yes.

    `pointer` is the JSON pointer (RFC 6901) of the input it concerns, empty for the whole input.
    """

    code: str
    detail: Text
    remedy: Text
    pointer: str = ""
    rules: tuple[RuleApplied, ...] = ()


def issue(code: str, pointer: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Issue:
    """One thing that is wrong with the input: what, and how to mend it, in both languages."""
    return Issue(code, Text(zh, en), Text(remedy_zh, remedy_en), pointer)


@dataclass(frozen=True, slots=True)
class Decision(Generic[T_co]):
    """An automatic decision with the rules it applied, so that it can be read and checked."""

    value: T_co
    rules: tuple[RuleApplied, ...] = ()
