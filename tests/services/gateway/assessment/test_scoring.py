"""Scores close exactly, are rounded once, and nobody loses by doing better."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.assessment.results.domain import RESULT, Measured, Source
from services.gateway.assessment.results.scoring import Score, half_up, score, share_of
from services.gateway.assessment.standards.domain import (
    Item,
    ItemKind,
    PublishedItem,
    Verification,
)

DAY = date(2026, 5, 6)
BOOLEAN = Item(
    "A1", "项目", "党建", ItemKind.BOOLEAN, 2500, 0, 1, Verification.ON_SITE, None, False, False,
    180, "",
)  # fmt: skip
RATIO = replace(BOOLEAN, code="A2", kind=ItemKind.RATIO, weight=5000, full_at=10_000)
FEWER = replace(BOOLEAN, code="A3", kind=ItemKind.COUNT, weight=2500, zero_at=10, full_at=0)


def published(*items: Item) -> list[PublishedItem]:
    return [
        PublishedItem(UUID(int=at), UUID(int=99), UUID(int=at), item)
        for at, item in enumerate(items, start=1)
    ]


def measured(*values: Fraction | int | None) -> dict[UUID, Measured]:
    return {
        UUID(int=at): Measured(Fraction(value), Source.FINDING, UUID(int=500 + at), DAY, DAY)
        for at, value in enumerate(values, start=1)
        if value is not None
    }


def scored(items: list[PublishedItem], *values: Fraction | int | None) -> Score:
    return score(items, measured(*values), scale=100)


def test_a_score_is_the_sum_of_what_each_item_earns() -> None:
    found = scored(published(BOOLEAN, RATIO, FEWER), 1, 8750, 4)
    assert [line.points for line in found.lines] == [25, Fraction(175, 4), 15]
    assert (found.hundredths, found.assessed_weight) == (8375, 10_000)


def test_what_was_not_assessed_is_left_out_and_the_rest_scaled() -> None:
    found = scored(published(BOOLEAN, RATIO, FEWER), 1, None, 4)
    assert (found.hundredths, found.assessed_weight) == (8000, 5000)
    assert (found.lines[1].points, found.lines[1].measured) == (None, None)


def test_nothing_assessed_is_no_score_and_not_zero() -> None:
    found = scored(published(BOOLEAN, RATIO))
    assert (found.hundredths, found.exact, found.assessed_weight) == (None, None, 0)


def test_less_is_better_where_the_standard_says_so() -> None:
    assert [share_of(FEWER, Fraction(value)) for value in (0, 5, 10, 99)] == [
        1,
        Fraction(1, 2),
        0,
        0,
    ]


def test_a_veto_item_that_earned_nothing_is_named() -> None:
    veto = replace(BOOLEAN, veto=True, legal_basis="安全生产法 4")
    assert scored(published(veto, RATIO), 0, 10_000).vetoed == ("A1",)
    assert scored(published(veto, RATIO), 1, 10_000).vetoed == ()
    assert scored(published(veto, RATIO), None, 10_000).vetoed == ()


def test_the_score_is_rounded_half_up_once() -> None:
    assert [half_up(Fraction(value, 2)) for value in (1, 3, 4, 5)] == [1, 2, 2, 3]
    thirds = published(*(replace(BOOLEAN, code=f"B{at}", weight=3333) for at in range(3)))
    assert scored(thirds, 1, 1, 0).hundredths == 6667


@st.composite
def assessments(draw: st.DrawFn) -> tuple[list[PublishedItem], list[int | None]]:
    """Items of any measure with values, some of them not assessed."""
    items, values = [], []
    for at in range(draw(st.integers(1, 12))):
        zero = draw(st.integers(0, 100))
        full = (zero + draw(st.integers(1, 100))) % 101
        weight = draw(st.integers(1, 10_000))
        items.append(
            replace(
                BOOLEAN, code=f"C{at}", kind=ItemKind.SCALE, weight=weight, zero_at=zero,
                full_at=full, veto=draw(st.booleans()), legal_basis="法",
            )
        )  # fmt: skip
        values.append(draw(st.none() | st.integers(0, 100)))
    return published(*items), values


@given(assessments())
def test_a_score_lies_on_the_scale_and_follows_from_its_lines(
    world: tuple[list[PublishedItem], list[int | None]],
) -> None:
    items, values = world
    found = scored(items, *values)
    if found.exact is None:
        assert values == [None] * len(items)
        return
    assert found.hundredths is not None
    assert 0 <= found.hundredths <= 10_000
    assert sum(line.points or 0 for line in found.lines) == found.exact
    assert abs(found.exact * 100 - found.hundredths) <= Fraction(1, 2)
    weighed = sum((line.share or 0) * line.item.item.weight for line in found.lines)
    assert found.exact * found.assessed_weight == weighed * 100


@given(assessments(), st.data())
def test_nobody_scores_less_by_doing_better_in_an_item(
    world: tuple[list[PublishedItem], list[int | None]], data: st.DataObject
) -> None:
    items, values = world
    at = data.draw(st.integers(0, len(items) - 1))
    before = values[at]
    if before is None:
        return
    item = items[at].item
    better = before + (1 if item.full_at > item.zero_at else -1)
    after = [*values[:at], better, *values[at + 1 :]]
    one, other = scored(items, *values), scored(items, *after)
    assert one.hundredths is not None and other.hundredths is not None
    assert other.hundredths >= one.hundredths
    assert set(other.vetoed) <= set(one.vetoed)


@given(assessments())
def test_the_order_of_items_does_not_matter(
    world: tuple[list[PublishedItem], list[int | None]],
) -> None:
    items, values = world
    by_item = measured(*values)
    turned = sorted(items, key=lambda one: -one.id.int)
    assert (
        score(items, by_item, scale=100).hundredths == score(turned, by_item, scale=100).hundredths
    )


def test_a_final_result_stays() -> None:
    assert RESULT.possible("final") == ()
