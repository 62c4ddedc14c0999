"""Identity numbers. Those below are made up, or the example of GB 11643."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from shared.kernel.identity_number import (
    PROVINCES,
    IdentityNumber,
    check_character,
    read_identity_number,
)

TODAY = date(2026, 1, 5)
EXAMPLE = "11010519491231002X"
digits = st.text("0123456789", min_size=17, max_size=17)
numbers = st.builds(
    lambda province, rest, born, sequence: f"{province}{rest:04}{born:%Y%m%d}{sequence:03}",
    st.sampled_from(sorted(PROVINCES)),
    st.integers(0, 9999),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
).map(lambda first: first + check_character(first))


def _codes(written: str, today: date = TODAY) -> list[str]:
    found = read_identity_number(written, today)
    assert isinstance(found, tuple)
    assert all(issue.detail.zh and issue.remedy.zh and issue.remedy.en for issue in found)
    return [issue.code.removeprefix("identity_number_") for issue in found]


def test_a_number_tells_birth_date_sex_and_region() -> None:
    assert read_identity_number(EXAMPLE, TODAY) == IdentityNumber(
        number=EXAMPLE, born=date(1949, 12, 31), sex="female", region="110105"
    )


def test_a_lower_case_x_and_spaces_around_are_taken() -> None:
    found = read_identity_number(f" {EXAMPLE.lower()} ", TODAY)
    assert isinstance(found, IdentityNumber)
    assert found.number == EXAMPLE


def test_there_are_34_provinces_and_the_residence_permits_of_taiwan() -> None:
    assert len(PROVINCES) == 35
    assert len({name.zh for name in PROVINCES.values()}) == 35


@given(digits)
def test_the_check_character_is_that_of_another_implementation(first: str) -> None:
    assert check_character(first) == ric.calc_check_digit(first + "0")


@given(numbers)
def test_a_well_formed_number_is_read_whole(number: str) -> None:
    found = read_identity_number(number, TODAY)
    assert isinstance(found, IdentityNumber)
    assert (found.number, found.region) == (number, number[:6])
    assert found.born == ric.get_birth_date(number)
    assert found.sex == ("male" if int(number[16]) % 2 else "female")


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_never_passes(number: str, at: int, off: int) -> None:
    wrong = number[:at] + str((int(number[at]) + off) % 10) + number[at + 1 :]
    assert "check_failed" in _codes(wrong)


@given(numbers, st.integers(0, 15))
def test_two_neighbours_swapped_never_pass(number: str, at: int) -> None:
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert swapped == number or "check_failed" in _codes(swapped)


@pytest.mark.parametrize(
    "written",
    ["", "1", EXAMPLE[:17], EXAMPLE + "1", "X1010519491231002X", "1101051949１231002X",
     "11010519491231-02X"],
)  # fmt: skip
def test_another_form_is_refused(written: str) -> None:
    assert _codes(written) == ["malformed"]


def test_a_first_generation_number_is_refused_with_its_own_remedy() -> None:
    assert _codes("110105491231002") == ["first_generation"]


def test_a_birth_in_the_future_is_refused_and_one_today_is_not() -> None:
    first = f"421002{TODAY:%Y%m%d}001"
    number = first + check_character(first)
    assert isinstance(read_identity_number(number, TODAY), IdentityNumber)
    assert _codes(number, TODAY - timedelta(1)) == ["birth_impossible"]


@pytest.mark.parametrize("born", ["20010229", "20011301", "00000101"])
def test_an_impossible_birth_date_is_refused(born: str) -> None:
    first = f"421002{born}001"
    assert _codes(first + check_character(first)) == ["birth_impossible"]


def test_all_that_is_wrong_is_said_at_once_and_where() -> None:
    found = read_identity_number("991002200102290011", TODAY, "/identity_number")
    assert isinstance(found, tuple)
    assert [issue.code.removeprefix("identity_number_") for issue in found] == [
        "region_unknown",
        "birth_impossible",
        "check_failed",
    ]
    assert {issue.pointer for issue in found} == {"/identity_number"}


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_without_an_error(written: str) -> None:
    assert read_identity_number(written, TODAY)


def test_reading_is_fast_enough_for_a_bulk_import() -> None:
    """About 2.5 microseconds each; the bound leaves room for coverage and a busy machine."""
    began = time.process_time()
    for _ in range(10_000):
        read_identity_number(EXAMPLE, TODAY)
    assert time.process_time() - began < 1
