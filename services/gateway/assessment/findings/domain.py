"""A finding: an item's value in a community, seen by a named assessor, confirmed by a second one
where the standard says so. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.gateway.assessment.standards.domain import LIMITS, Item, Verification
from shared.auth.principal import Role
from shared.kernel.clock import day_of
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class FindingState(StrEnum):
    """States of a finding."""

    AWAITING_SECOND = "awaiting_second"
    ESTABLISHED = "established"
    CONTESTED = "contested"
    SUPERSEDED = "superseded"


_ASSESSORS = frozenset({Role.DEPARTMENT, Role.LEADING_GROUP, Role.CIVIL_AFFAIRS})
_S = FindingState
FINDING = Procedure(
    name="finding",
    states={
        _S.AWAITING_SECOND: Text("待第二人确认", "awaiting a second assessor"),
        _S.ESTABLISHED: Text("已认定", "established"),
        _S.CONTESTED: Text("第二人有异议", "contested by the second assessor"),
        _S.SUPERSEDED: Text("已更正", "superseded"),
    },
    actions={
        "confirmation": Text("确认", "confirm"),
        "contest": Text("提出异议", "contest"),
        "replacement": Text("更正", "replace"),
    },
    steps=(
        Step(_S.AWAITING_SECOND, "confirmation", "confirmed", _S.ESTABLISHED, _ASSESSORS),
        Step(_S.AWAITING_SECOND, "contest", "contested", _S.CONTESTED, _ASSESSORS, reason=True),
        Step(_S.AWAITING_SECOND, "replacement", "replaced", _S.SUPERSEDED, reason=True),
        Step(_S.ESTABLISHED, "replacement", "replaced", _S.SUPERSEDED, reason=True),
    ),
)
LIVE = frozenset({FindingState.AWAITING_SECOND, FindingState.ESTABLISHED})
"""Only one finding of an item in a community and campaign is live."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What an assessor's client sends; `id` is the client's own, so that it may send it again."""

    id: UUID
    code: str
    value: int
    note: str
    observed_at: datetime
    replaces: UUID | None
    evidence: tuple[UUID, ...]
    entries: tuple[tuple[str, UUID], ...]


def faults(
    observed: Observed, item: Item | None, *, visit_day: date, now: datetime, pointer: str
) -> list[Issue]:
    """Everything that is wrong with an observation. `item` is the standard's, None for a
    department's own item, which counts any number."""
    issues = []
    least, most = (0, 1_000_000) if item is None else LIMITS[item.kind]
    if not least <= observed.value <= most:
        issues.append(
            Issue(
                code="value_out_of_range",
                pointer=f"{pointer}/value",
                detail=Text(
                    zh=f"{observed.code} 的值应在 {least} 至 {most} 之间。",
                    en=f"The value of {observed.code} lies between {least} and {most}.",
                ),
                remedy=Text(zh="请更正。", en="Mend it."),
            )
        )
    if item is not None and item.verification is not Verification.ON_SITE:
        told = {
            Verification.LEDGER: Text("由台账自动得分", "is read from the ledger"),
            Verification.RESIDENTS: Text("由居民评价得分", "is rated by residents"),
        }[item.verification]
        issues.append(
            Issue(
                code="not_found_on_site",
                pointer=f"{pointer}/code",
                detail=Text(
                    zh=f"{observed.code} {told.zh}，不在现场认定。",
                    en=f"{observed.code} {told.en}, not found on site.",
                ),
                remedy=Text(zh="请去掉这一项。", en="Leave it out."),
            )
        )
    if day_of(observed.observed_at) < visit_day or observed.observed_at > now:
        issues.append(
            Issue(
                code="observed_at_impossible",
                pointer=f"{pointer}/observed_at",
                detail=Text(
                    zh=f"查看时间须在 {visit_day}（检查日）以后、现在以前。",
                    en=f"It was observed on {visit_day}, the day of the visit, or later, and not "
                    "in the future.",
                ),
                remedy=Text(
                    zh="请核对设备时间后重发。", en="Check the device's clock and send it again."
                ),
            )
        )
    return issues
