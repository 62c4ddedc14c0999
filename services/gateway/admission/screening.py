"""Screening of applications: everything that stands against one, at once. Pure.

Sources: 城市居民委员会组织法（2025）43; 民发〔2015〕136号; the dated values in `rules.yaml`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from services.gateway.admission.domain import (
    AdmittedItem,
    Application,
    ItemList,
)
from shared.kernel.issue import Decision, Issue
from shared.kernel.similarity import similarity
from shared.kernel.targets import CommunityFacts, Targets, target_issues
from shared.kernel.text import Text
from shared.kernel.working_days import WorkingDays
from shared.rulebook.rule import RuleValue

Lookup = Callable[[str], RuleValue]
"""The value of a rule by key, on the day of the application."""


def screen(
    application: Application,
    *,
    communities: Mapping[UUID, CommunityFacts],
    admitted: Collection[AdmittedItem],
    rule: Lookup,
    calendar: WorkingDays,
    today: date,
) -> Decision[tuple[Issue, ...]]:
    """Everything that stands against an application, each with its remedy, and the rules that were
    applied. Nothing found means that it may go to the Leading Group."""
    used: dict[str, RuleValue] = {}

    def applied(key: str) -> RuleValue:
        return used.setdefault(key, rule(key))

    issues = [
        *_forbidden(application, applied("admission.forbidden_work")),
        *_basis(application, applied("admission.legal_basis_required")),
        *_funds(application, applied("admission.funds_with_task")),
        *_lead_time(application, applied, calendar, today),
        *target_issues(application.targets, communities),
        *_duplicates(application, admitted, communities, applied("admission.duplicate_similarity")),
    ]
    return Decision(tuple(issues), tuple(value.applied for value in used.values()))


def _forbidden(application: Application, rule: RuleValue) -> list[Issue]:
    text = application.title + application.content
    for kind in rule.sequence():
        assert isinstance(kind, Mapping)
        words = kind["words"]
        assert isinstance(words, Sequence)
        named = application.nature.value == kind["nature"]
        found = [word for word in words if isinstance(word, str) and word in text]
        if named or found:
            told = "、".join(found) or str(kind["title"])
            return [
                Issue(
                    code="work_forbidden",
                    pointer="/nature" if named else "/content",
                    detail=Text(
                        zh=f"“{kind['title']}”不得交给社区承担（{rule.source}；所见：{told}）。",
                        en=f"Communities may not be given “{kind['title']}” ({rule.source}; "
                        f"found: {told}).",
                    ),
                    remedy=Text(
                        zh="请由本部门自行承担；如描述有误，请修改表述后重新提交。",
                        en="Do this work in your department. If the wording misleads, change it "
                        "and submit again.",
                    ),
                    rules=(rule.applied,),
                )
            ]
    return []


def _basis(application: Application, rule: RuleValue) -> list[Issue]:
    if not rule.flag() or application.legal_basis.strip():
        return []
    return [
        Issue(
            code="legal_basis_missing",
            pointer="/legal_basis",
            detail=Text(zh="没有法律法规依据。", en="No legal basis is given."),
            remedy=Text(
                zh="请写明法律、法规或文件的名称和条款。",
                en="Name the law, regulation or document, and its article.",
            ),
            rules=(rule.applied,),
        )
    ]


def _funds(application: Application, rule: RuleValue) -> list[Issue]:
    if not rule.flag():
        return []
    funding = application.funding
    if funding is None:
        return [_unfunded("/funding", Text("没有经费。", "It comes without money."), rule)]
    issues = []
    if funding.amount.fen <= 0:
        why = Text("经费标准为零。", "The amount is zero.")
        issues.append(_unfunded("/funding/amount", why, rule))
    if funding.total.fen < max(funding.amount.fen, 1):
        why = Text(
            f"经费总额 {funding.total} 元不足一份（{funding.amount} 元）。",
            f"The total, {funding.total} yuan, does not cover one payment of {funding.amount}.",
        )
        issues.append(_unfunded("/funding/total", why, rule))
    return issues


def _unfunded(pointer: str, why: Text, rule: RuleValue) -> Issue:
    return Issue(
        code="funding_missing",
        pointer=pointer,
        detail=why,
        remedy=Text(
            zh="所需经费由委托部门承担：请列明经费标准、总额和预算科目。",
            en="The delegating department bears the cost: give the amount, the total and the "
            "budget line it comes from.",
        ),
        rules=(rule.applied,),
    )


def _lead_time(
    application: Application, applied: Lookup, calendar: WorkingDays, today: date
) -> list[Issue]:
    temporary = application.list is ItemList.TEMPORARY
    rule = applied(
        "admission.temporary_apply_working_days_ahead"
        if temporary
        else "admission.apply_working_days_ahead"
    )
    earliest = calendar.add_as_known(today, rule.integer())
    if application.period.start >= earliest:
        return []
    return [
        Issue(
            code="applied_too_late",
            pointer="/starts_on",
            detail=Text(
                zh=f"须提前 {rule.integer()} 个工作日申请，今天申请最早可从 {earliest} 起实施。",
                en=f"Applications come {rule.integer()} working days ahead; applied for today, it "
                f"can start on {earliest} at the earliest.",
            ),
            remedy=Text(
                zh=f"请把开始日期改为 {earliest} 或以后。",
                en=f"Let it start on {earliest} or later.",
            ),
            rules=(rule.applied,),
        )
    ]


def _duplicates(
    application: Application,
    admitted: Collection[AdmittedItem],
    communities: Mapping[UUID, CommunityFacts],
    rule: RuleValue,
) -> list[Issue]:
    least = rule.fraction()
    issues = []
    for other in admitted:
        if not application.period.overlaps(other.application.period):
            continue
        share = similarity(_described(application), _described(other.application))
        if share < least or not _meet(application.targets, other.application.targets, communities):
            continue
        issues.append(
            Issue(
                code="item_duplicate",
                pointer="/title",
                detail=Text(
                    zh=f"与已准入事项 {other.code}“{other.application.title}”（{other.department}）"
                    f"重复，相似度 {int(share * 100)}%。",
                    en=f"It repeats the admitted item {other.code} “{other.application.title}” "
                    f"({other.department}); {int(share * 100)} % alike.",
                ),
                remedy=Text(
                    zh="请与该部门合并开展，或写清两者的区别。",
                    en="Join that department's item, or make clear what differs.",
                ),
                rules=(rule.applied,),
            )
        )
    return issues


def _described(application: Application) -> str:
    return application.title + application.content


def _meet(one: Targets, other: Targets, communities: Mapping[UUID, CommunityFacts]) -> bool:
    return any(one.cover(each) and other.cover(each) for each in communities.values())
