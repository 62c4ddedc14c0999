"""The registry's words and the rules of its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.kernel.issue import Issue
from shared.kernel.text import Text


class StreetKind(StrEnum):
    """A sub-district office or a township."""

    STREET = "street"
    TOWNSHIP = "township"


class CommunityKind(StrEnum):
    """Urban, factory 厂居, converted village 村改居, suburban 近郊."""

    URBAN = "urban"
    FACTORY = "factory"
    VILLAGE_CONVERTED = "village_converted"
    SUBURBAN = "suburban"


class CommunityState(StrEnum):
    """Proposed, active, or ended by an adjustment."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


class AdjustmentKind(StrEnum):
    """What an adjustment does to the map of communities."""

    CREATE = "create"
    MERGE = "merge"
    SPLIT = "split"
    ABOLISH = "abolish"
    CONVERT = "convert"


class Residence(StrEnum):
    """Registered here (户籍), usually living here (常住), or both."""

    REGISTERED = "registered"
    USUAL = "usual"
    BOTH = "both"


class Departure(StrEnum):
    """Why a resident's row ends."""

    MOVED = "moved"
    DIED = "died"
    ERROR = "error"


PARTS: Mapping[AdjustmentKind, tuple[range, range]] = {
    AdjustmentKind.CREATE: (range(1), range(1, 2)),
    AdjustmentKind.MERGE: (range(2, 1000), range(1, 2)),
    AdjustmentKind.SPLIT: (range(1, 2), range(2, 1000)),
    AdjustmentKind.ABOLISH: (range(1, 2), range(1)),
    AdjustmentKind.CONVERT: (range(1, 2), range(1, 2)),
}
"""How many communities each kind of adjustment takes from and gives."""


@dataclass(frozen=True, slots=True)
class Life:
    """From when to when a community existed; half-open, None while it exists."""

    established_on: date
    ended_on: date | None


def adjustment_issues(
    kind: AdjustmentKind, before: Sequence[str], after: Sequence[str]
) -> tuple[Issue, ...]:
    """What is wrong with an adjustment: how many communities it takes and gives, and repetitions."""
    wanted_before, wanted_after = PARTS[kind]
    issues = []
    for pointer, zh, en, given, wanted in (
        ("/before", "调整前", "before", before, wanted_before),
        ("/after", "调整后", "after", after, wanted_after),
    ):
        if len(given) not in wanted:
            issues.append(
                Issue(
                    code="adjustment_parts",
                    pointer=pointer,
                    detail=Text(
                        zh=f"“{kind}”类调整的{zh}社区数量不对（现为 {len(given)} 个）。",
                        en=f"An adjustment of kind {kind} has a wrong number of communities {en} "
                        f"({len(given)}).",
                    ),
                    remedy=Text(zh=f"应为 {_span(wanted)} 个。", en=f"It takes {_span(wanted)}."),
                )
            )
        if len(set(given)) != len(given):
            issues.append(
                Issue(
                    code="adjustment_repeats",
                    pointer=pointer,
                    detail=Text(zh=f"{zh}社区有重复。", en=f"A community is named twice {en}."),
                    remedy=Text(zh="每个社区只写一次。", en="Name each community once."),
                )
            )
    return tuple(issues)


def _span(wanted: range) -> str:
    return str(wanted[0]) if len(wanted) == 1 else f"≥ {wanted[0]}"


def existing_on(lives: Sequence[Life], day: date) -> int:
    """How many communities existed on a day."""
    return sum(
        life.established_on <= day and (life.ended_on is None or day < life.ended_on)
        for life in lives
    )
