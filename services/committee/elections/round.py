"""One round as it was counted, and the rules of its day. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from services.committee.elections.domain import Contest, Form, Nature

Votes = Mapping[str, int]
"""Votes by person."""


class OnOverElection(StrEnum):
    """What a province prescribes when more pass than there are seats."""

    ASK = "ask"
    MOST_VOTES = "most_votes"


class WomanRule(StrEnum):
    """How a province sees to it that a woman is a member (组织法 8)."""

    FIRST_WOMAN = "first_woman"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingRules:
    """The rules in force on election day. Shares are to be exceeded, the floor to be reached."""

    turnout: Fraction
    elected: Fraction
    second_ballot_floor: Fraction
    second_ballot_margin: int
    over_election: OnOverElection
    woman: WomanRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round as counted.

    `entitled` may vote, `marked` of them were given a ballot, `participants` ballots lay in the
    boxes, void ones among them. `votes` holds every candidate of each contest. `women` are those
    among the candidates; `woman_elected` says that one holds an office already; `elected` in an
    earlier round no longer counts.
    """

    nature: Nature
    form: Form
    entitled: int
    marked: int
    participants: int
    contests: tuple[Contest, ...]
    votes: Mapping[str, Votes]
    women: Collection[str]
    woman_elected: bool = False
    elected: Collection[str] = ()


def exceeds(part: int, share: Fraction, whole: int) -> bool:
    """Whether a part is more than a share of the whole, in integers; of nothing it never is."""
    return whole > 0 and part * share.denominator > whole * share.numerator


def reaches(part: int, share: Fraction, whole: int) -> bool:
    """Whether a part is at least a share of the whole, in integers."""
    return part * share.denominator >= whole * share.numerator
