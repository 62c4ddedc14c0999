"""Ranks, grades and rewards as rules decide them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.assessment.rewards.domain import (
    Basis,
    Grade,
    GradeRule,
    Ranked,
    Scored,
    ranking,
    rewards,
)
from shared.kernel.ids import new_id
from shared.kernel.money import Money

RULE = GradeRule(9000, 8000, 6000, Fraction(1, 5))
WEIGHTS = {Grade.EXCELLENT: 3, Grade.GOOD: 2, Grade.PASS: 1}


def scored(*scores: int | None, vetoed: tuple[int, ...] = ()) -> list[Scored]:
    """Communities with these scores; their codes rise in this order."""
    return [Scored(new_id(), f"C{at:03d}", one, at in vetoed) for at, one in enumerate(scores)]


def ranked(*scores: int | None, vetoed: tuple[int, ...] = ()) -> list[Ranked]:
    """Their ranking, in the order of their codes."""
    found = ranking(scored(*scores, vetoed=vetoed), RULE)
    return sorted(found, key=lambda one: one.code)


def test_those_that_tie_share_a_rank_and_the_next_rank_is_left_out() -> None:
    assert [one.rank for one in ranked(9000, 8500, 8500, 7000)] == [1, 2, 2, 4]


def test_at_most_a_fifth_is_excellent() -> None:
    grades = [
        one.grade for one in ranked(9900, 9800, 9700, 9600, 9500, 9400, 9300, 9200, 9100, 9000)
    ]
    assert grades == [Grade.EXCELLENT] * 2 + [Grade.GOOD] * 8


def test_the_share_of_excellent_never_splits_a_tie() -> None:
    grades = [
        one.grade for one in ranked(9900, 9500, 9500, 9000, 8000, 7000, 6000, 5000, 5000, 5000)
    ]
    assert grades[:4] == [Grade.EXCELLENT, Grade.GOOD, Grade.GOOD, Grade.GOOD]
    grades = [
        one.grade for one in ranked(9500, 9500, 9000, 9000, 8000, 7000, 6000, 5000, 5000, 5000)
    ]
    assert grades[:3] == [Grade.EXCELLENT, Grade.EXCELLENT, Grade.GOOD]


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (8999, Grade.GOOD),
        (8000, Grade.GOOD),
        (7999, Grade.PASS),
        (6000, Grade.PASS),
        (5999, Grade.FAIL),
        (0, Grade.FAIL),
    ],
)
def test_a_grade_begins_at_its_score(score: int, grade: Grade) -> None:
    assert ranked(score)[0].grade is grade


def test_a_veto_fails_a_community_and_places_it_behind_all_others() -> None:
    found = ranked(9900, 3000, vetoed=(0,))
    assert [(one.rank, one.grade) for one in found] == [(2, Grade.FAIL), (1, Grade.FAIL)]


def test_where_nothing_was_assessed_there_is_no_rank_no_grade_and_no_reward() -> None:
    found = ranked(7000, None)
    assert (found[1].rank, found[1].grade) == (None, Grade.UNASSESSED)
    shares = rewards(found, Money(100), Basis.GRADE, WEIGHTS)
    assert shares is not None
    assert [one.amount.fen for one in shares] == [100, 0]


def test_the_fen_left_over_goes_to_the_largest_remainder_then_by_rank_then_by_code() -> None:
    shares = rewards(ranking(scored(7000, 7000, 7000), RULE), Money(100), Basis.GRADE, WEIGHTS)
    assert shares is not None
    assert [(one.ranked.code, one.amount.fen) for one in shares] == [
        ("C000", 34),
        ("C001", 33),
        ("C002", 33),
    ]


def test_a_budget_that_nobody_has_a_weight_for_is_not_shared_out() -> None:
    assert rewards(ranked(1000, 2000), Money(100), Basis.GRADE, WEIGHTS) is None
    assert rewards([], Money(100), Basis.GRADE, WEIGHTS) is None


scores = st.lists(
    st.tuples(st.one_of(st.none(), st.sampled_from([0, 5999, 6000, 8000, 9000, 9500]), st.integers(0, 10_000)), st.booleans()),
    max_size=30,
)  # fmt: skip


@given(scores, st.fractions(0, 1))
def test_every_ranking_is_fair(
    given_scores: list[tuple[int | None, bool]], share: Fraction
) -> None:
    communities = [
        Scored(new_id(), f"C{at:03d}", score, vetoed)
        for at, (score, vetoed) in enumerate(given_scores)
    ]
    found = ranking(communities, GradeRule(9000, 8000, 6000, share))
    assert {one.community for one in found} == {one.community for one in communities}
    assessed = [one for one in found if one.rank is not None]
    excellent = [one for one in assessed if one.grade is Grade.EXCELLENT]
    assert len(excellent) <= share * len(assessed)
    for one in assessed:
        better = sum(
            (o.vetoed, -(o.score or 0)) < (one.vetoed, -(one.score or 0)) for o in assessed
        )
        assert one.rank == better + 1
        for other in assessed:
            if (one.score, one.vetoed) == (other.score, other.vetoed):
                assert (one.rank, one.grade) == (other.rank, other.grade)


@given(
    scores,
    st.integers(1, 10**9),
    st.sampled_from(Basis),
    st.lists(st.integers(0, 20), min_size=3, max_size=3).map(lambda row: sorted(row, reverse=True)),
)
def test_every_budget_is_shared_out_to_the_fen_and_a_better_place_never_gets_less(
    given_scores: list[tuple[int | None, bool]], budget: int, basis: Basis, falling: list[int]
) -> None:
    weights = dict(zip(WEIGHTS, falling, strict=True))
    communities = [
        Scored(new_id(), f"C{at:03d}", score, vetoed)
        for at, (score, vetoed) in enumerate(given_scores)
    ]
    shares = rewards(ranking(communities, RULE), Money(budget), basis, weights)
    if shares is None:
        return
    assert sum(one.amount.fen for one in shares) == budget
    amounts = [one.amount.fen for one in shares]
    assert amounts == sorted(amounts, reverse=True)
    for one in shares:
        for other in shares:
            if one.ranked.rank == other.ranked.rank:
                assert one.weight == other.weight
                assert abs(one.amount.fen - other.amount.fen) <= 1
