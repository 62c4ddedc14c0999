"""Queries of results."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import Community
from services.gateway.assessment.campaigns.models import Campaign
from services.gateway.assessment.results.domain import ResultState, Source
from services.gateway.assessment.results.measuring import HeldValue
from services.gateway.assessment.results.models import Objection, Result, ResultLine
from services.gateway.assessment.standards.models import StandardItem
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.db.reading import the_row

Session = AsyncConnection | AsyncSession


def results(reach: Reach) -> Rows:
    """Results within reach with their community's name and street."""
    query: Rows = select(
        *Result.__table__.columns,
        Community.name.label("community_name"),
        Community.code.label("community_code"),
        Community.street_id,
        Campaign.title.label("campaign_title"),
    )
    query = query.join(
        Community,
        and_(Community.district == Result.district, Community.id == Result.community_id),
    ).join(Campaign, and_(Campaign.district == Result.district, Campaign.id == Result.campaign_id))
    if reach.whole_district:
        return query
    return query.where(
        or_(Result.community_id.in_(reach.communities), Community.street_id.in_(reach.streets))
    )


async def one(session: Session, reach: Reach, id: UUID) -> Any:
    """A result within reach. Raises NotFound."""
    return await the_row(session, results(reach).where(Result.id == id))


async def locked(session: AsyncSession, reach: Reach, id: UUID) -> Result:
    """A result within reach under a row lock. Raises NotFound."""
    await one(session, reach, id)
    return (await session.scalars(select(Result).where(Result.id == id).with_for_update())).one()


async def lines(session: Session, result_id: UUID, revision: int) -> Sequence[Any]:
    """The lines of a revision in the standard's order, with their items."""
    query = (
        select(
            *ResultLine.__table__.columns,
            *(
                column.label(f"item_{column.name}")
                for column in StandardItem.__table__.columns
                if column.name not in {"district", "id", "origin_id"}
            ),
        )
        .join(
            StandardItem,
            and_(
                StandardItem.district == ResultLine.district, StandardItem.id == ResultLine.item_id
            ),
        )
        .where(ResultLine.result_id == result_id, ResultLine.revision == revision)
        .order_by(StandardItem.position)
    )
    return (await session.execute(query)).all()


async def objection(session: Session, result_id: UUID) -> Any:
    """The objection to a result, None where there is none."""
    query = select(*Objection.__table__.columns).where(Objection.result_id == result_id)
    return (await session.execute(query)).one_or_none()


async def held(
    session: Session, origins: Collection[UUID], day: date
) -> Mapping[tuple[UUID, UUID], HeldValue]:
    """The latest final value of each (origin, community) that may still be shared on a day."""
    query = (
        select(
            ResultLine.id, ResultLine.origin_id, ResultLine.community_id, ResultLine.value,
            ResultLine.found_on, ResultLine.valid_until,
        )
        .join(
            Result,
            and_(
                Result.district == ResultLine.district,
                Result.id == ResultLine.result_id,
                Result.revision == ResultLine.revision,
            ),
        )
        .where(
            Result.state == ResultState.FINAL,
            ResultLine.source != Source.NONE,
            ResultLine.origin_id.in_(origins),
            ResultLine.valid_until >= day,
        )
        .order_by(ResultLine.found_on, ResultLine.id)
    )  # fmt: skip
    return {
        (row.origin_id, row.community_id): HeldValue(
            row.id, Fraction(row.value), row.found_on, row.valid_until
        )
        for row in await session.execute(query)
    }
