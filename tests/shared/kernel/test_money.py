"""Money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import Invalid
from shared.kernel.money import ZERO, Money

amounts = st.integers(-(10**15) + 1, 10**15 - 1).map(Money)


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("12.34", 1234),
        ("12.3", 1230),
        ("12", 1200),
        ("0", 0),
        ("-5", -500),
        ("-0.01", -1),
        ("12,345.67", 1234567),
        ("9999999999999.99", 999999999999999),
    ],
)
def test_an_amount_in_yuan_is_read_exactly(written: str, fen: int) -> None:
    assert Money.parse(written) == Money(fen)


@pytest.mark.parametrize(
    "written",
    ["", " 1", "1.", ".5", "1.234", "1e3", "+1", "--1", "1,23", "1,2345", "１２", "٣", "NaN", "1元",
     "10000000000000", "9" * 5000, "1\n"],
)  # fmt: skip
def test_what_is_no_exact_amount_is_refused_with_a_remedy(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        Money.parse(written)
    assert refused.value.code == "money_malformed"
    assert "12345.67" in refused.value.detail.zh
    assert len(refused.value.detail.en) < 200


@pytest.mark.parametrize("amount", [1.0, True, "1", None])
def test_money_is_made_of_whole_fen_only(amount: object) -> None:
    with pytest.raises(TypeError, match="integer fen"):
        Money(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [1.0, 1, None])
def test_only_text_is_read_as_yuan(amount: object) -> None:
    with pytest.raises(TypeError, match="from text"):
        Money.parse(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fen", "written"),
    [(1234567, "12,345.67"), (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-123456, "-1,234.56")],
)
def test_it_is_written_in_yuan_with_thousands(fen: int, written: str) -> None:
    assert str(Money(fen)) == written


@given(amounts)
def test_what_is_written_is_read_back(amount: Money) -> None:
    assert Money.parse(str(amount)) == amount


@given(amounts, amounts, st.integers(-1000, 1000))
def test_it_adds_subtracts_compares_and_multiplies_as_its_fen_do(
    one: Money, other: Money, times: int
) -> None:
    assert (one + other).fen == one.fen + other.fen
    assert (one - other).fen == one.fen - other.fen
    assert (-one).fen == -one.fen
    assert one * times == times * one == Money(one.fen * times)
    assert (one < other) == (one.fen < other.fen)


@given(st.lists(amounts))
def test_a_total_is_the_sum_and_zero_for_none(several: list[Money]) -> None:
    assert Money.total(several).fen == sum(amount.fen for amount in several)
    assert Money.total([]) == ZERO


def test_it_does_not_mix_with_numbers() -> None:
    with pytest.raises(TypeError):
        Money(1) + 1  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(1) - 1  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(1) * 0.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(1) * True
    with pytest.raises(TypeError):
        assert Money(1) < 2  # type: ignore[operator]


def test_shares_go_by_largest_remainder() -> None:
    assert Money(100).allocate([1, 1, 1]) == (Money(34), Money(33), Money(33))
    assert Money(10).allocate([5, 3, 1]) == (Money(6), Money(3), Money(1))


def test_of_equal_remainders_the_first_gets_the_fen() -> None:
    assert Money(1).allocate([1, 1]) == (Money(1), Money(0))
    assert Money(-1).allocate([1, 1]) == (Money(-1), Money(0))


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_shares_sum_exactly_and_differ_from_the_exact_share_by_less_than_a_fen(
    amount: Money, weights: list[int]
) -> None:
    shares = amount.allocate(weights)
    assert Money.total(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.fen * sum(weights) - amount.fen * weight) < sum(weights)


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_impossible_weights_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="not all zero"):
        Money(1).allocate(weights)


def test_weights_are_integers() -> None:
    with pytest.raises(TypeError, match="integers"):
        Money(1).allocate([0.5, 0.5])  # type: ignore[list-item]
