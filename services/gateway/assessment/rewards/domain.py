"""Ranks shared by ties, grades by rule, and a budget shared out to the fen. Pure.

Scores are hundredths of a point. A community that fails a veto item comes after all others and does
not pass, whatever its score; one in which nothing was assessed has no rank and no grade.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from shared.kernel.money import ZERO, Money


class Grade(StrEnum):
    """优秀、良好、合格、不合格; 未评定 where nothing was assessed."""

    EXCELLENT = "excellent"
    GOOD = "good"
    PASS = "pass"  # noqa: S105 - a grade
    FAIL = "fail"
    UNASSESSED = "unassessed"


class Basis(StrEnum):
    """What a community's share goes by: its grade's weight, or that times its score."""

    GRADE = "grade"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Scored:
    """A community's final score; `code` decides order where nothing else does, never rank."""

    community: UUID
    code: str
    score: int | None
    vetoed: bool = False


@dataclass(frozen=True, slots=True)
class GradeRule:
    """The least score of each grade in hundredths, and the largest share of communities that may
    be excellent."""

    excellent: int
    good: int
    passing: int
    excellent_share: Fraction


@dataclass(frozen=True, slots=True)
class Ranked:
    """A community's place: 1, 2, 2, 4 … where two tie for the second."""

    community: UUID
    code: str
    score: int | None
    vetoed: bool
    rank: int | None
    grade: Grade


def ranking(scored: Sequence[Scored], rule: GradeRule) -> list[Ranked]:
    """Every community with its rank and grade, best first, ties by code.

    At most the rule's share of the assessed communities is excellent. Where ties would go beyond
    it, none of those that tie is: the share is a limit, and a tie is never split.
    """
    assessed = sorted(
        (one for one in scored if one.score is not None),
        key=lambda one: (one.vetoed, -(one.score or 0), one.code),
    )
    most = int(rule.excellent_share * len(assessed))
    found: list[Ranked] = []
    for at, one in enumerate(assessed):
        before = found[-1] if found else None
        tied = before is not None and (before.vetoed, before.score) == (one.vetoed, one.score)
        rank = before.rank if before is not None and tied else at + 1
        alike = sum((o.vetoed, o.score) == (one.vetoed, one.score) for o in assessed)
        within = (rank or 0) - 1 + alike <= most
        grade = _grade(one, rule, within)
        found.append(Ranked(one.community, one.code, one.score, one.vetoed, rank, grade))
    rest = sorted((one for one in scored if one.score is None), key=lambda one: one.code)
    return found + [
        Ranked(one.community, one.code, None, one.vetoed, None, Grade.UNASSESSED) for one in rest
    ]


def _grade(one: Scored, rule: GradeRule, within: bool) -> Grade:
    score = one.score or 0
    if one.vetoed or score < rule.passing:
        return Grade.FAIL
    if score >= rule.excellent and within:
        return Grade.EXCELLENT
    return Grade.GOOD if score >= rule.good else Grade.PASS


@dataclass(frozen=True, slots=True)
class Reward:
    """What a community gets, and the weight that it was shared out by."""

    ranked: Ranked
    weight: int
    amount: Money


def rewards(
    ranked: Sequence[Ranked], budget: Money, basis: Basis, weights: Mapping[Grade, int]
) -> list[Reward] | None:
    """The whole budget shared out by weight, to the fen; None where nobody has a weight.

    Each share is rounded down; the fen left over go one each to the largest remainders, equal ones
    by rank and then by code. So the shares sum to the budget, a better place never gets less, and
    those that tie get the same but for a fen that cannot be halved. `weights` must not rise from a
    grade to a worse one.
    """
    own = [
        weights.get(one.grade, 0) * ((one.score or 0) if basis is Basis.SCORE else 1)
        for one in ranked
    ]
    if not any(own):
        return None
    amounts = budget.allocate(own)
    return [
        Reward(one, weight, amount if weight else ZERO)
        for one, weight, amount in zip(ranked, own, amounts, strict=True)
    ]
