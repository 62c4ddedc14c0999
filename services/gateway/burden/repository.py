"""Counts by community: one query for each kind of burden, however many communities there are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, any_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.admission.public import (
    Community,
    DispatchCommunity,
    Item,
    OffCatalogueReport,
    Refusal,
)
from services.gateway.assessment.public import Request, RequestTarget, ScreeningVerdict, Visit
from services.gateway.plaques.public import Plaque
from shared.auth.policy import Reach
from shared.db.base import Rows

Counts = Mapping[UUID, Any]
"""A row of counts by community."""
_NOT_ASKED = ("draft", "withdrawn")


async def communities(
    session: AsyncConnection, reach: Reach, *, community: UUID | None, street: UUID | None
) -> Sequence[Any]:
    """Active communities within reach, by code; only the one or the street named, if any."""
    query: Rows = select(
        Community.id, Community.name, Community.street_id, Community.street_name
    ).where(Community.state == "active")
    if not reach.whole_district:
        query = query.where(
            or_(Community.id.in_(reach.communities), Community.street_id.in_(reach.streets))
        )
    if community is not None:
        query = query.where(Community.id == community)
    if street is not None:
        query = query.where(Community.street_id == street)
    return (await session.execute(query.order_by(Community.code))).all()


async def _by_community(session: AsyncConnection, query: Any) -> Counts:
    return {row.community_id: row for row in (await session.execute(query)).all()}


def _within(column: Any, year: int) -> Any:
    return column.between(date(year, 1, 1), date(year, 12, 31))


def _of_year(year: int) -> Any:
    """Requests sent whose window begins in the year, in their last submission."""
    return and_(Request.state.not_in(_NOT_ASKED), _within(Request.starts_on, year))


async def requested(session: AsyncConnection, places: Collection[UUID], year: int) -> Counts:
    """`requests` that were sent for inspections of a community."""
    query = (
        select(RequestTarget.community_id, func.count().label("requests"))
        .join(
            Request,
            and_(
                Request.district == RequestTarget.district,
                Request.id == RequestTarget.request_id,
                Request.submission == RequestTarget.submission,
            ),
        )
        .where(_of_year(year), RequestTarget.community_id.in_(places))
        .group_by(RequestTarget.community_id)
    )
    return await _by_community(session, query)


async def visited(session: AsyncConnection, places: Collection[UUID], year: int) -> Counts:
    """`visits` announced."""
    query = (
        select(Visit.community_id, func.count().label("visits"))
        .where(
            Visit.state == "announced",
            _within(Visit.on_day, year),
            Visit.community_id.in_(places),
        )
        .group_by(Visit.community_id)
    )
    return await _by_community(session, query)


async def screened(session: AsyncConnection, places: Collection[UUID], year: int) -> Counts:
    """Verdicts on items: `shared`, `from_ledger`, `needs_visit`, `refused`."""

    def counted(verdict: str) -> Any:
        return func.count().filter(ScreeningVerdict.verdict == verdict).label(verdict)

    query = (
        select(
            ScreeningVerdict.community_id,
            *(counted(one) for one in ("shared", "from_ledger", "needs_visit", "refused")),
        )
        .join(
            Request,
            and_(
                Request.district == ScreeningVerdict.district,
                Request.id == ScreeningVerdict.request_id,
                Request.submission == ScreeningVerdict.submission,
            ),
        )
        .where(_of_year(year), ScreeningVerdict.community_id.in_(places))
        .group_by(ScreeningVerdict.community_id)
    )
    return await _by_community(session, query)


async def outdoors(
    session: AsyncConnection, places: Collection[UUID], first: date, last: date
) -> Counts:
    """Plaques that hung outdoors before the `first` day (`earlier`) and on the `last` (`later`)."""

    def hanging(day: date) -> Any:
        there = or_(Plaque.removed_on.is_(None), Plaque.removed_on > day)
        return func.count().filter(Plaque.hung_on <= day, there)

    query = (
        select(
            Plaque.community_id,
            hanging(first - timedelta(days=1)).label("earlier"),
            hanging(last).label("later"),
        )
        .where(Plaque.where == "outdoor", Plaque.community_id.in_(places))
        .group_by(Plaque.community_id)
    )
    return await _by_community(session, query)


async def demanded(session: AsyncConnection, places: Collection[UUID], year: int) -> Counts:
    """Off-catalogue demands `reported` and `upheld`."""
    query = (
        select(
            OffCatalogueReport.community_id,
            func.count().label("reported"),
            func.count().filter(OffCatalogueReport.state == "upheld").label("upheld"),
        )
        .where(
            _within(OffCatalogueReport.demanded_on, year),
            OffCatalogueReport.community_id.in_(places),
        )
        .group_by(OffCatalogueReport.community_id)
    )
    return await _by_community(session, query)


async def unfunded(session: AsyncConnection, places: Collection[UUID], year: int) -> Counts:
    """`tasks` that reached a community under an item without money."""
    query = (
        select(DispatchCommunity.community_id, func.count().label("tasks"))
        .join(
            Item,
            and_(Item.district == DispatchCommunity.district, Item.id == DispatchCommunity.item_id),
        )
        .where(
            _within(DispatchCommunity.dispatched_on, year),
            func.coalesce(Item.total, 0) == 0,
            DispatchCommunity.community_id.in_(places),
        )
        .group_by(DispatchCommunity.community_id)
    )
    return await _by_community(session, query)


async def refused(session: AsyncConnection, year: int) -> tuple[int, int, int]:
    """Dispatches refused, those of them for want of money, and item applications whose last
    screening found money missing."""
    unfunded = literal("funds_short") == any_(Refusal.codes)
    dispatches = (
        await session.execute(
            select(func.count(), func.count().filter(unfunded)).where(
                _within(Refusal.refused_on, year)
            )
        )
    ).one()
    missing = Item.screening["issues"].contains([{"code": "funding_missing"}])
    items = await session.execute(
        select(func.count()).select_from(Item).where(_within(Item.submitted_on, year), missing)
    )
    return dispatches[0], dispatches[1], items.scalar_one()
