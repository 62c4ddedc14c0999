"""Screening: every item in every community has one verdict, and what is only partly covered never
counts as covered."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.assessment.requests.domain import (
    AskedItem,
    InspectionRequest,
    Level,
    RequestKind,
    Verdict,
)
from services.gateway.assessment.requests.screening import (
    Held,
    Known,
    Resolved,
    Screened,
    screen,
)
from services.gateway.assessment.standards.domain import (
    COVERING,
    Item,
    ItemKind,
    PublishedItem,
    Relation,
    Verification,
)
from services.gateway.rulebook import RULES
from shared.kernel.period import Period
from shared.kernel.targets import CommunityFacts, Targets
from shared.kernel.working_days import WorkingDays
from shared.rulebook.rulebook import Rulebook

TODAY = date(2026, 3, 2)
EARLIEST = date(2026, 3, 16)
RULEBOOK = Rulebook.from_files(*RULES)
CALENDAR = WorkingDays()
COMMUNITIES = {
    UUID(int=at): CommunityFacts(UUID(int=at), f"社区{at}", "urban", UUID(int=99), at != 3)
    for at in (1, 2, 3)
}
FIRST, SECOND, ENDED = COMMUNITIES


def unified(at: int, verification: Verification = Verification.ON_SITE) -> PublishedItem:
    """An item of the standard."""
    element = f"element{at}" if verification is Verification.LEDGER else None
    item = Item(
        f"A{at}", f"项目{at}", "综合治理", ItemKind.BOOLEAN, 100, 0, 1, verification, element,
        False, False, 180, "",
    )  # fmt: skip
    return PublishedItem(UUID(int=1000 + at), UUID(int=7), UUID(int=2000 + at), item)


REQUEST = InspectionRequest(
    id=UUID(int=5),
    department_id=UUID(int=6),
    title="社区警务工作检查",
    kind=RequestKind.INSPECTION,
    comprehensive=False,
    level=Level.DISTRICT,
    legal_basis="公安机关社区警务工作规范",
    targets=Targets(),
    window=Period(date(2026, 3, 20), date(2026, 4, 10)),
    minutes_on_site=60,
    inspectors_per_day=4,
    items=(AskedItem("A1"),),
)
RESOLVED = {"A1": Resolved("项目1", None, ((unified(1), Relation.EQUAL),))}
KNOWN = Known(COMMUNITIES, RESOLVED)
HELD = Held(UUID(int=77), date(2026, 12, 31))


def screened(request: InspectionRequest = REQUEST, known: Known = KNOWN) -> Screened:
    return screen(
        request,
        known,
        rule=lambda key: RULEBOOK.lookup(key, None, TODAY),
        calendar=CALENDAR,
        earliest=EARLIEST,
        today=TODAY,
    )


def codes(found: Screened) -> list[str]:
    assert all(issue.remedy.zh and issue.remedy.en for issue in found.issues)
    return [issue.code for issue in found.issues]


def verdicts(found: Screened) -> dict[UUID, Verdict]:
    return {one.community_id: one.verdict for one in found.verdicts}


def test_what_nobody_holds_yet_needs_a_visit_in_every_active_community() -> None:
    found = screened()
    assert codes(found) == []
    assert verdicts(found) == {FIRST: Verdict.NEEDS_VISIT, SECOND: Verdict.NEEDS_VISIT}
    assert found.to_visit == {FIRST, SECOND}


def test_a_valid_result_is_shared_and_an_entry_is_read_from_the_ledger() -> None:
    item = unified(1, Verification.LEDGER)
    known = replace(
        KNOWN,
        resolved={"A1": Resolved("项目1", None, ((item, Relation.SUPERSET),))},
        results={(item.origin_id, FIRST): HELD},
        entries={("element1", FIRST): HELD, ("element1", SECOND): HELD},
    )
    found = screened(known=known)
    assert verdicts(found) == {FIRST: Verdict.SHARED, SECOND: Verdict.FROM_LEDGER}
    assert {one.rule for one in found.verdicts} == {
        "inspection.shared_results",
        "inspection.single_ledger",
    }
    assert all(one.held == HELD for one in found.verdicts)
    assert found.to_visit == frozenset()


def test_an_entry_of_an_element_does_not_answer_an_item_seen_on_site() -> None:
    known = replace(KNOWN, entries={("element1", FIRST): HELD})
    assert verdicts(screened(known=known))[FIRST] is Verdict.NEEDS_VISIT


@pytest.mark.parametrize("relation", sorted(set(Relation) - COVERING))
def test_what_is_only_partly_covered_is_never_covered(relation: Relation) -> None:
    item = unified(1, Verification.LEDGER)
    known = replace(
        KNOWN,
        resolved={"A1": Resolved("项目1", UUID(int=8), ((item, relation),))},
        results={(item.origin_id, FIRST): HELD},
        entries={("element1", FIRST): HELD},
    )
    found = screened(known=known)
    assert set(verdicts(found).values()) == {Verdict.NEEDS_VISIT}
    assert {one.reason for one in found.verdicts} == {"only_partly_covered"}


def test_material_is_asked_for_once_in_a_year() -> None:
    request = replace(REQUEST, items=(AskedItem("A1", material=True),))
    known = replace(KNOWN, reported={(unified(1).origin_id, FIRST): 1})
    found = screened(request, known)
    assert verdicts(found) == {FIRST: Verdict.REFUSED, SECOND: Verdict.NEEDS_VISIT}
    assert verdicts(screened(known=known))[FIRST] is Verdict.NEEDS_VISIT


def test_a_department_does_not_inspect_the_same_twice_in_one_window() -> None:
    known = replace(KNOWN, asked={(unified(1).origin_id, SECOND)})
    assert verdicts(screened(known=known))[SECOND] is Verdict.REFUSED
    both = {(unified(1).origin_id, one) for one in (FIRST, SECOND)}
    found = screened(known=replace(KNOWN, asked=both))
    assert codes(found) == ["everything_refused"]
    assert found.issues[0].rules


def test_one_comprehensive_inspection_a_department_and_year() -> None:
    request = replace(REQUEST, comprehensive=True)
    assert codes(screened(request)) == []
    found = screened(request, replace(KNOWN, comprehensive=["GA-2026-01"]))
    assert codes(found) == ["comprehensive_limit"]
    assert "GA-2026-01" in found.issues[0].detail.zh
    assert set(verdicts(found).values()) == {Verdict.REFUSED}


def test_without_a_legal_basis_everything_is_refused() -> None:
    found = screened(replace(REQUEST, legal_basis=" "))
    assert codes(found) == ["legal_basis_missing"]
    assert {one.rule for one in found.verdicts} == {"inspection.legal_basis_required"}


def test_a_veto_needs_a_cited_law_and_refuses_its_item_only() -> None:
    two = replace(
        KNOWN,
        resolved={**RESOLVED, "A2": Resolved("项目2", None, ((unified(2), Relation.EQUAL),))},
    )
    request = replace(REQUEST, items=(AskedItem("A1", veto=True), AskedItem("A2")))
    found = screened(request, two)
    assert codes(found) == ["veto_without_basis"]
    assert found.issues[0].pointer == "/items/0/legal_basis"
    assert Counter((one.code, one.verdict) for one in found.verdicts) == {
        ("A1", Verdict.REFUSED): 2,
        ("A2", Verdict.NEEDS_VISIT): 2,
    }
    based = replace(request, items=(AskedItem("A1", veto=True, legal_basis="安全生产法 4"),))
    assert codes(screened(based, two)) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"window": Period(date(2026, 1, 5), date(2026, 2, 1))}, "window_past"),
        ({"window": Period(date(2026, 3, 3), date(2026, 4, 1))}, "applied_too_late"),
        (
            {"window": Period(date(2026, 10, 1), date(2026, 10, 8))},
            "window_without_working_day",
        ),
        ({"targets": Targets(communities=frozenset({UUID(int=55)}))}, "target_outside_district"),
        ({"targets": Targets(communities=frozenset({ENDED}))}, "target_not_active"),
        ({"targets": Targets(kinds=frozenset({"factory"}))}, "target_empty"),
        ({"items": (AskedItem("Z9"),)}, "item_unknown"),
        ({"items": (AskedItem("A1"), AskedItem("A1"))}, "item_repeated"),
    ],
)
def test_bad_requests_are_named(changed: dict[str, Any], code: str) -> None:
    found = screened(replace(REQUEST, **changed))
    assert codes(found) == [code]


def test_an_own_item_comes_with_its_place_in_the_standard() -> None:
    known = replace(KNOWN, resolved={"A1": Resolved("项目1", UUID(int=8), ())})
    assert codes(screened(known=known)) == ["item_unmapped"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    bad = replace(
        REQUEST,
        legal_basis="",
        window=Period(date(2026, 3, 7), date(2026, 3, 9)),
        targets=Targets(communities=frozenset({UUID(int=55)})),
        items=(AskedItem("Z9", veto=True),),
    )
    assert set(codes(screened(bad))) == {
        "legal_basis_missing",
        "applied_too_late",
        "window_without_working_day",
        "target_outside_district",
        "item_unknown",
        "veto_without_basis",
    }


def test_in_a_year_without_a_notice_weekdays_count() -> None:
    weekend = replace(REQUEST, window=Period(date(2030, 1, 5), date(2030, 1, 7)))
    assert codes(screened(weekend)) == ["window_without_working_day"]
    assert (
        codes(screened(replace(weekend, window=Period(date(2030, 1, 5), date(2030, 1, 8))))) == []
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[InspectionRequest, Known]:
    """A request with whatever the platform may know of its items."""
    number = draw(st.integers(1, 4))
    pool = [unified(at, draw(st.sampled_from(Verification))) for at in range(5)]
    resolved = {
        f"W{at}": Resolved(
            f"项目{at}",
            UUID(int=8 + at),
            tuple(
                (pool[place], draw(st.sampled_from(Relation)))
                for place in draw(st.sets(st.integers(0, 4), min_size=1, max_size=3))
            ),
        )
        for at in range(number)
    }
    items = tuple(AskedItem(code, material=draw(st.booleans())) for code in resolved)
    pairs = st.sets(st.tuples(st.sampled_from(pool), st.sampled_from([FIRST, SECOND])))
    known = Known(
        COMMUNITIES,
        resolved,
        results={(one.origin_id, place): HELD for one, place in draw(pairs)},
        entries={(one.item.element, place): HELD for one, place in draw(pairs) if one.item.element},
        reported={(one.origin_id, place): draw(st.integers(0, 2)) for one, place in draw(pairs)},
        asked={(one.origin_id, place) for one, place in draw(pairs)},
    )
    return replace(REQUEST, items=items), known


@given(worlds())
def test_every_item_has_exactly_one_verdict_in_every_target(
    world: tuple[InspectionRequest, Known],
) -> None:
    request, known = world
    found = screened(request, known)
    pairs = Counter((one.code, one.community_id) for one in found.verdicts)
    assert pairs == {(item.code, place): 1 for item in request.items for place in (FIRST, SECOND)}
    keys = {rule.key for rule in found.rules}
    assert all(one.rule in keys and one.reason for one in found.verdicts)


@given(worlds())
def test_only_covering_items_answer_without_a_visit(
    world: tuple[InspectionRequest, Known],
) -> None:
    request, known = world
    for one in screened(request, known).verdicts:
        covering = known.resolved[one.code].covering
        shared = any((item.origin_id, one.community_id) in known.results for item in covering)
        in_ledger = any(
            item.item.verification is Verification.LEDGER
            and (item.item.element, one.community_id) in known.entries
            for item in covering
        )
        assert (one.verdict is Verdict.SHARED) == shared
        assert (one.verdict is Verdict.FROM_LEDGER) == (in_ledger and not shared)
        assert (one.held is not None) == (shared or in_ledger)


@given(worlds(), st.sampled_from([FIRST, SECOND]))
def test_knowing_more_never_makes_more_visits(
    world: tuple[InspectionRequest, Known], place: UUID
) -> None:
    request, known = world
    more = {
        **known.results,
        **{
            (item.origin_id, place): HELD
            for one in known.resolved.values()
            for item, _ in one.mapped
        },
    }
    before = screened(request, known).to_visit
    assert screened(request, replace(known, results=more)).to_visit <= before


@given(st.dates(EARLIEST, date(2026, 12, 1)), st.integers(1, 20))
def test_a_window_holds_a_working_day_or_is_refused(start: date, days: int) -> None:
    each = [start + timedelta(days=at) for at in range(days)]
    window = Period(start, start + timedelta(days=days))
    refused = "window_without_working_day" in codes(screened(replace(REQUEST, window=window)))
    assert refused is not any(CALENDAR.is_working_day(day) for day in each)
