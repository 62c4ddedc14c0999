"""Statutory working days."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import Invalid
from shared.kernel.special_days import SpecialDay, read_special_days
from shared.kernel.working_days import UnknownYear, WorkingDays
from tests.support import working_day_table

CALENDAR = WorkingDays()
HEADING = "date,kind,name,notice_year,notice\n"
NEW_YEAR_2027 = SpecialDay(date(2027, 1, 1), "holiday", "元旦", 2027, "notice of 2027")
days = st.dates(date(2005, 1, 1), date(2025, 12, 31))


def _all_days() -> list[date]:
    first, last = date(2004, 1, 1), date(2026, 12, 31)
    return [first + timedelta(at) for at in range((last - first).days + 1)]


def test_the_table_agrees_with_chinesecalendar_on_every_day_of_2004_to_2026() -> None:
    assert frozenset(range(2004, 2027)) == CALENDAR.years
    differing = [
        day
        for day in _all_days()
        if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)
    ]
    assert differing == []


def test_the_table_is_what_its_generator_writes() -> None:
    assert working_day_table.TABLE.read_text(encoding="utf-8") == working_day_table.table()


def test_a_make_up_sunday_is_worked_and_a_holiday_is_not() -> None:
    assert CALENDAR.is_working_day(date(2026, 1, 4))
    assert not CALENDAR.is_working_day(date(2026, 1, 2))
    assert CALENDAR.is_working_day(date(2026, 1, 5))
    assert not CALENDAR.is_working_day(date(2026, 1, 10))
    assert not CALENDAR.is_working_day(date(2004, 1, 1))
    assert CALENDAR.is_working_day(date(2026, 12, 31))


def test_the_beginning_day_is_not_counted() -> None:
    friday, monday = date(2026, 1, 9), date(2026, 1, 12)
    assert CALENDAR.add(friday, 1) == monday
    assert CALENDAR.between(friday, monday) == 1


def test_a_limit_runs_over_the_spring_festival_and_its_make_up_days() -> None:
    assert CALENDAR.add(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert CALENDAR.add(date(2026, 2, 13), 2) == date(2026, 2, 24)


def test_no_working_days_from_a_day_is_that_day() -> None:
    assert CALENDAR.add(date(2026, 1, 1), 0) == date(2026, 1, 1)
    assert CALENDAR.between(date(2026, 1, 1), date(2026, 1, 1)) == 0


def test_a_limit_is_counted_back_from_its_end() -> None:
    monday = date(2026, 1, 12)
    assert CALENDAR.add(monday, -1) == date(2026, 1, 9)
    assert CALENDAR.between(CALENDAR.add(monday, -30), monday) == 30


def test_days_overdue_are_negative() -> None:
    assert CALENDAR.between(date(2026, 1, 12), date(2026, 1, 9)) == -1


@given(days, st.integers(0, 60))
def test_as_many_working_days_lie_between_as_were_added(day: date, number: int) -> None:
    end = CALENDAR.add(day, number)
    assert CALENDAR.between(day, end) == number
    assert number == 0 or CALENDAR.is_working_day(end)


@given(days, st.integers(1, 60))
def test_counting_back_from_a_working_day_undoes_counting_on(day: date, number: int) -> None:
    end = CALENDAR.add(day, number)
    start = CALENDAR.add(end, -number)
    assert start <= day
    assert CALENDAR.between(start, end) == number
    assert CALENDAR.between(start, day) == 0 or not CALENDAR.is_working_day(day)


@given(days, st.integers(0, 200))
def test_counting_is_counting_day_by_day(start: date, length: int) -> None:
    end = start + timedelta(length)
    counted = sum(CALENDAR.is_working_day(start + timedelta(at + 1)) for at in range(length))
    assert CALENDAR.between(start, end) == counted
    assert CALENDAR.between(end, start) == -counted


def test_a_year_without_a_notice_is_unknown_and_says_how_to_supply_it() -> None:
    with pytest.raises(UnknownYear) as unknown:
        CALENDAR.is_working_day(date(2027, 1, 4))
    assert unknown.value.year == 2027
    assert "2027" in unknown.value.detail.zh
    assert "补录" in unknown.value.detail.zh
    assert "State Council" in unknown.value.detail.en


@pytest.mark.parametrize(
    ("day", "number", "year"),
    [
        (date(2026, 12, 31), 1, 2027),
        (date(2027, 5, 1), 1, 2027),
        (date(2004, 1, 2), -1, 2003),
        (date(1999, 5, 1), 3, 1999),
        (date(2027, 1, 1), -1, 2027),
    ],
)
def test_a_limit_that_reaches_an_unknown_year_names_it(day: date, number: int, year: int) -> None:
    with pytest.raises(UnknownYear) as unknown:
        CALENDAR.add(day, number)
    assert unknown.value.year == year


@pytest.mark.parametrize(
    ("day", "number", "end"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 12, 30), 1, date(2026, 12, 31)),
        (date(2026, 12, 30), 2, date(2027, 1, 1)),
        (date(2026, 12, 30), 3, date(2027, 1, 4)),
        (date(2027, 5, 1), 1, date(2027, 5, 3)),
    ],
)
def test_a_limit_within_the_administration_counts_the_weekdays_of_an_unknown_year(
    day: date, number: int, end: date
) -> None:
    assert CALENDAR.add_as_known(day, number) == end


def test_counting_through_an_unknown_year_names_it() -> None:
    with pytest.raises(UnknownYear) as unknown:
        CALENDAR.between(date(2003, 12, 31), date(2004, 1, 5))
    assert unknown.value.year == 2003


def test_a_district_adds_a_year_with_its_notice() -> None:
    calendar = WorkingDays(
        read_special_days(
            HEADING
            + "2026-12-27,make_up,元旦,2027,notice of 2027\n"
            + "2027-01-01,holiday,元旦,2027,notice of 2027\n"
        )
    )
    assert calendar.is_working_day(date(2026, 12, 27))
    assert not calendar.is_working_day(date(2027, 1, 1))
    assert calendar.add(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert not calendar.is_working_day(date(2026, 5, 1))


def test_an_added_year_that_ends_in_a_holiday_is_known_to_its_last_day() -> None:
    new_years_eve = SpecialDay(date(2027, 12, 31), "holiday", "元旦", 2027, "notice")
    assert not WorkingDays([new_years_eve]).is_working_day(date(2027, 12, 31))


def test_a_notice_given_again_replaces_the_shipped_one() -> None:
    only_labour_day = SpecialDay(date(2026, 5, 1), "holiday", "劳动节", 2026, "a new notice")
    calendar = WorkingDays([only_labour_day])
    assert calendar.is_working_day(date(2026, 1, 1))
    assert not calendar.is_working_day(date(2026, 5, 1))


def test_the_later_of_two_notices_holds_for_a_day_that_both_name() -> None:
    by_2026 = SpecialDay(date(2026, 12, 26), "holiday", "周末", 2026, "notice of 2026")
    by_2027 = SpecialDay(date(2026, 12, 26), "make_up", "元旦", 2027, "notice of 2027")
    assert WorkingDays([by_2027, by_2026]).is_working_day(date(2026, 12, 26))


def test_a_gap_between_known_years_is_not_counted_through() -> None:
    calendar = WorkingDays([SpecialDay(date(2028, 1, 3), "holiday", "元旦", 2028, "notice")])
    with pytest.raises(UnknownYear) as unknown:
        calendar.add(date(2026, 12, 31), 5)
    assert unknown.value.year == 2027


@pytest.mark.parametrize(
    ("faulty", "pointer"),
    [
        ([SpecialDay(date(2027, 1, 4), "make_up", "元旦", 2027, "n")], "/0/date"),
        ([NEW_YEAR_2027, NEW_YEAR_2027], "/1/date"),
        ([SpecialDay(date(2027, 1, 1), "holiday", "元旦", 2029, "n")], "/0/notice_year"),
    ],
)
def test_days_that_no_notice_can_mean_are_refused(faulty: list[SpecialDay], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        WorkingDays(faulty)
    assert [issue.pointer for issue in refused.value.issues] == [pointer]


def test_all_faults_of_a_table_are_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_special_days(HEADING + "2027-1-1,off, ,27,\n20270101,holiday,元旦,2027,n\na,b\n")
    assert refused.value.code == "special_days_invalid"
    assert [issue.pointer for issue in refused.value.issues] == [
        "/0/date",
        "/0/kind",
        "/0/name",
        "/0/notice_year",
        "/0/notice",
        "/1/date",
        "/2",
    ]
    assert all(issue.remedy.zh and issue.remedy.en for issue in refused.value.issues)


@pytest.mark.parametrize("table", ["", "date,kind\n", HEADING + '2027-01-01,"holiday'])
def test_what_is_no_such_table_is_refused(table: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_special_days(table)
    assert refused.value.issues[0].remedy.zh
