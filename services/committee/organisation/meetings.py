"""Whether a meeting could decide, and did: 居民会议 (组织法 27), 居民代表会议 (组织法 29). Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from shared.kernel.issue import Issue
from shared.kernel.text import Text


class MeetingKind(StrEnum):
    """All residents or households, or their representatives."""

    RESIDENTS = "residents_meeting"
    REPRESENTATIVES = "representatives_meeting"


@dataclass(frozen=True, slots=True)
class MeetingDecision:
    """A decision as its minutes tell: who could come, who came, how many were for it."""

    kind: MeetingKind
    held_on: date
    entitled: int
    present: int
    in_favour: int
    document: str


@dataclass(frozen=True, slots=True)
class MeetingRules:
    """Shares: of the residents more than that must come, of the representatives at least that;
    more than `majority` of those present decide."""

    residents_quorum: Fraction
    representatives_quorum: Fraction
    majority: Fraction


def quorate(decision: MeetingDecision, rules: MeetingRules) -> bool:
    """Whether enough came."""
    if decision.kind is MeetingKind.RESIDENTS:
        share = rules.residents_quorum
        return decision.present * share.denominator > decision.entitled * share.numerator
    share = rules.representatives_quorum
    return decision.present * share.denominator >= decision.entitled * share.numerator


def carried(decision: MeetingDecision, rules: MeetingRules) -> bool:
    """Whether enough of those present were for it."""
    share = rules.majority
    return decision.in_favour * share.denominator > decision.present * share.numerator


def decision_issues(
    decision: MeetingDecision, rules: MeetingRules, *, accepted: bool, today: date
) -> tuple[Issue, ...]:
    """Why the minutes do not bear what they are said to decide (`accepted` or refused)."""
    issues = []
    if not 0 <= decision.in_favour <= decision.present <= decision.entitled:
        issues.append(
            Issue(
                code="meeting_numbers",
                pointer="/meeting",
                detail=Text(
                    zh="赞成人数不能多于到会人数，到会人数不能多于应到人数。",
                    en="There cannot be more in favour than present, nor more present than "
                    "entitled.",
                ),
                remedy=Text(zh="请对照会议记录更正。", en="Mend it from the minutes."),
            )
        )
        return tuple(issues)
    if decision.held_on > today:
        issues.append(
            Issue(
                code="meeting_not_yet_held",
                pointer="/meeting/held_on",
                detail=Text(zh="会议尚未召开。", en="The meeting has not been held yet."),
                remedy=Text(zh="请在会后登记。", en="Record it after the meeting."),
            )
        )
    if not quorate(decision, rules):
        issues.append(
            Issue(
                code="meeting_not_quorate",
                pointer="/meeting/present",
                detail=Text(
                    zh=f"应到 {decision.entitled} 人，到会 {decision.present} 人，未达法定人数。",
                    en=f"{decision.present} of {decision.entitled} came: too few to decide.",
                ),
                remedy=Text(zh="请重新召集会议。", en="Call the meeting again."),
            )
        )
    if carried(decision, rules) is not accepted:
        issues.append(
            Issue(
                code="meeting_majority",
                pointer="/meeting/in_favour",
                detail=Text(
                    zh=f"到会 {decision.present} 人，赞成 {decision.in_favour} 人，"
                    f"{'未' if accepted else '已'}过半数。",
                    en=f"{decision.in_favour} of {decision.present} present were for it: that is "
                    f"{'not ' if accepted else ''}a majority.",
                ),
                remedy=Text(zh="请按表决结果登记。", en="Record what the numbers of the vote say."),
            )
        )
    return tuple(issues)


def minutes(decision: MeetingDecision) -> dict[str, Any]:
    """A meeting's decision as it is kept."""
    return {
        "kind": decision.kind.value,
        "held_on": decision.held_on.isoformat(),
        "entitled": decision.entitled,
        "present": decision.present,
        "in_favour": decision.in_favour,
        "document": decision.document,
    }
