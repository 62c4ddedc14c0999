"""Texts, issues and errors."""

from datetime import date

import pytest

from shared.kernel.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from shared.kernel.issue import Decision, Issue, RuleApplied
from shared.kernel.text import Text

KINDS = [
    DomainError,
    NotFound,
    Conflict,
    Invalid,
    Forbidden,
    Unauthenticated,
    TooMany,
    Unavailable,
    PreconditionFailed,
]
QUOTA = RuleApplied(
    "posts.workstation_quota", [{"posts": 4}], "seed 三.3", date(2023, 7, 1), "report"
)
AREA = RuleApplied("facilities.premises_min_m2", 250, "seed 一.3", date(2023, 7, 1), "report")


def _issue(*rules: RuleApplied) -> Issue:
    return Issue("too_small", Text("过小", "too small"), Text("扩大", "enlarge"), "/m2", rules)


def test_a_text_speaks_the_readers_language() -> None:
    text = Text(zh="社区", en="community")
    assert text.in_language("zh") == "社区"
    assert text.in_language("en") == "community"


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_says_what_happened_in_both_languages_without_being_told(
    kind: type[DomainError],
) -> None:
    error = kind()
    assert error.code == kind.default_code
    assert error.detail.zh
    assert error.detail.en
    assert error.detail.zh != error.detail.en
    assert error.issues == ()
    assert error.rules == ()


def test_the_errors_codes_differ() -> None:
    assert len({kind.default_code for kind in KINDS}) == len(KINDS)


def test_an_error_can_be_told_its_own_code_and_detail() -> None:
    error = Conflict("post_occupied", Text("岗位已满", "the post is occupied"))
    assert error.code == "post_occupied"
    assert str(error) == "post_occupied: the post is occupied"


def test_an_error_carries_its_rules_and_those_of_its_issues_each_once() -> None:
    error = Invalid(issues=[_issue(AREA), _issue(AREA, QUOTA)], rules=[QUOTA])
    assert error.rules == (QUOTA, AREA)
    assert len(error.issues) == 2


@pytest.mark.parametrize("kind", [TooMany, Unavailable])
def test_what_may_work_later_says_when(kind: type[TooMany] | type[Unavailable]) -> None:
    assert kind(retry_after=7).retry_after == 7
    assert kind().retry_after is None


def test_a_decision_carries_the_rules_it_applied() -> None:
    decision = Decision(4, (QUOTA,))
    assert decision.value == 4
    assert decision.rules[0].source == "seed 三.3"
