"""Queries of the registry."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import aliased

from services.workstation.registry.models import (
    Adjustment,
    AdjustmentPart,
    Community,
    GridCell,
    Household,
    Resident,
    Street,
)
from shared.auth.policy import Reach
from shared.db.base import Rows

STREET = (Street.id, Street.code, Street.name, Street.kind, Street.version)
COMMUNITY = (
    Community.id,
    Community.code,
    Community.name,
    Community.kind,
    Community.state,
    Community.street_id,
    Street.name.label("street_name"),
    Community.established_on,
    Community.ended_on,
    Community.household_count,
    Community.version,
)
RESIDENT = (
    Resident.district,
    Resident.id,
    Resident.community_id,
    Resident.household_id,
    Resident.name,
    Resident.sex,
    Resident.born_on,
    Resident.id_number,
    Resident.phone,
    Resident.residence,
    Resident.left_on,
    Resident.left_because,
    Resident.version,
)


def starting(text: str) -> str:
    """A LIKE pattern for texts that begin so, every sign taken literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def existing_on(day: date) -> ColumnElement[bool]:
    """Communities that existed on the day."""
    return and_(
        Community.state != "proposed",
        Community.established_on <= day,
        or_(Community.ended_on.is_(None), Community.ended_on > day),
    )


def communities(
    *,
    street_id: UUID | None = None,
    kind: str | None = None,
    state: str | None = None,
    on: date | None = None,
    q: str | None = None,
) -> Rows:
    """Communities with their street's name; `on` keeps those that existed on that day."""
    query: Rows = select(*COMMUNITY).join(
        Street, (Street.district == Community.district) & (Street.id == Community.street_id)
    )
    if street_id is not None:
        query = query.where(Community.street_id == street_id)
    if kind is not None:
        query = query.where(Community.kind == kind)
    if state is not None:
        query = query.where(Community.state == state)
    if on is not None:
        query = query.where(existing_on(on))
    return query.where(Community.name.like("%" + starting(q))) if q else query


def within(query: Rows, reach: Reach, community_id: Any) -> Rows:
    """The query's rows whose community lies within reach."""
    if reach.whole_district:
        return query
    of_streets = select(Community.id).where(Community.street_id.in_(reach.streets))
    return query.where(or_(community_id.in_(reach.communities), community_id.in_(of_streets)))


def households(reach: Reach, *, community_id: UUID | None, q: str | None) -> Rows:
    """Households within reach with the number of their present residents."""
    present = (
        select(func.count())
        .where(
            Resident.district == Household.district,
            Resident.household_id == Household.id,
            Resident.left_on.is_(None),
        )
        .scalar_subquery()
    )
    query: Rows = select(
        Household.id,
        Household.community_id,
        Household.code,
        Household.address,
        present.label("resident_count"),
        Household.version,
    )
    if community_id is not None:
        query = query.where(Household.community_id == community_id)
    if q:
        query = query.where(Household.address.like("%" + starting(q)))
    return within(query, reach, Household.community_id)


def residents(
    reach: Reach,
    *,
    community_id: UUID | None = None,
    household_id: UUID | None = None,
    name: str | None = None,
    present: bool = False,
) -> Rows:
    """Residents within reach."""
    query: Rows = select(*RESIDENT)
    if community_id is not None:
        query = query.where(Resident.community_id == community_id)
    if household_id is not None:
        query = query.where(Resident.household_id == household_id)
    if name:
        query = query.where(Resident.name.like(starting(name)))
    if present:
        query = query.where(Resident.left_on.is_(None))
    return within(query, reach, Resident.community_id)


def grid_cells(community_id: UUID | None) -> Rows:
    """Grid cells and buildings."""
    query: Rows = select(
        GridCell.id, GridCell.community_id, GridCell.code, GridCell.name, GridCell.kind
    )
    return query.where(GridCell.community_id == community_id) if community_id else query


async def street_of(session: AsyncSession, community_id: UUID) -> UUID | None:
    """The street of a community."""
    return await session.scalar(select(Community.street_id).where(Community.id == community_id))


async def lineage(session: AsyncConnection, community_id: UUID) -> Sequence[Any]:
    """Every adjustment on the way to a community or away from it, each with its parts: one
    recursive query, however long the history."""
    part = AdjustmentPart
    start = select(part.adjustment_id).where(part.community_id == community_id).cte(recursive=True)
    here, there = aliased(part), aliased(part)
    reached = start.union(
        select(there.adjustment_id)
        .join(
            here,
            (here.district == there.district) & (here.community_id == there.community_id),
        )
        .where(here.adjustment_id == start.c.adjustment_id)
    )
    query = (
        select(
            Adjustment.code,
            Adjustment.round,
            Adjustment.kind,
            Adjustment.decided_on,
            Adjustment.document,
            part.side,
            Community.name,
        )
        .join(part, (part.district == Adjustment.district) & (part.adjustment_id == Adjustment.id))
        .join(
            Community,
            (Community.district == part.district) & (Community.id == part.community_id),
        )
        .where(Adjustment.id.in_(select(reached.c.adjustment_id)))
        .order_by(Adjustment.decided_on, Adjustment.code, Community.code)
    )
    return (await session.execute(query)).all()
