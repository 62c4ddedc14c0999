"""Queries of the ledger, and rows turned into facts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, null, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.workstation.ledger.domain import Element, OwnerKind, Scope, ValueType
from services.workstation.ledger.models import (
    LedgerElement,
    LedgerEntry,
    LedgerEvidence,
)
from services.workstation.ledger.periods import Frequency
from services.workstation.registry.public import Community, Household, Resident, existing_on
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.kernel.errors import NotFound

OF_ENTRY = and_(
    LedgerElement.district == LedgerEntry.district, LedgerElement.id == LedgerEntry.element_id
)
ENTRY = (
    *LedgerEntry.__table__.columns,
    LedgerElement.code.label("element"),
    LedgerElement.title.label("element_title"),
    LedgerElement.type,
    LedgerElement.unit,
    LedgerElement.scope,
    Community.name.label("community_name"),
    Community.street_id,
)
LATEST = (LedgerEntry.recorded_on, LedgerEntry.id)
LISTED = (LedgerEntry.element_id, *LATEST)
"""The order of lists: by element, what was recorded last first."""
MOST_ELEMENTS = 200


def element_of(row: Any) -> Element:
    """A row as the rules see it."""
    return Element(
        id=row.id,
        code=row.code,
        title=row.title,
        type=ValueType(row.type),
        unit=row.unit,
        scope=Scope(row.scope),
        frequency=Frequency(row.frequency),
        validity_days=row.validity_days,
        choices=tuple(row.choices),
        owner_kind=OwnerKind(row.owner_kind),
        owner_department_id=row.owner_department_id,
        owner_name=row.owner_name,
        ended_on=row.ended_on,
    )


def elements() -> Rows:
    """The catalogue."""
    return select(*LedgerElement.__table__.columns)


def named(q: str) -> ColumnElement[bool]:
    """Elements whose code or title holds the text."""
    return or_(
        func.lower(LedgerElement.code).contains(q.lower(), autoescape=True),
        func.lower(LedgerElement.title).contains(q.lower(), autoescape=True),
    )


async def elements_by_code(
    session: AsyncConnection | AsyncSession, codes: Collection[str] | None = None
) -> dict[str, Element]:
    """Elements by code; all of them without codes."""
    query = elements()
    if codes is not None:
        query = query.where(LedgerElement.code.in_(codes))
    return {row.code: element_of(row) for row in (await session.execute(query)).all()}


async def element_ids_named(session: AsyncConnection, q: str) -> set[UUID]:
    """Ids of the elements that a search names."""
    query = select(LedgerElement.id).where(named(q)).order_by(LedgerElement.id)
    return {row.id for row in (await session.execute(query.limit(MOST_ELEMENTS))).all()}


async def locked_element(session: AsyncSession, reach: Reach, id: UUID) -> LedgerElement:
    """An element under a row lock. Raises NotFound when it is not one of those in reach."""
    found = await session.scalar(
        select(LedgerElement).where(LedgerElement.id == id).with_for_update()
    )
    if found is None or not (
        reach.whole_district or found.owner_department_id in reach.departments
    ):
        raise NotFound
    return found


def entries(reach: Reach, readable: Collection[UUID] = ()) -> Rows:
    """Entries within reach: of communities in it, and of the elements that a department may
    read."""
    query: Rows = (
        select(*ENTRY)
        .join(LedgerElement, OF_ENTRY)
        .join(
            Community,
            and_(
                Community.district == LedgerEntry.district,
                Community.id == LedgerEntry.community_id,
            ),
        )
    )
    if reach.whole_district:
        return query
    of_streets = select(Community.id).where(Community.street_id.in_(reach.streets))
    ways: list[ColumnElement[bool]] = []
    if reach.communities:
        ways.append(LedgerEntry.community_id.in_(reach.communities))
    if reach.streets:
        ways.append(LedgerEntry.community_id.in_(of_streets))
    if readable:
        ways.append(LedgerEntry.element_id.in_(readable))
    return query.where(or_(*ways)) if ways else query.where(literal(False))


def valid_on(day: date) -> ColumnElement[bool]:
    """Entries that counted on a day, as they were known then."""
    return and_(
        LedgerEntry.recorded_on <= day,
        or_(LedgerEntry.ended_on.is_(None), LedgerEntry.ended_on > day),
        or_(LedgerEntry.valid_until.is_(None), LedgerEntry.valid_until >= day),
    )


async def locked_entry(session: AsyncSession, id: UUID) -> tuple[LedgerEntry, Element]:
    """An entry under a row lock, with its element. Raises NotFound."""
    found = await session.scalar(select(LedgerEntry).where(LedgerEntry.id == id).with_for_update())
    if found is None:
        raise NotFound
    element = await session.get_one(LedgerElement, (found.district, found.element_id))
    return found, element_of(element)


async def current_entry(
    session: AsyncSession, element_id: UUID, subject_id: UUID, period: str
) -> LedgerEntry | None:
    """The entry that stands for an element, subject and period, locked."""
    return await session.scalar(
        select(LedgerEntry)
        .where(
            LedgerEntry.element_id == element_id,
            LedgerEntry.subject_id == subject_id,
            LedgerEntry.period == period,
            LedgerEntry.ended_on.is_(None),
        )
        .with_for_update()
    )


def evidence(entry_id: UUID) -> Rows:
    """The files of an entry, oldest first."""
    columns = LedgerEvidence.__table__.columns
    return select(*columns).where(LedgerEvidence.entry_id == entry_id).order_by(LedgerEvidence.id)


async def covering(
    session: AsyncConnection,
    element_ids: Collection[UUID],
    day: date,
    communities: Collection[UUID] | None,
) -> Sequence[Any]:
    """For each element and each community that existed on the day the entry that was recorded last
    of those that count then; one query that looks up one entry a pair, however long the
    history."""
    latest = (
        select(LedgerEntry.id, LedgerEntry.period, LedgerEntry.recorded_on, LedgerEntry.valid_until)
        .where(
            LedgerEntry.district == LedgerElement.district,
            LedgerEntry.element_id == LedgerElement.id,
            LedgerEntry.subject_id == Community.id,
            valid_on(day),
        )
        .order_by(*(column.desc() for column in LATEST))
        .limit(1)
        .lateral("latest")
    )
    query = (
        select(LedgerElement.id.label("element_id"), Community.id.label("community_id"), *latest.c)
        .join(Community, Community.district == LedgerElement.district)
        .join(latest, literal(True))
        .where(LedgerElement.id.in_(element_ids), existing_on(day))
        .order_by(LedgerElement.id, Community.code)
    )
    if communities is not None:
        query = query.where(Community.id.in_(communities))
    return (await session.execute(query)).all()


async def place_of(
    session: AsyncSession, scope: Scope, ids: Mapping[str, UUID | None]
) -> dict[str, UUID | None] | None:
    """The subject of an entry with its community, None when there is no such one.

    `ids` are `community_id`, `household_id`, `resident_id`; only the scope's own counts.
    """
    query: Rows
    if scope is Scope.COMMUNITY:
        known = select(Community.id, null().label("household_id"), null().label("resident_id"))
        query = known.where(Community.id == ids["community_id"], Community.state == "active")
    elif scope is Scope.HOUSEHOLD:
        query = select(
            Household.community_id.label("id"),
            Household.id.label("household_id"),
            null().label("resident_id"),
        ).where(Household.id == ids["household_id"])
    else:
        query = select(
            Resident.community_id.label("id"),
            null().label("household_id"),
            Resident.id.label("resident_id"),
        ).where(Resident.id == ids["resident_id"], Resident.left_on.is_(None))
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    subject = row.resident_id or row.household_id or row.id
    return {
        "community_id": row.id,
        "household_id": row.household_id,
        "resident_id": row.resident_id,
        "subject_id": subject,
    }
