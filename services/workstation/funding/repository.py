"""Queries of funding."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.workstation.funding.domain import Account
from services.workstation.funding.models import Appropriation, JournalEntry, Payment
from services.workstation.registry.public import Community, Street
from shared.auth.policy import Reach
from shared.db.base import Rows

OF_APPROPRIATION = and_(
    Appropriation.district == JournalEntry.district,
    Appropriation.id == JournalEntry.appropriation_id,
)


def _local(reach: Reach, community_id: Any) -> Any:
    of_streets = select(Community.id).where(Community.street_id.in_(reach.streets))
    return or_(community_id.in_(reach.communities), community_id.in_(of_streets))


def appropriations(reach: Reach) -> Rows:
    """Appropriations within reach: a community's own, a department's items."""
    query: Rows = select(*Appropriation.__table__.columns)
    if reach.whole_district:
        return query
    return query.where(
        or_(
            _local(reach, Appropriation.community_id),
            Appropriation.department_id.in_(reach.departments),
        )
    )


def entries(reach: Reach) -> Rows:
    """Entries within reach."""
    query: Rows = select(*JournalEntry.__table__.columns).join(Appropriation, OF_APPROPRIATION)
    if reach.whole_district:
        return query
    return query.where(
        or_(
            _local(reach, JournalEntry.community_id),
            Appropriation.department_id.in_(reach.departments),
        )
    )


def payments(reach: Reach) -> Rows:
    """Payments within reach."""
    query: Rows = select(*Payment.__table__.columns).join(
        Appropriation,
        and_(
            Appropriation.district == Payment.district,
            Appropriation.id == Payment.appropriation_id,
        ),
    )
    if reach.whole_district:
        return query
    return query.where(
        or_(
            _local(reach, Payment.community_id),
            Appropriation.department_id.in_(reach.departments),
        )
    )


async def held_for(
    session: AsyncSession, appropriation_id: UUID, community_id: UUID, account: Account
) -> int:
    """What stands in an account of an appropriation for one community, in fen."""
    moved = case(
        (JournalEntry.debit == account.value, JournalEntry.amount), else_=-JournalEntry.amount
    )
    query = select(func.coalesce(func.sum(moved), 0)).where(
        JournalEntry.appropriation_id == appropriation_id,
        JournalEntry.community_id == community_id,
        or_(JournalEntry.debit == account.value, JournalEntry.credit == account.value),
    )
    return int(await session.scalar(query) or 0)


def _change(account: Account, *conditions: Any) -> Any:
    """What entries put into an account less what they took from it."""
    moved = case(
        (and_(JournalEntry.debit == account.value, *conditions), JournalEntry.amount),
        (and_(JournalEntry.credit == account.value, *conditions), -JournalEntry.amount),
        else_=0,
    )
    return func.coalesce(func.sum(moved), 0)


KEYS: dict[str, tuple[Any, Any]] = {
    "community": (JournalEntry.community_id, func.max(Community.name)),
    "street": (Community.street_id, func.max(Street.name)),
    "department": (Appropriation.department_id, func.max(Appropriation.department_name)),
    "source": (Appropriation.source, func.max(Appropriation.source)),
}


async def statement(
    session: AsyncConnection, reach: Reach, year: int, by: str, conditions: Sequence[Any]
) -> Sequence[Any]:
    """One row for each community, street, department or source: movements up to and within the
    year, in one query."""
    key, name = KEYS[by]
    first, last = date(year, 1, 1), date(year, 12, 31)
    within = JournalEntry.posted_on >= first
    before = JournalEntry.posted_on < first
    columns = [key.label("key"), name.label("name")]
    for account in Account:
        columns.append(_change(account, within).label(f"{account.value}_in"))
        columns.append(_change(account, before).label(f"{account.value}_before"))
    counted = func.count().filter(within)
    query = (
        select(*columns, counted.label("entries"))
        .select_from(JournalEntry)
        .join(Appropriation, OF_APPROPRIATION)
        .outerjoin(
            Community,
            and_(
                Community.district == JournalEntry.district,
                Community.id == JournalEntry.community_id,
            ),
        )
        .outerjoin(
            Street, and_(Street.district == Community.district, Street.id == Community.street_id)
        )
        .where(JournalEntry.posted_on <= last, *conditions)
        .group_by(key)
        .order_by(name, key)
    )
    if not reach.whole_district:
        query = query.where(
            or_(
                _local(reach, JournalEntry.community_id),
                Appropriation.department_id.in_(reach.departments),
            )
        )
    return (await session.execute(query)).all()
