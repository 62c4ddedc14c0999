"""Screening: what may not enter, said all at once, each with its remedy and its rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.admission.domain import (
    AdmittedItem,
    Application,
    Funding,
    FundingBasis,
    ItemList,
    Nature,
)
from services.gateway.admission.screening import screen
from services.gateway.rulebook import RULES
from shared.kernel.issue import Decision, Issue
from shared.kernel.money import Money
from shared.kernel.period import Period
from shared.kernel.targets import CommunityFacts, Targets
from shared.kernel.working_days import WorkingDays
from shared.rulebook.rule import RuleValue
from shared.rulebook.rulebook import Rulebook

TODAY = date(2026, 3, 2)
IN_TIME = date(2026, 6, 1)
RULEBOOK = Rulebook.from_files(*RULES)
CALENDAR = WorkingDays()
STREET, OTHER_STREET = UUID(int=1), UUID(int=2)
URBAN = CommunityFacts(UUID(int=11), "航空路社区", "urban", STREET, True)
FACTORY = CommunityFacts(UUID(int=12), "棉纺社区", "factory", OTHER_STREET, True)
ENDED = CommunityFacts(UUID(int=13), "旧社区", "urban", STREET, False)
COMMUNITIES = {one.id: one for one in (URBAN, FACTORY, ENDED)}
GOOD = Application(
    title="老年人健康档案更新",
    content="入户核对六十五岁以上老人健康档案，更新慢性病和用药情况。",
    list=ItemList.ASSISTANCE,
    nature=Nature.ORDINARY,
    legal_basis="基本医疗卫生与健康促进法 36",
    period=Period(IN_TIME, date(2027, 1, 1)),
    targets=Targets(),
    funding=Funding(FundingBasis.PER_COMMUNITY, Money(120_000), Money(9_960_000), "2100408"),
)


def rules_on(day: date) -> Callable[[str], RuleValue]:
    """The rules of a day."""
    return lambda key: RULEBOOK.lookup(key, None, day)


def screened(
    application: Application, *admitted: AdmittedItem, today: date = TODAY
) -> Decision[tuple[Issue, ...]]:
    """The application screened."""
    return screen(
        application,
        communities=COMMUNITIES,
        admitted=admitted,
        rule=rules_on(today),
        calendar=CALENDAR,
        today=today,
    )


def codes(found: Decision[tuple[Issue, ...]]) -> list[str]:
    """The codes of what was found."""
    return [issue.code for issue in found.value]


def test_a_lawful_funded_and_timely_application_meets_no_objection() -> None:
    assert codes(screened(GOOD)) == []


def test_even_without_objection_the_rules_that_were_applied_are_named() -> None:
    keys = {rule.key for rule in screened(GOOD).rules}
    assert keys == {
        "admission.forbidden_work",
        "admission.legal_basis_required",
        "admission.funds_with_task",
        "admission.apply_working_days_ahead",
        "admission.duplicate_similarity",
    }


def test_everything_that_is_wrong_is_said_at_once_each_with_its_remedy() -> None:
    bad = replace(
        GOOD,
        content="协助完成年度招商引资任务",
        legal_basis="  ",
        funding=None,
        period=Period(TODAY + timedelta(days=3), date(2027, 1, 1)),
        targets=Targets(communities=frozenset({UUID(int=99), ENDED.id})),
    )
    found = screened(bad)
    assert codes(found) == [
        "work_forbidden",
        "legal_basis_missing",
        "funding_missing",
        "applied_too_late",
        "target_outside_district",
        "target_not_active",
    ]
    assert all(issue.remedy.zh and issue.remedy.en and issue.pointer for issue in found.value)


@pytest.mark.parametrize("nature", [nature for nature in Nature if nature is not Nature.ORDINARY])
def test_forbidden_work_is_refused_by_its_nature_whatever_it_is_called(nature: Nature) -> None:
    found = screened(replace(GOOD, nature=nature))
    assert [(issue.code, issue.pointer) for issue in found.value] == [("work_forbidden", "/nature")]
    assert found.value[0].rules[0].source == "民发〔2015〕136号"


def test_law_43_lets_no_work_enter_without_money() -> None:
    assert GOOD.funding is not None
    zero = replace(GOOD, funding=replace(GOOD.funding, amount=Money(0)))
    assert codes(screened(zero)) == ["funding_missing"]
    less = replace(GOOD, funding=replace(GOOD.funding, total=Money(119_999)))
    found = screened(less)
    assert [(issue.code, issue.pointer) for issue in found.value] == [
        ("funding_missing", "/funding/total")
    ]
    assert "组织法" in found.value[0].rules[0].source


def test_an_old_case_is_judged_by_the_rule_of_its_day() -> None:
    found = screened(replace(GOOD, funding=None), today=date(2025, 3, 3))
    assert found.value[0].rules[0].source == "2023年度社区建设调研报告 二、1（费随事转）"


def test_the_thirtieth_working_day_is_in_time_and_the_twenty_ninth_is_not() -> None:
    earliest = CALENDAR.add(TODAY, 30)
    end = date(2027, 1, 1)
    assert codes(screened(replace(GOOD, period=Period(earliest, end)))) == []
    day_before = Period(earliest - timedelta(days=1), end)
    assert codes(screened(replace(GOOD, period=day_before))) == ["applied_too_late"]


def test_temporary_work_needs_five_working_days_only() -> None:
    soon = Period(CALENDAR.add(TODAY, 5), date(2027, 1, 1))
    assert codes(screened(replace(GOOD, period=soon))) == ["applied_too_late"]
    assert codes(screened(replace(GOOD, list=ItemList.TEMPORARY, period=soon))) == []


def test_a_year_whose_notice_is_not_recorded_yet_keeps_nobody_from_applying() -> None:
    late = date(2026, 12, 20)
    soon = replace(GOOD, period=Period(date(2027, 1, 28)))
    assert codes(screened(soon, today=late)) == ["applied_too_late"]
    assert codes(screened(replace(GOOD, period=Period(date(2027, 1, 29))), today=late)) == []


def test_targets_that_fit_no_community_are_named() -> None:
    nowhere = replace(GOOD, targets=Targets(kinds=frozenset({"suburban"})))
    assert codes(screened(nowhere)) == ["target_empty"]


def test_a_duplicate_of_an_admitted_item_is_named_with_its_department() -> None:
    other = AdmittedItem("WJ-1", "卫生健康局", GOOD)
    found = screened(replace(GOOD, title="老人健康档案更新"), other)
    assert codes(found) == ["item_duplicate"]
    assert "WJ-1" in found.value[0].detail.zh
    assert "卫生健康局" in found.value[0].detail.zh


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "消防通道巡查", "content": "每月巡查小区消防通道一次。"},
        {"period": Period(date(2027, 1, 1), date(2028, 1, 1))},
        {"targets": Targets(streets=frozenset({OTHER_STREET}))},
    ],
)
def test_other_work_other_days_or_other_communities_are_no_duplicate(
    changed: dict[str, object],
) -> None:
    other = AdmittedItem(
        "WJ-1", "卫生健康局", replace(GOOD, targets=Targets(kinds=frozenset({"urban"})))
    )
    assert codes(screened(replace(GOOD, **changed), other)) == []  # type: ignore[arg-type]


@given(
    amount=st.integers(0, 10**9),
    total=st.integers(0, 10**12),
    basis=st.sampled_from(FundingBasis),
)
def test_money_is_enough_exactly_when_one_payment_is_covered(
    amount: int, total: int, basis: FundingBasis
) -> None:
    funding = Funding(basis, Money(amount), Money(total), "2100408")
    found = screened(replace(GOOD, funding=funding))
    assert (codes(found) == []) == (amount > 0 and total >= amount)
