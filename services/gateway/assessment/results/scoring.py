"""Scores, exact to the last: from each item's value to a community's score on the scale. Pure.

An item earns its weight times the share of the way from `zero_at` to `full_at` that its value has
come, nothing below and all above. Items that were not assessed are left out, and the weights of
those that were are scaled to the whole. All of it is exact arithmetic in fractions; only the score
itself is rounded, half up, to a hundredth of a point, and it is that which is ranked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from services.gateway.assessment.results.domain import Measured
from services.gateway.assessment.standards.domain import HUNDREDTHS, Item, PublishedItem

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a result: its value, the share of its weight that it earns (0 to 1, exact) and
    the points that are of the score (exact, in points); None where it was not assessed."""

    item: PublishedItem
    measured: Measured | None
    share: Fraction | None
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Score:
    """A community's result: `hundredths` of a point, rounded half up from `exact` points.

    `assessed_weight` is the weight of what was assessed, in hundredths of a point; nothing assessed
    gives no score. `vetoed` are codes of veto items that earned nothing.
    """

    lines: tuple[Line, ...]
    assessed_weight: int
    exact: Fraction | None
    hundredths: int | None
    vetoed: tuple[str, ...]


def share_of(item: Item, value: Fraction) -> Fraction:
    """The share of an item's weight that a value earns, from 0 to 1."""
    way = (value - item.zero_at) / (item.full_at - item.zero_at)
    return min(max(way, ZERO), ONE)


def score(
    items: Sequence[PublishedItem], measured: Mapping[UUID, Measured], *, scale: int
) -> Score:
    """The result of a community; `measured` by item, `scale` in points."""
    shares = {
        one.id: share_of(one.item, measured[one.id].value) for one in items if one.id in measured
    }
    assessed = sum(one.item.weight for one in items if one.id in shares)
    lines = tuple(
        Line(
            one,
            measured.get(one.id),
            shares.get(one.id),
            shares[one.id] * one.item.weight * scale / assessed if one.id in shares else None,
        )
        for one in items
    )
    exact = sum((line.points for line in lines if line.points is not None), ZERO)
    if not assessed:
        return Score(lines, 0, None, None, ())
    vetoed = tuple(one.item.code for one in items if one.item.veto and shares.get(one.id) == ZERO)
    return Score(lines, assessed, exact, half_up(exact * HUNDREDTHS), vetoed)


def half_up(value: Fraction) -> int:
    """The nearest integer, the greater one of two that are equally near."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
