"""What each item's value in a community is: found on a visit, read from the ledger, rated by
residents, or shared from an earlier result, in this order. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from services.gateway.assessment.results.domain import Measured, Source
from services.gateway.assessment.standards.domain import (
    ItemKind,
    PublishedItem,
    Verification,
)

_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class FoundValue:
    """An established finding."""

    id: UUID
    value: int
    found_on: date


@dataclass(frozen=True, slots=True)
class EntryValue:
    """An entry of the ledger: its value as the ledger tells it, and its last day."""

    id: UUID
    value: object
    recorded_on: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class RatedValue:
    """Residents' ratings: how many, their exact mean, the day of the last one."""

    number: int
    mean: Fraction
    last_on: date


@dataclass(frozen=True, slots=True)
class HeldValue:
    """A line of an earlier final result that may still be shared."""

    line_id: UUID
    value: Fraction
    found_on: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Sources:
    """All that is known of a campaign's communities; by (community, item), but entries by
    (element, community) and earlier results by (origin, community).

    `unconfirmed` are findings that no second assessor has confirmed in time.
    """

    found: Mapping[tuple[UUID, UUID], FoundValue] = field(default_factory=dict)
    entries: Mapping[tuple[str, UUID], EntryValue] = field(default_factory=dict)
    rated: Mapping[tuple[UUID, UUID], RatedValue] = field(default_factory=dict)
    held: Mapping[tuple[UUID, UUID], HeldValue] = field(default_factory=dict)
    unconfirmed: frozenset[tuple[UUID, UUID]] = frozenset()


def measure(
    item: PublishedItem, community: UUID, sources: Sources, *, ratings_min: int
) -> Measured | str:
    """An item's value in a community, or the code of why it was not assessed."""
    days = timedelta(days=item.item.validity_days)
    place = (community, item.id)
    why = "not_found"
    if found := sources.found.get(place):
        return Measured(
            Fraction(found.value), Source.FINDING, found.id, found.found_on, found.found_on + days
        )
    if place in sources.unconfirmed:
        why = "unconfirmed"
    if item.item.verification is Verification.LEDGER and item.item.element is not None:
        read = _read(item, sources.entries.get((item.item.element, community)), days)
        if isinstance(read, Measured):
            return read
        why = read
    if item.item.verification is Verification.RESIDENTS:
        rated = sources.rated.get(place)
        if rated is not None and rated.number >= ratings_min:
            return Measured(
                rated.mean, Source.RATINGS, None, rated.last_on, rated.last_on + days,
                f"ratings:{rated.number}",
            )  # fmt: skip
        why = f"too_few_ratings:{rated.number if rated else 0}"
    if held := sources.held.get((item.origin_id, community)):
        return Measured(held.value, Source.SHARED, held.line_id, held.found_on, held.valid_until)
    return why


def _read(item: PublishedItem, entry: EntryValue | None, days: timedelta) -> Measured | str:
    if entry is None:
        return "no_entry"
    value = number_of(entry.value, item.item.kind)
    if value is None:
        return "entry_not_a_number"
    last = entry.recorded_on + days
    until = last if entry.valid_until is None else min(last, entry.valid_until)
    return Measured(value, Source.LEDGER, entry.id, entry.recorded_on, until)


def number_of(value: object, kind: ItemKind) -> Fraction | None:
    """A ledger's value in the item's unit: yes and no are 1 and 0, a ratio's percent become
    hundredths of a percent; None for what is no number."""
    number = isinstance(value, str) and _DECIMAL.fullmatch(value)
    if not (number or isinstance(value, (bool, int))):
        return None
    assert isinstance(value, (bool, int, str))
    found = Fraction(value)
    return found * _PERCENT if kind is ItemKind.RATIO else found
