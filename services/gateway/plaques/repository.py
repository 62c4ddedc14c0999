"""Queries of plaques, and rows turned into facts."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import Community
from services.gateway.identity.public import Department
from services.gateway.plaques.domain import ApplicationState, Hanging, Kind, Payer, Where
from services.gateway.plaques.models import Plaque, PlaqueApplication, RemovalNotice
from shared.auth.policy import Reach
from shared.db.base import Rows


def applications(reach: Reach) -> Rows:
    """Applications within reach with their department's name: a department's own; whoever hangs
    them sees those that were approved."""
    query: Rows = select(
        *PlaqueApplication.__table__.columns, Department.name.label("department_name")
    ).join(
        Department,
        and_(
            Department.district == PlaqueApplication.district,
            Department.id == PlaqueApplication.department_id,
        ),
    )
    if reach.whole_district:
        return query
    own = PlaqueApplication.department_id.in_(reach.departments)
    if reach.communities or reach.streets:
        return query.where(or_(own, PlaqueApplication.state == ApplicationState.APPROVED))
    return query.where(own)


def _local(reach: Reach) -> Any:
    return or_(Community.id.in_(reach.communities), Community.street_id.in_(reach.streets))


def plaques(reach: Reach) -> Rows:
    """Plaques within reach with their community's name, also those that were taken down."""
    query: Rows = select(
        *Plaque.__table__.columns,
        Community.name.label("community_name"),
        Community.street_id,
    ).join(
        Community,
        and_(Community.district == Plaque.district, Community.id == Plaque.community_id),
    )
    if reach.whole_district:
        return query
    return query.where(or_(_local(reach), Plaque.department_id.in_(reach.departments)))


def notices(reach: Reach) -> Rows:
    """Removal notices within reach with what they are about."""
    query: Rows = (
        select(
            *RemovalNotice.__table__.columns,
            Plaque.title,
            Community.name.label("community_name"),
            Community.street_id,
        )
        .join(
            Plaque,
            and_(Plaque.district == RemovalNotice.district, Plaque.id == RemovalNotice.plaque_id),
        )
        .join(
            Community,
            and_(
                Community.district == RemovalNotice.district,
                Community.id == RemovalNotice.community_id,
            ),
        )
    )
    if reach.whole_district:
        return query
    return query.where(or_(_local(reach), RemovalNotice.department_id.in_(reach.departments)))


def communities(reach: Reach) -> Rows:
    """Active communities within reach, by code."""
    query: Rows = select(Community.id, Community.code, Community.name, Community.street_id).where(
        Community.state == "active"
    )
    return query if reach.whole_district else query.where(_local(reach))


async def hanging_by_community(
    session: AsyncConnection | AsyncSession, communities: Collection[UUID] | None
) -> dict[UUID, list[tuple[Hanging, UUID | None]]]:
    """What hangs now, with the department it is of; only of the communities named, if any."""
    query: Rows = (
        select(*Plaque.__table__.columns)
        .where(Plaque.removed_on.is_(None))
        .order_by(Plaque.community_id, Plaque.id)
    )
    if communities is not None:
        query = query.where(Plaque.community_id.in_(communities))
    found: dict[UUID, list[tuple[Hanging, UUID | None]]] = {}
    for row in (await session.execute(query)).all():
        found.setdefault(row.community_id, []).append((_hanging(row), row.department_id))
    return found


async def plaques_under_notice(session: AsyncSession) -> frozenset[UUID]:
    """Plaques for which a notice is open."""
    query = select(RemovalNotice.plaque_id).where(RemovalNotice.state.in_(("issued", "removed")))
    return frozenset(await session.scalars(query))


def _hanging(row: Any) -> Hanging:
    return Hanging(
        id=row.id,
        kind=Kind(row.kind),
        title=row.title,
        where=Where(row.where),
        payer=Payer(row.payer),
        cost=row.cost,
        approved=row.application_id is not None,
        hung_on=row.hung_on,
    )
