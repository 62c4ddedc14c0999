"""Looking rules up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import NotFound
from shared.kernel.issue import RuleApplied
from shared.rulebook.errors import InvalidRulebook, NoRuleInForce, UnknownRule
from shared.rulebook.rule import Plain, RuleValue, WrongShape
from shared.rulebook.rulebook import Rulebook

MEETING = """
meeting.called_by_share:
  - {value: "1/5", unit: none, in_force_from: 2018-12-29, until: 2025-12-31, source: 组织法 (2018) 10, certainty: text}
  - {value: "1/10", unit: none, in_force_from: 2026-02-01, source: 组织法 26, certainty: text}
"""
POSTS = """
posts.workstation_quota:
  - value: [{households_up_to: 1999, posts: 4}, {households_up_to: 3000, posts: 5}, {posts: 6}]
    unit: posts
    in_force_from: 2023-07-01
    source: seed 三.3
    certainty: report
facilities.premises_min_m2:
  - {value: 250, unit: m2, in_force_from: 2023-07-01, source: seed 一.3, certainty: report}
  - {value: 300, unit: m2, in_force_from: 2026-01-01, source: 区规划, certainty: press}
"""
RULES = Rulebook.from_texts({"meetings.yaml": MEETING, "posts.yaml": POSTS})
AREA = "facilities.premises_min_m2"
OURS, THEIRS = "421002", "421003"
OVERRIDE = RuleValue(
    key=AREA,
    value=400,
    unit="m2",
    in_force_from=date(2026, 3, 1),
    until=date(2026, 12, 31),
    source="领导小组〔2026〕2号",
    certainty="text",
    district=OURS,
)


def test_a_rule_is_looked_up_as_it_was_on_the_day() -> None:
    assert RULES.lookup(AREA, OURS, date(2025, 12, 31)).value == 250
    assert RULES.lookup(AREA, OURS, date(2026, 1, 1)).value == 300
    assert RULES.lookup(AREA, None, date(2030, 1, 1)).value == 300


def test_a_value_with_its_last_day_holds_through_it() -> None:
    assert RULES.lookup("meeting.called_by_share", OURS, date(2025, 12, 31)).value == "1/5"


@pytest.mark.parametrize(
    ("day", "why"),
    [(date(2018, 12, 28), "in force from 2018-12-29"), (date(2026, 1, 1), "have ended")],
)
def test_a_day_without_a_value_is_an_error_that_says_why(day: date, why: str) -> None:
    with pytest.raises(NoRuleInForce, match=why) as missing:
        RULES.lookup("meeting.called_by_share", OURS, day)
    assert (missing.value.key, missing.value.day) == ("meeting.called_by_share", day)
    assert OURS in missing.value.detail.zh
    assert str(day) in missing.value.detail.zh
    with pytest.raises(NoRuleInForce):
        RULES.lookup("meeting.called_by_share", None, day)


def test_an_unknown_rule_is_an_error_that_names_its_likes() -> None:
    with pytest.raises(UnknownRule, match=r"Did you mean facilities\.premises_min_m2") as unknown:
        RULES.lookup("facilities.premises_min", OURS, date(2026, 1, 1))
    assert isinstance(unknown.value, NotFound)
    with pytest.raises(UnknownRule, match="Check its name"):
        RULES.history("zzz")


def test_a_value_cites_itself_where_it_was_applied() -> None:
    assert RULES.lookup(AREA, OURS, date(2026, 1, 1)).applied == RuleApplied(
        AREA, 300, "区规划", date(2026, 1, 1), "press"
    )


def test_the_keys_of_all_files_are_known() -> None:
    assert RULES.keys == (AREA, "meeting.called_by_share", "posts.workstation_quota")


def test_a_districts_override_goes_first_from_its_first_day_to_its_last() -> None:
    rules = RULES.with_overrides([OVERRIDE])
    assert rules.lookup(AREA, OURS, date(2026, 2, 28)).value == 300
    assert rules.lookup(AREA, OURS, date(2026, 3, 1)) == OVERRIDE
    assert rules.lookup(AREA, OURS, date(2026, 12, 31)).value == 400
    assert rules.lookup(AREA, OURS, date(2027, 1, 1)).value == 300


def test_an_override_changes_no_other_district_and_not_the_rulebook_it_was_given_to() -> None:
    day = date(2026, 3, 1)
    rules = RULES.with_overrides([OVERRIDE])
    assert rules.lookup(AREA, THEIRS, day).value == 300
    assert rules.lookup(AREA, None, day).value == 300
    assert RULES.lookup(AREA, OURS, day).value == 300
    assert rules.with_overrides([]).lookup(AREA, OURS, day).value == 300


def test_a_rules_history_keeps_the_old_values_and_the_districts_own() -> None:
    rules = RULES.with_overrides([replace(OVERRIDE, in_force_from=date(2024, 1, 1), until=None)])
    assert [value.value for value in rules.history(AREA)] == [250, 300]
    assert [value.value for value in rules.history(AREA, OURS)] == [250, 400, 300]
    assert [value.value for value in rules.history(AREA, THEIRS)] == [250, 300]


@pytest.mark.parametrize(
    ("override", "pointer"),
    [
        (replace(OVERRIDE, key="facilities.area"), "overrides#/0/key"),
        (replace(OVERRIDE, district=None), "overrides#/0/district"),
        (replace(OVERRIDE, district="沙市区"), "overrides#/0/district"),
        (replace(OVERRIDE, unit="亩"), "overrides#/0/unit"),
        (replace(OVERRIDE, value="400"), "overrides#/0/value"),
        (replace(OVERRIDE, value=True), "overrides#/0/value"),
        (replace(OVERRIDE, until=date(2026, 2, 1)), "overrides#/0/until"),
    ],
)
def test_an_override_that_does_not_fit_its_rule_is_refused(
    override: RuleValue, pointer: str
) -> None:
    with pytest.raises(InvalidRulebook) as refused:
        RULES.with_overrides([override])
    assert [issue.pointer for issue in refused.value.issues] == [pointer]


def test_overrides_of_one_district_may_not_overlap() -> None:
    following = replace(OVERRIDE, in_force_from=date(2027, 1, 1), until=None)
    rules = RULES.with_overrides([following, OVERRIDE])
    assert rules.lookup(AREA, OURS, date(2027, 1, 1)) == following
    with pytest.raises(InvalidRulebook, match="overlap"):
        RULES.with_overrides([OVERRIDE, replace(following, in_force_from=date(2026, 12, 31))])
    RULES.with_overrides([OVERRIDE, replace(OVERRIDE, district=THEIRS)])


def test_a_rule_belongs_to_one_file() -> None:
    with pytest.raises(InvalidRulebook, match=r"stands in posts\.yaml already"):
        Rulebook.from_texts({"posts.yaml": POSTS, "more.yaml": POSTS})


def test_the_faults_of_all_files_are_named_at_once() -> None:
    with pytest.raises(InvalidRulebook) as refused:
        Rulebook.from_texts({"one.yaml": "a", "two.yaml": "b", "posts.yaml": POSTS})
    assert [issue.pointer for issue in refused.value.issues] == ["one.yaml#", "two.yaml#"]


def test_rules_are_read_from_files(tmp_path: Path) -> None:
    first, second = tmp_path / "meetings.yaml", tmp_path / "posts.yaml"
    first.write_text(MEETING, encoding="utf-8")
    second.write_text(POSTS, encoding="utf-8")
    assert Rulebook.from_files(first, second).keys == RULES.keys


def _value(value: Plain) -> RuleValue:
    return replace(OVERRIDE, value=value)


def test_a_value_is_read_in_its_shape() -> None:
    assert _value(250).integer() == 250
    assert _value(True).flag() is True
    assert _value("逢五").text() == "逢五"
    assert _value("2/3").fraction() == Fraction(2, 3)
    assert _value("0.16").fraction() == Fraction(4, 25)
    assert _value(1).fraction() == 1
    assert _value([5, 15, 25]).sequence() == [5, 15, 25]
    assert _value({"min": 5, "max": 9}).mapping()["max"] == 9


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (True, RuleValue.integer),
        ("5", RuleValue.integer),
        (1, RuleValue.flag),
        (1, RuleValue.text),
        ("most", RuleValue.fraction),
        ("1/0", RuleValue.fraction),
        (True, RuleValue.fraction),
        ("5", RuleValue.sequence),
        ([5], RuleValue.mapping),
    ],
)
def test_a_value_read_in_another_shape_is_a_mistake(
    value: Plain, read: Callable[[RuleValue], object]
) -> None:
    with pytest.raises(WrongShape, match=AREA):
        read(_value(value))


@given(st.lists(st.integers(0, 400), unique=True, min_size=1), st.integers(0, 500))
def test_on_any_day_the_latest_value_begun_holds(firsts: list[int], asked: int) -> None:
    start = date(2025, 1, 1)
    entries = "\n".join(
        f"  - {{value: {at}, unit: days, in_force_from: {start + timedelta(at)}, source: a, certainty: text}}"
        for at in firsts
    )
    rules = Rulebook.from_texts({"rules.yaml": f"some.rule:\n{entries}"})
    begun = [at for at in firsts if at <= asked]
    day = start + timedelta(asked)
    if begun:
        assert rules.lookup("some.rule", OURS, day).integer() == max(begun)
    else:
        with pytest.raises(NoRuleInForce):
            rules.lookup("some.rule", OURS, day)
