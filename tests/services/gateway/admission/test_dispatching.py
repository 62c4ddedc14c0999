"""Deciding on a dispatch: only what was admitted, where, when, and as far as its money goes."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.admission.dispatching import ItemFacts, Wanted, decide, price
from services.gateway.admission.domain import (
    Funding,
    FundingBasis,
    ItemState,
)
from services.gateway.rulebook import RULES
from shared.kernel.issue import Decision, Issue
from shared.kernel.money import Money
from shared.kernel.period import Period
from shared.kernel.targets import CommunityFacts, Targets
from shared.rulebook.rulebook import Rulebook

TODAY = date(2026, 11, 24)
DUE = date(2026, 12, 20)
RULEBOOK = Rulebook.from_files(*RULES)
COMMUNITIES = {
    UUID(int=at): CommunityFacts(UUID(int=at), f"社区{at}", "urban", UUID(int=1), at != 9)
    for at in range(2, 10)
}
ITEM = ItemFacts(
    code="WJ-1",
    title="健康档案",
    state=ItemState.ADMITTED,
    period=Period(date(2026, 1, 1), date(2027, 1, 1)),
    targets=Targets(communities=frozenset({UUID(int=2), UUID(int=3), UUID(int=9)})),
    funding=Funding(FundingBasis.PER_COMMUNITY, Money(100), Money(1000), "2100408"),
    drawn=Money(0),
)


def decided(
    item: ItemFacts | None, *wanted: Wanted, due_on: date = DUE, today: date = TODAY
) -> Decision[tuple[Issue, ...]]:
    """The decision on a dispatch."""
    return decide(
        item,
        wanted,
        communities=COMMUNITIES,
        paid_this_year=frozenset(),
        due_on=due_on,
        today=today,
        unlisted=RULEBOOK.lookup("admission.refuse_unlisted", None, today),
        funded=RULEBOOK.lookup("admission.funds_with_task", None, today),
    )


def codes(found: Decision[tuple[Issue, ...]]) -> list[str]:
    """The codes of what was found."""
    return [issue.code for issue in found.value]


TWO = Wanted(UUID(int=2), 1)


def test_admitted_work_reaches_its_communities() -> None:
    assert codes(decided(ITEM, TWO, Wanted(UUID(int=3), 1))) == []


def test_what_was_never_admitted_is_refused_by_the_rule() -> None:
    found = decided(None, TWO)
    assert codes(found) == ["item_not_admitted"]
    assert found.value[0].rules[0].key == "admission.refuse_unlisted"


@pytest.mark.parametrize("state", [state for state in ItemState if state != ItemState.ADMITTED])
def test_only_an_admitted_item_is_dispatched(state: ItemState) -> None:
    assert codes(decided(replace(ITEM, state=state), TWO)) == ["item_not_in_force"]


@pytest.mark.parametrize("today", [date(2025, 12, 31), date(2027, 1, 1)])
def test_outside_its_period_nothing_is_dispatched(today: date) -> None:
    found = decided(ITEM, TWO, today=today, due_on=date(2027, 1, 1))
    assert codes(found) == ["item_not_in_force", "due_outside_period"]


def test_the_due_day_lies_between_today_and_the_end_of_the_period() -> None:
    assert codes(decided(ITEM, TWO, due_on=TODAY)) == []
    for day in (date(2026, 11, 23), date(2027, 1, 1)):
        assert codes(decided(ITEM, TWO, due_on=day)) == ["due_outside_period"]


def test_every_community_that_is_not_meant_is_named_by_its_place_in_the_list() -> None:
    wanted = [Wanted(UUID(int=at), 1) for at in (2, 4, 9, 77)]
    found = decided(ITEM, *wanted)
    assert [(issue.code, issue.pointer) for issue in found.value] == [
        ("community_not_targeted", "/communities/1/community_id"),
        ("community_unknown", "/communities/2/community_id"),
        ("community_unknown", "/communities/3/community_id"),
    ]


def test_what_is_left_of_the_money_is_said_when_it_is_not_enough() -> None:
    found = decided(replace(ITEM, drawn=Money(950)), TWO)
    assert codes(found) == ["funds_short"]
    assert "0.50" in found.value[0].detail.en


@given(
    basis=st.sampled_from(FundingBasis),
    amount=st.integers(1, 10**6),
    total=st.integers(0, 10**8),
    cases=st.lists(st.integers(1, 50), min_size=1, max_size=2),
    drawn=st.integers(0, 10**8),
)
def test_a_dispatch_is_admitted_exactly_when_its_price_fits_what_is_left(
    basis: FundingBasis, amount: int, total: int, cases: list[int], drawn: int
) -> None:
    funding = Funding(basis, Money(amount), Money(total), "")
    item = replace(ITEM, funding=funding, drawn=Money(min(drawn, total)))
    wanted = [Wanted(UUID(int=2 + at), one) for at, one in enumerate(cases)]
    cost = sum(cases) * amount if basis is FundingBasis.PER_CASE else len(cases) * amount
    assert Money.total(price(funding, wanted, frozenset())).fen == cost
    assert (codes(decided(item, *wanted)) == []) == (cost <= item.left.fen)


def test_yearly_money_is_paid_to_a_community_once_a_year() -> None:
    yearly = replace(ITEM.funding, basis=FundingBasis.PER_YEAR)
    wanted = [Wanted(UUID(int=2), 1), Wanted(UUID(int=3), 1)]
    assert price(yearly, wanted, frozenset({UUID(int=3)})) == (Money(100), Money(0))
