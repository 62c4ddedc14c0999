"""A standard closes, measures what can be measured, and vetoes by law only."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.assessment.standards.domain import (
    STANDARD,
    Item,
    ItemKind,
    Verification,
    points,
    publication_issues,
)
from services.gateway.rulebook import RULES
from shared.kernel.issue import Issue
from shared.rulebook.rulebook import Rulebook

RULEBOOK = Rulebook.from_files(*RULES)
TODAY = date(2026, 3, 2)
ITEM = Item(
    code="A1",
    title="警务室有专人值守",
    subject="综合治理",
    kind=ItemKind.BOOLEAN,
    weight=10_000,
    zero_at=0,
    full_at=1,
    verification=Verification.ON_SITE,
    element=None,
    two_person=True,
    veto=False,
    validity_days=180,
    legal_basis="",
)


def issues(*items: Item) -> list[Issue]:
    found = publication_issues(
        items,
        scale=RULEBOOK.lookup("inspection.score_scale", None, TODAY),
        veto=RULEBOOK.lookup("inspection.veto_items", None, TODAY),
    )
    assert {rule.key for rule in found.rules} == {"inspection.score_scale", "inspection.veto_items"}
    return list(found.value)


def test_an_item_that_weighs_a_hundred_points_makes_a_standard() -> None:
    assert issues(ITEM) == []


def test_a_standard_without_items_does_not_close() -> None:
    assert [issue.code for issue in issues()] == ["weights_not_closed"]


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=30))
def test_weights_close_exactly_or_the_difference_is_named(weights: list[int]) -> None:
    items = [replace(ITEM, code=f"A{at}", weight=weight) for at, weight in enumerate(weights)]
    found = issues(*items)
    difference = 10_000 - sum(weights)
    assert [issue.code for issue in found] == (["weights_not_closed"] if difference else [])
    if difference:
        assert f" {points(abs(difference))} 分" in found[0].remedy.zh


@given(st.integers(0, 10_000))
def test_points_are_written_as_people_write_them(hundredths: int) -> None:
    whole, _, rest = points(hundredths).partition(".")
    assert int(whole) * 100 + int(rest.ljust(2, "0")) == hundredths
    assert not rest.endswith("0")


def test_a_veto_needs_a_cited_legal_basis() -> None:
    assert [issue.code for issue in issues(replace(ITEM, veto=True, legal_basis=" "))] == [
        "veto_without_basis"
    ]
    assert issues(replace(ITEM, veto=True, legal_basis="安全生产法 4")) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"zero_at": 1}, "measure_impossible"),
        ({"full_at": 2}, "measure_impossible"),
        ({"element": "police_room"}, "element_mismatch"),
        ({"verification": Verification.LEDGER}, "element_mismatch"),
    ],
)
def test_what_cannot_be_measured_is_named(changed: dict[str, Any], code: str) -> None:
    found = issues(replace(ITEM, **changed))
    assert [issue.code for issue in found] == [code]
    assert found[0].pointer.startswith("/items/0/")


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = replace(ITEM, veto=True, zero_at=1, weight=5_000)
    assert {issue.code for issue in issues(wrong, wrong)} == {
        "item_code_repeated",
        "measure_impossible",
        "veto_without_basis",
    }


def test_nobody_changes_a_published_version() -> None:
    assert {step.action for step in STANDARD.possible("published")} == {
        "supersession",
        "retirement",
    }
