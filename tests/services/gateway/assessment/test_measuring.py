"""Where an item's value comes from, in which order, and why there is none."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest

from services.gateway.assessment.results.domain import Measured, Source
from services.gateway.assessment.results.measuring import (
    EntryValue,
    FoundValue,
    HeldValue,
    RatedValue,
    Sources,
    measure,
    number_of,
)
from services.gateway.assessment.standards.domain import (
    Item,
    ItemKind,
    PublishedItem,
    Verification,
)

DAY = date(2026, 5, 6)
PLACE = UUID(int=1)
ITEM = PublishedItem(
    UUID(int=2), UUID(int=3), UUID(int=4),
    Item("A1", "项目", "卫生", ItemKind.RATIO, 100, 0, 10_000, Verification.LEDGER, "files", False,
         False, 30, ""),
)  # fmt: skip
HELD = HeldValue(UUID(int=9), Fraction(5), date(2026, 4, 1), date(2026, 6, 1))
ENTRY = EntryValue(UUID(int=8), "87.5", date(2026, 5, 1), date(2026, 5, 20))
FOUND = FoundValue(UUID(int=7), 9000, DAY)


def by(verification: Verification) -> PublishedItem:
    element = "files" if verification is Verification.LEDGER else None
    return replace(ITEM, item=replace(ITEM.item, verification=verification, element=element))


def measured(item: PublishedItem, sources: Sources) -> Measured:
    found = measure(item, PLACE, sources, ratings_min=10)
    assert isinstance(found, Measured)
    return found


def test_a_finding_goes_before_the_ledger_and_the_ledger_before_what_is_shared() -> None:
    everything = Sources(
        found={(PLACE, ITEM.id): FOUND},
        entries={("files", PLACE): ENTRY},
        held={(ITEM.origin_id, PLACE): HELD},
    )
    assert measured(ITEM, everything).source is Source.FINDING
    assert measured(ITEM, replace(everything, found={})).source is Source.LEDGER
    shared = measured(ITEM, replace(everything, found={}, entries={}))
    assert (shared.source, shared.source_id) == (Source.SHARED, HELD.line_id)
    assert (shared.found_on, shared.valid_until) == (HELD.found_on, HELD.valid_until)


def test_a_value_holds_for_the_days_of_its_item_and_no_longer_than_its_entry() -> None:
    assert measured(ITEM, Sources(found={(PLACE, ITEM.id): FOUND})).valid_until == date(2026, 6, 5)
    read = measured(ITEM, Sources(entries={("files", PLACE): ENTRY}))
    assert (read.value, read.valid_until) == (Fraction(8750), date(2026, 5, 20))
    open_end = replace(ENTRY, valid_until=None)
    assert measured(ITEM, Sources(entries={("files", PLACE): open_end})).valid_until == date(
        2026, 5, 31
    )


def test_too_few_ratings_do_not_count() -> None:
    item = by(Verification.RESIDENTS)
    few = Sources(rated={(PLACE, item.id): RatedValue(9, Fraction(9, 2), DAY)})
    assert measure(item, PLACE, few, ratings_min=10) == "too_few_ratings:9"
    enough = Sources(rated={(PLACE, item.id): RatedValue(10, Fraction(9, 2), DAY)})
    assert measured(item, enough).value == Fraction(9, 2)
    assert measure(item, PLACE, Sources(), ratings_min=10) == "too_few_ratings:0"


def test_why_an_item_was_not_assessed_is_told() -> None:
    on_site = by(Verification.ON_SITE)
    waiting = Sources(unconfirmed=frozenset({(PLACE, on_site.id)}))
    assert measure(on_site, PLACE, Sources(), ratings_min=1) == "not_found"
    assert measure(on_site, PLACE, waiting, ratings_min=1) == "unconfirmed"
    assert measure(ITEM, PLACE, Sources(), ratings_min=1) == "no_entry"
    odd = Sources(entries={("files", PLACE): replace(ENTRY, value="良好")})
    assert measure(ITEM, PLACE, odd, ratings_min=1) == "entry_not_a_number"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (True, ItemKind.BOOLEAN, Fraction(1)),
        (False, ItemKind.BOOLEAN, Fraction(0)),
        (12, ItemKind.COUNT, Fraction(12)),
        ("12.25", ItemKind.COUNT, Fraction(49, 4)),
        (87, ItemKind.RATIO, Fraction(8700)),
        ("-3", ItemKind.COUNT, Fraction(-3)),
        (None, ItemKind.COUNT, None),
        ("12元", ItemKind.COUNT, None),
        ("1e9", ItemKind.COUNT, None),
        (["1"], ItemKind.COUNT, None),
    ],
)
def test_what_the_ledger_tells_becomes_an_exact_number_or_none(
    value: object, kind: ItemKind, expected: Fraction | None
) -> None:
    assert number_of(value, kind) == expected
