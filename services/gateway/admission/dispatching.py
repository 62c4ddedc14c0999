"""Deciding on a dispatch: what it costs, and whether the catalogue in force allows it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.gateway.admission.domain import (
    ITEM,
    Funding,
    FundingBasis,
    ItemState,
)
from shared.kernel.issue import Decision, Issue
from shared.kernel.money import ZERO, Money
from shared.kernel.period import Period
from shared.kernel.targets import CommunityFacts, Targets
from shared.kernel.text import Text
from shared.rulebook.rule import RuleValue


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as a dispatch finds it: `drawn` is what earlier dispatches took of its money."""

    code: str
    title: str
    state: ItemState
    period: Period
    targets: Targets
    funding: Funding
    drawn: Money

    @property
    def left(self) -> Money:
        """What may still be dispatched."""
        return self.funding.total - self.drawn


@dataclass(frozen=True, slots=True)
class Wanted:
    """One community of a dispatch and how many cases it is given."""

    community_id: UUID
    cases: int


def price(
    funding: Funding, wanted: Sequence[Wanted], paid_this_year: Collection[UUID]
) -> tuple[Money, ...]:
    """What each community gets, in the order of `wanted`.

    A case each is paid by `per_case`; `per_year` pays a community once a calendar year, so those
    of `paid_this_year` get nothing more.
    """
    match funding.basis:
        case FundingBasis.PER_CASE:
            return tuple(funding.amount * one.cases for one in wanted)
        case FundingBasis.PER_COMMUNITY:
            return tuple(funding.amount for _ in wanted)
        case FundingBasis.PER_YEAR:
            return tuple(
                ZERO if one.community_id in paid_this_year else funding.amount for one in wanted
            )


def decide(
    item: ItemFacts | None,
    wanted: Sequence[Wanted],
    *,
    communities: Mapping[UUID, CommunityFacts],
    paid_this_year: Collection[UUID],
    due_on: date,
    today: date,
    unlisted: RuleValue,
    funded: RuleValue,
) -> Decision[tuple[Issue, ...]]:
    """Everything that forbids a dispatch; nothing found means that it may reach its communities.

    `unlisted` is the rule `admission.refuse_unlisted`, `funded` is `admission.funds_with_task`.
    """
    rules = (unlisted.applied, funded.applied)
    if item is None:
        return Decision((_not_listed(unlisted),), rules)
    issues = [
        *_not_in_force(item, today, unlisted),
        *_late(item, due_on, today),
        *_strangers(item, wanted, communities, unlisted),
        *_short(item, wanted, paid_this_year, funded),
    ]
    return Decision(tuple(issues), rules)


def _not_listed(rule: RuleValue) -> Issue:
    return Issue(
        code="item_not_admitted",
        pointer="/item_code",
        detail=Text(
            zh="准入目录中没有贵部门的这一事项，未经准入的工作不得下派社区。",
            en="Your department has no such item in the catalogue, and work that was not admitted "
            "does not reach communities.",
        ),
        remedy=Text(
            zh="请先用 POST /v1/admission/items 申请准入，或核对事项代码。",
            en="Apply for its admission first (POST /v1/admission/items), or check the code.",
        ),
        rules=(rule.applied,),
    )


def _not_in_force(item: ItemFacts, today: date, rule: RuleValue) -> list[Issue]:
    if item.state is not ItemState.ADMITTED:
        state = ITEM.states[item.state]
        return [
            Issue(
                code="item_not_in_force",
                pointer="/item_code",
                detail=Text(
                    zh=f"事项 {item.code} 当前状态是“{state.zh}”。",
                    en=f"The item {item.code} is “{state.en}”.",
                ),
                remedy=Text(
                    zh="请在领导小组准入（或恢复）后再下派。",
                    en="Dispatch it once the Leading Group has admitted or resumed it.",
                ),
                rules=(rule.applied,),
            )
        ]
    if item.period.contains(today):
        return []
    return [
        Issue(
            code="item_not_in_force",
            pointer="/item_code",
            detail=Text(
                zh=f"事项 {item.code} 的实施期是 {item.period.start} 起、{item.period.end} 前，"
                f"今天是 {today}。",
                en=f"The item {item.code} runs from {item.period.start} until before "
                f"{item.period.end}; today is {today}.",
            ),
            remedy=Text(
                zh="请在实施期内下派，或申请新的准入。",
                en="Dispatch within its period, or apply for a new one.",
            ),
            rules=(rule.applied,),
        )
    ]


def _late(item: ItemFacts, due_on: date, today: date) -> list[Issue]:
    if today <= due_on and not item.period.ended(due_on):
        return []
    return [
        Issue(
            code="due_outside_period",
            pointer="/due_on",
            detail=Text(
                zh=f"完成期限 {due_on} 已过，或不在事项实施期内（{item.period.end} 前）。",
                en=f"The due day {due_on} has passed or lies beyond the item's period (before "
                f"{item.period.end}).",
            ),
            remedy=Text(
                zh="请把期限定在今天以后、实施期结束以前。",
                en="Let it lie after today and before the end of the item's period.",
            ),
        )
    ]


def _strangers(
    item: ItemFacts,
    wanted: Sequence[Wanted],
    communities: Mapping[UUID, CommunityFacts],
    rule: RuleValue,
) -> list[Issue]:
    issues = []
    for at, one in enumerate(wanted):
        community = communities.get(one.community_id)
        if community is not None and community.active and item.targets.cover(community):
            continue
        known = community is not None and community.active
        name = community.name if community is not None else str(one.community_id)
        issues.append(
            Issue(
                code="community_not_targeted" if known else "community_unknown",
                pointer=f"/communities/{at}/community_id",
                detail=Text(
                    zh=f"{name} 不在该事项的目标社区内。" if known else f"本区没有社区 {name}。",
                    en=f"{name} is not among the item's communities."
                    if known
                    else f"There is no active community {name} in this district.",
                ),
                remedy=Text(
                    zh="请去掉它，或申请扩大事项的目标范围。",
                    en="Leave it out, or apply for an item that covers it.",
                ),
                rules=(rule.applied,) if known else (),
            )
        )
    return issues


def _short(
    item: ItemFacts, wanted: Sequence[Wanted], paid_this_year: Collection[UUID], rule: RuleValue
) -> list[Issue]:
    needed = Money.total(price(item.funding, wanted, paid_this_year))
    if needed <= item.left:
        return []
    return [
        Issue(
            code="funds_short",
            pointer="/communities",
            detail=Text(
                zh=f"本次下派需 {needed} 元，事项经费只剩 {item.left} 元。",
                en=f"This dispatch needs {needed} yuan and the item has {item.left} left.",
            ),
            remedy=Text(
                zh=f"请减少社区或件数至 {item.left} 元以内，或申请追加经费。",
                en=f"Name fewer communities or cases, within {item.left} yuan, or apply for more "
                "money.",
            ),
            rules=(rule.applied,),
        )
    ]
