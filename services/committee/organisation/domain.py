"""What a residents' committee is made of, and how long it is in office."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.issue import Issue
from shared.kernel.text import Text


class Position(StrEnum):
    """Chair 主任, vice chair 副主任, member 委员."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"


class Sex(StrEnum):
    """As in the household register."""

    MALE = "male"
    FEMALE = "female"


class Leaving(StrEnum):
    """Why an office ended before its term (组织法 13, 20, 37)."""

    RESIGNED = "resigned"
    RECALLED = "recalled"
    INCAPACITATED = "incapacitated"
    FAILED_EVALUATION = "failed_evaluation"
    MOVED = "moved"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Officer:
    """A member in office."""

    position: Position
    sex: Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositionRules:
    """组织法 8: five to nine members, a woman among them."""

    members_min: int
    members_max: int
    woman_required: bool


def composition_issues(officers: Sequence[Officer], rules: CompositionRules) -> tuple[Issue, ...]:
    """What a committee lacks of what the law asks: its size, a woman, one chair."""
    issues = []
    if not rules.members_min <= len(officers) <= rules.members_max:
        span = f"{rules.members_min}–{rules.members_max}"
        issues.append(
            Issue(
                code="committee_size",
                detail=Text(
                    zh=f"现有成员 {len(officers)} 人，应为 {span} 人。",
                    en=f"It has {len(officers)} members and must have {span}.",
                ),
                remedy=Text(
                    zh="人数不足的，请按程序补选；超出的，下次换届时核减。",
                    en="Hold a by-election for those missing; reduce a surplus at the next term.",
                ),
            )
        )
    if rules.woman_required and not any(officer.sex is Sex.FEMALE for officer in officers):
        issues.append(
            Issue(
                code="committee_without_woman",
                detail=Text(zh="成员中没有女性。", en="There is no woman among its members."),
                remedy=Text(zh="请补选女性成员。", en="Elect a woman in a by-election."),
            )
        )
    chairs = sum(officer.position is Position.CHAIR for officer in officers)
    if chairs != 1:
        issues.append(
            Issue(
                code="committee_chair",
                detail=Text(
                    zh=f"应有主任 1 人，现有 {chairs} 人。",
                    en=f"It must have one chair and has {chairs}.",
                ),
                remedy=Text(zh="请补选主任或更正登记。", en="Elect a chair or mend the record."),
            )
        )
    return tuple(issues)
