"""Screening of an inspection request: everything that stands against it at once, and one verdict
for each item in each community, by which rule. Pure.

Sources: 整治形式主义为基层减负若干规定（2024）; 民发〔2015〕136号; the dated values in `rules.yaml`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from services.gateway.assessment.requests.domain import AskedItem, InspectionRequest, Verdict
from services.gateway.assessment.requests.objections import (
    basis_missing,
    comprehensive_limit,
    everything_refused,
    item_repeated,
    item_unknown,
    item_unmapped,
    too_late,
    window_over,
    window_without_working_day,
)
from services.gateway.assessment.standards.domain import (
    COVERING,
    PublishedItem,
    Relation,
    Verification,
    veto_without_basis,
)
from shared.kernel.issue import Issue, RuleApplied
from shared.kernel.targets import CommunityFacts, target_issues
from shared.kernel.working_days import WorkingDays
from shared.rulebook.rule import RuleValue

Lookup = Callable[[str], RuleValue]
"""The value of a rule by key, on the day of the screening."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """An asked item as the standard knows it: `mapped` are the unified items it has to do with."""

    title: str
    department_item_id: UUID | None
    mapped: tuple[tuple[PublishedItem, Relation], ...]

    @property
    def covering(self) -> tuple[PublishedItem, ...]:
        """The unified items that answer all of it."""
        return tuple(item for item, relation in self.mapped if relation in COVERING)


@dataclass(frozen=True, slots=True)
class Held:
    """What is held already: a final result or an entry of the ledger, and its last day (None: no
    end)."""

    source_id: UUID
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the platform knows when a request is screened.

    `results` by (origin of the unified item, community), `entries` by (element, community), both
    as far as they hold on the day; `reported` counts, by (origin, community), how often material
    was asked for in the year; `asked` are (origin, community) that the same department may visit
    already in an overlapping window; `comprehensive` are the references of its other comprehensive
    requests of the year.
    """

    communities: Mapping[UUID, CommunityFacts]
    resolved: Mapping[str, Resolved]
    results: Mapping[tuple[UUID, UUID], Held] = field(default_factory=dict)
    entries: Mapping[tuple[str, UUID], Held] = field(default_factory=dict)
    reported: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict)
    asked: Collection[tuple[UUID, UUID]] = frozenset()
    comprehensive: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """What becomes of an item in a community: why, by which rule, and what answers it."""

    code: str
    community_id: UUID
    verdict: Verdict
    reason: str
    rule: str
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Screened:
    """Everything that stands against a request, the verdicts, and the rules that were applied."""

    issues: tuple[Issue, ...]
    verdicts: tuple[ItemVerdict, ...]
    rules: tuple[RuleApplied, ...]

    @property
    def to_visit(self) -> frozenset[UUID]:
        """Communities in which some item needs a visit."""
        return frozenset(
            one.community_id for one in self.verdicts if one.verdict is Verdict.NEEDS_VISIT
        )


def screen(
    request: InspectionRequest,
    known: Known,
    *,
    rule: Lookup,
    calendar: WorkingDays,
    earliest: date,
    today: date,
) -> Screened:
    """Screen a request. `earliest` is the first day on which a window may begin when it is applied
    for today (`inspection.apply_working_days_ahead`).

    Without issues it may go to the Leading Group. A verdict is `shared` or `from_ledger` only by a
    unified item that covers all of what is asked.
    """
    used: dict[str, RuleValue] = {}

    def applied(key: str) -> RuleValue:
        return used.setdefault(key, rule(key))

    whole = _against_the_whole(request, known, applied)
    issues = [
        *(issue for issue in whole.values()),
        *_window(request, calendar, earliest, today, applied),
        *target_issues(request.targets, known.communities),
        *_items(request, known, applied),
    ]
    verdicts = _verdicts(request, known, applied, next(iter(whole), None))
    if not issues and verdicts and all(one.verdict is Verdict.REFUSED for one in verdicts):
        reasons = sorted({one.reason for one in verdicts})
        cited = sorted({one.rule for one in verdicts})
        issues.append(everything_refused(reasons, tuple(used[key].applied for key in cited)))
    return Screened(tuple(issues), verdicts, tuple(used[key].applied for key in sorted(used)))


def _against_the_whole(
    request: InspectionRequest, known: Known, applied: Lookup
) -> dict[str, Issue]:
    """Issues that refuse every item everywhere, by the reason of the verdict."""
    found = {}
    basis = applied("inspection.legal_basis_required")
    if basis.flag() and not request.legal_basis.strip():
        found["legal_basis_missing"] = basis_missing(basis)
    if request.comprehensive:
        limit = applied("inspection.comprehensive_per_department_per_year_max")
        if len(known.comprehensive) >= limit.integer():
            found["comprehensive_limit"] = comprehensive_limit(
                limit, request.window.start.year, sorted(known.comprehensive)
            )
    return found


_RULE_OF_WHOLE = {
    "legal_basis_missing": "inspection.legal_basis_required",
    "comprehensive_limit": "inspection.comprehensive_per_department_per_year_max",
}


def _window(
    request: InspectionRequest,
    calendar: WorkingDays,
    earliest: date,
    today: date,
    applied: Lookup,
) -> list[Issue]:
    window = request.window
    assert window.end is not None
    if window.end <= today:
        return [window_over(window.end, applied("inspection.approval_before_start"))]
    issues = []
    if window.start < earliest:
        issues.append(too_late(earliest, applied("inspection.apply_working_days_ahead")))
    if calendar.add_as_known(window.start - timedelta(days=1), 1) >= window.end:
        issues.append(window_without_working_day())
    return issues


def _items(request: InspectionRequest, known: Known, applied: Lookup) -> list[Issue]:
    issues = []
    seen: set[str] = set()
    for at, asked in enumerate(request.items):
        pointer = f"/items/{at}/code"
        resolved = known.resolved.get(asked.code)
        if asked.code in seen:
            issues.append(item_repeated(pointer, asked.code))
        elif resolved is None:
            issues.append(item_unknown(pointer, asked.code))
        elif not resolved.mapped:
            issues.append(item_unmapped(pointer, asked.code, resolved.title))
        seen.add(asked.code)
        if asked.veto and _vetoless(asked, applied("inspection.veto_items")):
            issues.append(
                veto_without_basis(
                    f"/items/{at}/legal_basis", asked.code, applied("inspection.veto_items")
                )
            )
    return issues


def _vetoless(asked: AskedItem, rule: RuleValue) -> bool:
    return asked.veto and not rule.flag() and not asked.legal_basis.strip()


def _verdicts(
    request: InspectionRequest, known: Known, applied: Lookup, whole: str | None
) -> tuple[ItemVerdict, ...]:
    communities = [
        id for id, one in known.communities.items() if one.active and request.targets.cover(one)
    ]
    found = []
    for asked in {item.code: item for item in request.items}.values():
        resolved = known.resolved.get(asked.code)
        if resolved is None or not resolved.mapped:
            continue
        judge = _judging(asked, resolved, known, applied, whole)
        found += [judge(community) for community in communities]
    return tuple(found)


def _judging(
    asked: AskedItem, resolved: Resolved, known: Known, applied: Lookup, whole: str | None
) -> Callable[[UUID], ItemVerdict]:
    """How one item is judged in each community; what does not depend on the community is worked
    out once."""
    covering = resolved.covering
    origins = tuple(item.origin_id for item, _ in resolved.mapped)
    elements = tuple(
        item.item.element
        for item in covering
        if item.item.verification is Verification.LEDGER and item.item.element is not None
    )
    most = applied("inspection.same_material_reported_max").integer() if asked.material else None
    everywhere = None if whole is None else (whole, _RULE_OF_WHOLE[whole])
    if whole is None and asked.veto and _vetoless(asked, applied("inspection.veto_items")):
        everywhere = ("veto_without_basis", "inspection.veto_items")
    for key in ("shared_results", "single_ledger", "approval_before_start"):
        applied(f"inspection.{key}")

    def verdict(
        community: UUID, what: Verdict, reason: str, rule: str, held: Held | None = None
    ) -> ItemVerdict:
        return ItemVerdict(asked.code, community, what, reason, rule, held)

    def held_by(community: UUID) -> ItemVerdict | None:
        for item in covering:
            if held := known.results.get((item.origin_id, community)):
                return verdict(
                    community, Verdict.SHARED, "result_valid", "inspection.shared_results", held
                )
        for element in elements:
            if held := known.entries.get((element, community)):
                return verdict(
                    community, Verdict.FROM_LEDGER, "entry_valid", "inspection.single_ledger", held
                )
        return None

    def refused(community: UUID) -> tuple[str, str] | None:
        pairs = [(origin, community) for origin in origins]
        if most is not None and any(known.reported.get(pair, 0) >= most for pair in pairs):
            return "already_reported", "inspection.same_material_reported_max"
        if any(pair in known.asked for pair in pairs):
            return "already_approved", "inspection.shared_results"
        return None

    def judge(community: UUID) -> ItemVerdict:
        if everywhere is not None:
            return verdict(community, Verdict.REFUSED, *everywhere)
        if answer := held_by(community):
            return answer
        if why := refused(community):
            return verdict(community, Verdict.REFUSED, *why)
        reason = "nothing_valid_held" if covering else "only_partly_covered"
        return verdict(community, Verdict.NEEDS_VISIT, reason, "inspection.approval_before_start")

    return judge
