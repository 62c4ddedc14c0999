"""Money in the journal: nothing is overdrawn, and every history sums to zero."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workstation.funding.domain import (
    MOVES,
    PAYABLE_FROM,
    Account,
    Balances,
    Entry,
    EntryKind,
    RatePeriod,
    balances_of,
    post,
    rate_periods,
    reversal_of,
    yearly_grant,
)
from services.workstation.rulebook import RULES
from shared.kernel.errors import Conflict
from shared.kernel.money import Money
from shared.rulebook.rulebook import Rulebook

RULEBOOK = Rulebook.from_files(*RULES)
AMOUNTS = st.integers(1, 10**9).map(Money)
ENTRIES = st.one_of(
    st.builds(
        lambda kind, amount: Entry(kind, *MOVES[kind], amount),
        st.sampled_from(sorted(MOVES)),
        AMOUNTS,
    ),
    st.builds(
        lambda account, amount: Entry(EntryKind.PAYMENT, account, Account.PAID, amount),
        st.sampled_from(sorted(PAYABLE_FROM)),
        AMOUNTS,
    ),
)


@given(st.lists(ENTRIES, max_size=30), st.data())
def test_whatever_happens_the_accounts_sum_to_zero_and_none_is_overdrawn(
    wanted: list[Entry], data: st.DataObject
) -> None:
    found, history = Balances(), list[Entry]()
    for asked in wanted:
        back = bool(history) and data.draw(st.booleans())
        entry = reversal_of(data.draw(st.sampled_from(history))) if back else asked
        try:
            found = post(found, entry)
        except Conflict as refused:
            assert refused.code == "funds_short"
            continue
        history.append(entry)
        assert found.total == Money(0)
        held = (found.granted, found.available, found.reserved, found.payable, found.paid)
        assert min(amount.fen for amount in held) >= 0
    assert balances_of(history) == found


@given(ENTRIES)
def test_a_counter_entry_restores_what_was_before(entry: Entry) -> None:
    rich = Balances(*(Money(4 * 10**9),) + (Money(10**9),) * 4)
    assert post(post(rich, entry), reversal_of(entry)) == rich


def test_what_was_not_appropriated_cannot_be_paid() -> None:
    granted = post(
        Balances(), Entry(EntryKind.APPROPRIATION, *MOVES[EntryKind.APPROPRIATION], Money(100))
    )
    paid = post(granted, Entry(EntryKind.PAYMENT, Account.AVAILABLE, Account.PAID, Money(100)))
    with pytest.raises(Conflict, match="funds_short"):
        post(paid, Entry(EntryKind.PAYMENT, Account.AVAILABLE, Account.PAID, Money(1)))


@pytest.mark.parametrize("fen", [0, -1])
def test_an_entry_moves_something(fen: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        post(Balances(), Entry(EntryKind.RELEASE, *MOVES[EntryKind.RELEASE], Money(fen)))


def _grant(key: str, year: int, count: int) -> Money:
    periods, _ = rate_periods(year, lambda day: RULEBOOK.lookup(key, None, day), lambda _day: count)
    return yearly_grant(periods)


def test_the_rates_of_2023_change_on_the_first_of_july() -> None:
    periods, rules = rate_periods(
        2023,
        lambda day: RULEBOOK.lookup("funding.per_post_per_year", None, day),
        lambda _day: 5,
    )
    assert periods == (
        RatePeriod(1, 6, Money(1_000_000), 5),
        RatePeriod(7, 6, Money(1_560_000), 5),
    )
    assert yearly_grant(periods) == Money.parse("64000")
    assert [rule.in_force_from for rule in rules] == [date(2021, 1, 1), date(2023, 7, 1)]


@pytest.mark.parametrize(
    ("key", "year", "yuan"),
    [
        ("funding.per_post_per_year", 2022, "10000"),
        ("funding.per_post_per_year", 2024, "15600"),
        ("funding.per_community_per_year", 2022, "20000"),
        ("funding.per_factory_community_per_year", 2022, "15000"),
        ("funding.per_factory_community_per_year", 2023, "17500"),
        ("funding.per_factory_community_per_year", 2024, "20000"),
    ],
)
def test_a_whole_year_comes_to_the_rates_of_the_report(key: str, year: int, yuan: str) -> None:
    assert _grant(key, year, 1) == Money.parse(yuan)


def test_a_post_approved_in_october_is_paid_for_three_months() -> None:
    periods, _ = rate_periods(
        2024,
        lambda day: RULEBOOK.lookup("funding.per_post_per_year", None, day),
        lambda day: int(day >= date(2024, 9, 2)),
    )
    assert yearly_grant(periods) == Money.parse("3900")


@given(st.integers(1, 10**8), st.integers(0, 500), st.integers(0, 12))
def test_a_year_is_rounded_once_and_half_up(rate: int, count: int, months: int) -> None:
    whole = yearly_grant([RatePeriod(1, months, Money(rate), count)]).fen
    assert abs(12 * whole - rate * count * months) <= 6
