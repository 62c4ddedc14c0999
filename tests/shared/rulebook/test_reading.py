"""Reading rules files."""

from datetime import date

import pytest

from shared.rulebook.errors import InvalidRulebook
from shared.rulebook.reading import read_rules
from shared.rulebook.rule import RuleValue

TERM = """
committee.term_years:
  - value: 5
    unit: years
    in_force_from: 2018-12-29
    source: 组织法 14
    certainty: text
    note: three years before
  - value: 3
    unit: years
    in_force_from: 1990-01-01
    source: 组织法 (1989) 9
    certainty: memory
"""


def _entry(**changed: str) -> str:
    fields = {
        "value": "250",
        "unit": "m2",
        "in_force_from": "2023-07-01",
        "source": "seed",
        "certainty": "report",
    } | changed
    lines = [f"    {field}: {written}" for field, written in fields.items() if written]
    return "facilities.premises_min_m2:\n  -" + "\n".join(lines)[3:] + "\n"


def _faults(text: str) -> list[str]:
    with pytest.raises(InvalidRulebook) as refused:
        read_rules(text, "rules.yaml")
    assert all(
        issue.detail.zh and issue.remedy.zh and issue.remedy.en for issue in refused.value.issues
    )
    return [issue.pointer for issue in refused.value.issues]


def test_a_file_gives_its_dated_values_oldest_first() -> None:
    before, now = read_rules(TERM, "rules.yaml")
    assert (before.value, before.verified) == (3, False)
    assert now == RuleValue(
        key="committee.term_years",
        value=5,
        unit="years",
        in_force_from=date(2018, 12, 29),
        until=None,
        source="组织法 14",
        certainty="text",
        note="three years before",
    )
    assert now.verified


def test_a_value_may_be_a_list_of_mappings() -> None:
    text = _entry(value="[{households_up_to: 1999, posts: 4}, {posts: 6, open: true}]")
    assert read_rules(text, "rules.yaml")[0].value == [
        {"households_up_to": 1999, "posts": 4},
        {"posts": 6, "open": True},
    ]


@pytest.mark.parametrize("certainty", ["press", "memory"])
def test_what_was_not_read_in_its_source_is_unverified(certainty: str) -> None:
    assert not read_rules(_entry(certainty=certainty), "rules.yaml")[0].verified


@pytest.mark.parametrize("field", ["value", "unit", "in_force_from", "source", "certainty"])
def test_a_missing_field_is_named(field: str) -> None:
    assert _faults(_entry(**{field: ""})) == [f"rules.yaml#/facilities.premises_min_m2/0/{field}"]


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("value", "2.5"),
        ("value", "null"),
        ("value", "[1, 0.5]"),
        ("value", "{a: 0.5}"),
        ("value", "{1: a}"),
        ("value", "2026-01-01"),
        ("unit", "''"),
        ("unit", "2"),
        ("in_force_from", "20xx-07-01"),
        ("in_force_from", "2026-01-01T00:00:00"),
        ("until", "soon"),
        ("until", "2023-06-30"),
        ("source", "' '"),
        ("certainty", "certain"),
        ("certainty", "[text]"),
        ("note", "[a]"),
        ("colour", "red"),
    ],
)
def test_a_faulty_field_is_named(field: str, written: str) -> None:
    assert _faults(_entry(**{field: written})) == [
        f"rules.yaml#/facilities.premises_min_m2/0/{field}"
    ]


def test_all_faults_are_named_at_once() -> None:
    text = _entry(value="1.5", source="") + "Size: []\ncommittee.size: {}\nposts.quota: [4]\n"
    assert _faults(text) == [
        "rules.yaml#/facilities.premises_min_m2/0/source",
        "rules.yaml#/facilities.premises_min_m2/0/value",
        "rules.yaml#/Size",
        "rules.yaml#/committee.size",
        "rules.yaml#/posts.quota/0",
    ]


@pytest.mark.parametrize(
    "text", ["", "- a", "a: [", "a: 2026-02-30", "? [a]\n: b", "a: !!python/name:os.system"]
)
def test_what_is_no_mapping_of_rules_is_refused(text: str) -> None:
    assert _faults(text) == ["rules.yaml#"]


def test_a_key_that_stands_twice_is_refused_wherever_it_is() -> None:
    with pytest.raises(InvalidRulebook, match=r"premises_min_m2.*twice"):
        read_rules(_entry() + _entry(), "rules.yaml")
    with pytest.raises(InvalidRulebook, match=r"unit.*twice"):
        read_rules(_entry() + "    unit: m2\n", "rules.yaml")


def _two_values(until: str, second_from: str) -> str:
    second = _entry(in_force_from=second_from).removeprefix("facilities.premises_min_m2:\n")
    return _entry(until=until) + second


def test_values_that_overlap_are_refused() -> None:
    pointer = ["rules.yaml#/facilities.premises_min_m2"]
    assert _faults(_two_values("2025-12-31", "2025-12-31")) == pointer
    assert _faults(_two_values("", "2023-07-01")) == pointer


def test_values_that_follow_each_other_are_taken() -> None:
    assert len(read_rules(_two_values("2025-12-31", "2026-01-01"), "rules.yaml")) == 2
    assert len(read_rules(_two_values("", "2026-01-01"), "rules.yaml")) == 2
