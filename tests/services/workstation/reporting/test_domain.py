"""The arithmetic of figures, and what a figure may be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workstation.posts.public import QuotaBand
from services.workstation.reporting.domain import (
    Figure,
    Source,
    Unit,
    divided,
    percent,
    ratio,
    wan_yuan,
    yuan,
)
from shared.kernel.text import Text
from tests.services.workstation.reporting.seed_district import RULES, report_of, seed_facts

LABEL = Text("在岗", "On duty")


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(5, 2, 3), (-5, 2, -3), (5, -2, -3), (-5, -2, 3), (4, 3, 1), (0, 7, 0), (1, 0, None)],
)
def test_halves_are_rounded_away_from_zero(
    numerator: int, denominator: int, rounded: int | None
) -> None:
    assert divided(numerator, denominator) == rounded


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_a_quotient_is_never_off_by_more_than_a_half(numerator: int, denominator: int) -> None:
    quotient = divided(numerator, denominator)
    assert quotient is not None
    assert 2 * abs(quotient * denominator - numerator) <= denominator


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (62, 328, "18.9%"),
        (62, 399, "15.5%"),
        (-49, 132, "-37.1%"),
        (56, 100, "56.0%"),
        (1, 0, None),
    ],
)
def test_a_share_is_written_in_percent(part: int, whole: int, written: str | None) -> None:
    assert percent(part, whole) == written


def test_a_share_has_three_decimals_and_none_over_zero() -> None:
    assert ratio(62, 328) == Decimal("0.189")
    assert ratio(62, 0) is None


@pytest.mark.parametrize(
    ("fen", "in_yuan", "in_wan"),
    [
        (1_301_000_000, 13_010_000, 1301),
        (0, 0, 0),
        (150, Decimal("1.5"), Decimal("0.00015")),
        (-150, Decimal("-1.5"), Decimal("-0.00015")),
    ],
)
def test_money_is_exact_in_larger_units(
    fen: int, in_yuan: int | Decimal, in_wan: int | Decimal
) -> None:
    assert (yuan(fen), wan_yuan(fen)) == (in_yuan, in_wan)
    assert isinstance(yuan(fen), type(in_yuan))


@pytest.mark.parametrize(
    ("households", "posts"), [(0, 4), (1999, 4), (2000, 5), (3000, 5), (3001, 6), (90_000, 6)]
)
def test_a_communitys_posts_follow_its_band(households: int, posts: int) -> None:
    assert RULES.posts_due(households) == posts


def test_a_band_ends_before_its_upper_limit() -> None:
    band = QuotaBand(100, 200, 4)
    assert [band.holds(households) for households in (99, 100, 199, 200)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("value", [0.5, True])
def test_a_figure_is_never_a_float_or_a_truth(value: float) -> None:
    with pytest.raises(TypeError, match=r"staff\.on_duty"):
        Figure(
            key="staff.on_duty",
            label=LABEL,
            value=value,  # type: ignore[arg-type]
            unit=Unit.PERSONS,
            source=Source.STAFF,
        )


@pytest.mark.parametrize(("numerator", "denominator"), [(1, None), (None, 2)])
def test_a_numerator_comes_with_its_denominator(
    numerator: int | None, denominator: int | None
) -> None:
    with pytest.raises(ValueError, match=r"staff\.on_duty"):
        Figure(
            key="staff.on_duty",
            label=LABEL,
            value=1,
            unit=Unit.PERSONS,
            source=Source.STAFF,
            numerator=numerator,
            denominator=denominator,
        )


def test_a_report_gives_a_figure_by_its_key() -> None:
    report = report_of(seed_facts())
    assert report.figure("staff.total").value == 399
    with pytest.raises(KeyError):
        report.figure("staff.missing")
