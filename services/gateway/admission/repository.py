"""Queries of admission, and rows turned into facts."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.dispatching import ItemFacts
from services.gateway.admission.domain import (
    AdmittedItem,
    Application,
    Funding,
    FundingBasis,
    ItemList,
    ItemState,
    Nature,
)
from services.gateway.admission.models import (
    CatalogueSpan,
    Community,
    Dispatch,
    DispatchCommunity,
    Item,
    OffCatalogueReport,
    Refusal,
)
from services.gateway.identity.public import Department
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.kernel.errors import NotFound
from shared.kernel.money import ZERO, Money
from shared.kernel.period import Period
from shared.kernel.targets import CommunityFacts, Targets

ITEM_COLUMNS = (*Item.__table__.columns, Department.name.label("department_name"))
DISPATCH_COLUMNS = (*Dispatch.__table__.columns, Item.code.label("item_code"))
_OF_DEPARTMENT = and_(Department.district == Item.district, Department.id == Item.department_id)


def items(reach: Reach) -> Rows:
    """Item applications within reach with their department's name."""
    query: Rows = select(*ITEM_COLUMNS).join(Department, _OF_DEPARTMENT)
    return query if reach.whole_district else query.where(Item.department_id.in_(reach.departments))


def catalogue(day: date) -> Rows:
    """Items that stand in the catalogue on a day."""
    return (
        select(*ITEM_COLUMNS)
        .join(Department, _OF_DEPARTMENT)
        .join(
            CatalogueSpan,
            and_(CatalogueSpan.district == Item.district, CatalogueSpan.item_id == Item.id),
        )
        .where(CatalogueSpan.starts_on <= day, CatalogueSpan.ends_on > day)
    )


def dispatches(reach: Reach) -> Rows:
    """Dispatches within reach with their item's code."""
    query: Rows = select(*DISPATCH_COLUMNS).join(
        Item, and_(Item.district == Dispatch.district, Item.id == Dispatch.item_id)
    )
    if reach.whole_district:
        return query
    return query.where(Dispatch.department_id.in_(reach.departments))


def refusals(reach: Reach) -> Rows:
    """Refused dispatches within reach."""
    query: Rows = select(*Refusal.__table__.columns)
    return (
        query if reach.whole_district else query.where(Refusal.department_id.in_(reach.departments))
    )


def reports(reach: Reach) -> Rows:
    """Reports of off-catalogue demands within reach."""
    query: Rows = (
        select(
            *OffCatalogueReport.__table__.columns,
            Community.name.label("community_name"),
            Department.name.label("department_name"),
        )
        .join(
            Community,
            and_(
                Community.district == OffCatalogueReport.district,
                Community.id == OffCatalogueReport.community_id,
            ),
        )
        .join(
            Department,
            and_(
                Department.district == OffCatalogueReport.district,
                Department.id == OffCatalogueReport.department_id,
            ),
        )
    )
    if reach.whole_district:
        return query
    return query.where(OffCatalogueReport.community_id.in_(reach.communities))


async def communities(
    session: AsyncConnection | AsyncSession, ids: Collection[UUID] | None = None
) -> dict[UUID, CommunityFacts]:
    """The district's communities by id; only those named, when ids are given."""
    query: Rows = select(
        Community.id, Community.name, Community.kind, Community.street_id, Community.state
    )
    if ids is not None:
        query = query.where(Community.id.in_(ids))
    rows = (await session.execute(query.order_by(Community.code))).all()
    return {
        row.id: CommunityFacts(row.id, row.name, row.kind, row.street_id, row.state == "active")
        for row in rows
    }


async def admitted_items(
    session: AsyncConnection | AsyncSession, *, but: UUID
) -> list[AdmittedItem]:
    """Items that stand, to compare an application with."""
    query = (
        select(*ITEM_COLUMNS)
        .join(Department, _OF_DEPARTMENT)
        .where(Item.state.in_((ItemState.ADMITTED, ItemState.SUSPENDED)), Item.id != but)
        .order_by(Item.code)
    )
    rows = (await session.execute(query)).all()
    return [AdmittedItem(row.code, row.department_name, application_of(row)) for row in rows]


async def locked_item(session: AsyncSession, reach: Reach, id: UUID) -> Item:
    """An item under a row lock. Raises NotFound when out of reach."""
    found = await session.scalar(select(Item).where(Item.id == id).with_for_update())
    if found is None or not (reach.whole_district or found.department_id in reach.departments):
        raise NotFound
    return found


async def communities_paid(session: AsyncSession, item_id: UUID, year: int) -> frozenset[UUID]:
    """Communities that got the item's money in a calendar year, and kept it."""
    query = select(DispatchCommunity.community_id).where(
        DispatchCommunity.item_id == item_id,
        DispatchCommunity.amount > 0,
        DispatchCommunity.dispatched_on >= date(year, 1, 1),
        DispatchCommunity.dispatched_on <= date(year, 12, 31),
        or_(DispatchCommunity.outcome.is_(None), DispatchCommunity.outcome == "released"),
    )
    return frozenset(await session.scalars(query))


def targets_of(stored: Mapping[str, Any]) -> Targets:
    """Stored targets as facts."""
    return Targets(
        communities=frozenset(UUID(id) for id in stored["communities"]),
        kinds=frozenset(stored["kinds"]),
        streets=frozenset(UUID(id) for id in stored["streets"]),
    )


def application_of(row: Any) -> Application:
    """An item's row as an application."""
    return Application(
        title=row.title,
        content=row.content,
        list=ItemList(row.list),
        nature=Nature(row.nature),
        legal_basis=row.legal_basis,
        period=Period(row.starts_on, row.ends_on),
        targets=targets_of(row.targets),
        funding=_funding_of(row),
    )


def facts_of(row: Any) -> ItemFacts:
    """An item's row as a dispatch sees it."""
    return ItemFacts(
        code=row.code,
        title=row.title,
        state=ItemState(row.state),
        period=Period(row.starts_on, row.ends_on),
        targets=targets_of(row.targets),
        funding=_funding_of(row) or Funding(FundingBasis.PER_COMMUNITY, ZERO, ZERO, ""),
        drawn=Money(row.drawn),
    )


def _funding_of(row: Any) -> Funding | None:
    if row.funding_basis is None:
        return None
    return Funding(
        FundingBasis(row.funding_basis), Money(row.amount), Money(row.total), row.source_line
    )
