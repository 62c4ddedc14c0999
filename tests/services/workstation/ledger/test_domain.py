"""What a value of a data element must be, and for which period it is told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workstation.ledger.domain import (
    Checked,
    Element,
    OwnerKind,
    Proposed,
    Scope,
    Value,
    ValueType,
    check_entry,
    read_value,
    show_value,
)
from services.workstation.ledger.periods import Frequency, Reporting, period_of, read_period
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue

TODAY = date(2026, 10, 8)
ELDERLY = Element(
    id=new_id(),
    code="elderly",
    title="老年人数",
    type=ValueType.INTEGER,
    unit="人",
    scope=Scope.COMMUNITY,
    frequency=Frequency.QUARTER,
    validity_days=120,
    choices=(),
    owner_kind=OwnerKind.WORKSTATION,
    owner_department_id=None,
    owner_name="社区工作站",
    ended_on=None,
)
TOLD = Proposed(412, "人", "2026-Q3", TODAY)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def _codes(element: Element, told: Proposed) -> list[str]:
    found = check_entry(element, told, TODAY)
    return [] if isinstance(found, Checked) else sorted(issue.code for issue in found)


def test_a_value_of_the_elements_type_unit_and_period_may_be_entered() -> None:
    assert check_entry(ELDERLY, TOLD, TODAY) == Checked(
        "412", Reporting("2026-Q3", date(2026, 7, 1), date(2026, 10, 1))
    )


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (replace(TOLD, value="许多"), "value_wrong_type"),
        (replace(TOLD, value=4.5), "value_wrong_type"),
        (replace(TOLD, value=True), "value_wrong_type"),
        (replace(TOLD, unit="户"), "unit_mismatch"),
        (replace(TOLD, period="2026-09"), "period_misfit"),
        (replace(TOLD, period="2026-Q5"), "period_misfit"),
        (replace(TOLD, period=None), "period_misfit"),
        (replace(TOLD, period="2027-Q1"), "period_not_begun"),
        (replace(TOLD, recorded_on=TODAY + timedelta(days=1)), "day_out_of_range"),
        (replace(TOLD, recorded_on=date(1999, 12, 31)), "day_out_of_range"),
    ],
)
def test_what_does_not_fit_is_named(told: Proposed, code: str) -> None:
    assert _codes(ELDERLY, told) == [code]


def test_everything_that_stands_against_a_value_is_said_at_once() -> None:
    ended = replace(ELDERLY, ended_on=TODAY)
    told = Proposed("许多", "户", "去年", TODAY + timedelta(days=1))
    assert _codes(ended, told) == [
        "day_out_of_range",
        "element_ended",
        "period_misfit",
        "unit_mismatch",
        "value_wrong_type",
    ]


@pytest.mark.parametrize(
    ("type", "told", "kept"),
    [
        (ValueType.INTEGER, "1,204", "1204"),
        (ValueType.INTEGER, 12.0, "12"),
        (ValueType.DECIMAL, "003.50", "3.5"),
        (ValueType.DECIMAL, 12.25, "12.25"),
        (ValueType.DECIMAL, "-0.0", "0"),
        (ValueType.BOOLEAN, "是", "true"),
        (ValueType.BOOLEAN, False, "false"),
        (ValueType.TEXT, " 无 ", "无"),
        (ValueType.CHOICE, "优", "优"),
        (ValueType.DATE, "2026-03-01", "2026-03-01"),
    ],
)
def test_a_value_is_kept_in_one_way_of_writing(type: ValueType, told: Value, kept: str) -> None:
    assert read_value(replace(ELDERLY, type=type, choices=("优", "良")), told) == kept


@pytest.mark.parametrize(
    ("type", "told"),
    [
        (ValueType.DECIMAL, float("nan")),
        (ValueType.DECIMAL, 1e300),
        (ValueType.DECIMAL, "1.2345678"),
        (ValueType.BOOLEAN, 1),
        (ValueType.TEXT, ""),
        (ValueType.TEXT, "a\x00b"),
        (ValueType.CHOICE, "中"),
        (ValueType.DATE, "20260301"),
        (ValueType.DATE, "2026-02-30"),
    ],
)
def test_a_value_of_another_type_is_refused(type: ValueType, told: Value) -> None:
    found = read_value(replace(ELDERLY, type=type, choices=("优", "良")), told)
    assert isinstance(found, Issue)


def test_a_persons_value_is_not_repeated_in_what_is_said_of_it() -> None:
    found = read_value(replace(ELDERLY, scope=Scope.RESIDENT), "张三")
    assert isinstance(found, Issue)
    assert "张三" not in found.detail.zh + found.detail.en


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_numbers_come_back_as_they_went_in(number: int) -> None:
    kept = read_value(ELDERLY, number)
    assert isinstance(kept, str)
    assert show_value(ValueType.INTEGER, kept) == number


@given(DAYS, st.sampled_from(Frequency))
def test_every_day_lies_in_exactly_one_period_whose_key_is_read_back(
    day: date, frequency: Frequency
) -> None:
    found = period_of(day, frequency)
    assert read_period(found.key, frequency) == found
    if found.start is not None and found.end is not None:
        assert found.start <= day < found.end
        assert period_of(found.end, frequency).start == found.end


@given(st.text(max_size=12), st.sampled_from(Frequency))
def test_whatever_is_told_as_a_period_is_one_or_an_issue(text: str, frequency: Frequency) -> None:
    found = read_period(text, frequency)
    assert isinstance(found, (Reporting, Issue))


@pytest.mark.parametrize(
    ("told", "frequency", "key"),
    [
        ("2026年", Frequency.YEAR, "2026"),
        ("2026年上半年", Frequency.HALF_YEAR, "2026-H1"),
        ("2026年第三季度", Frequency.QUARTER, "2026-Q3"),
        ("2026年3月", Frequency.MONTH, "2026-03"),
        ("", Frequency.ONCE, "once"),
    ],
)
def test_periods_are_read_as_people_write_them(told: str, frequency: Frequency, key: str) -> None:
    found = read_period(told, frequency)
    assert isinstance(found, Reporting)
    assert found.key == key


def test_a_value_counts_for_its_validity_days_after_the_day_it_was_recorded() -> None:
    assert ELDERLY.valid_until(date(2026, 10, 8)) == date(2027, 2, 5)
    assert replace(ELDERLY, validity_days=None).valid_until(TODAY) is None
