"""What is vacant in a term that runs (组织法 24): offices that ended early, and seats that its
election left open."""

from collections import Counter
from datetime import date
from uuid import UUID

from sqlalchemy import Subquery, Text, Uuid, and_, func, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.committee.organisation.domain import Position
from services.committee.organisation.models import (
    Committee,
    Community,
    Member,
    Term,
    UnfilledSeat,
)
from services.committee.organisation.repository import COMMUNITY, TERM_END
from shared.db.base import Rows

_PLACE = (
    Term.id.label("term_id"),
    Term.number.label("term_number"),
    TERM_END.label("term_ends_on"),
    Committee.id.label("committee_id"),
    Committee.name.label("committee_name"),
    Community.id.label("community_id"),
)
_COMMITTEE = and_(Committee.district == Term.district, Committee.id == Term.committee_id)


def offices() -> Rows:
    """Offices with their holder, term and committee."""
    return (
        select(
            Member.id,
            Member.id.label("member_id"),
            Member.name.label("member_name"),
            Member.position,
            Member.left_on,
            Member.left_because,
            *_PLACE,
        )
        .join(Term, and_(Term.district == Member.district, Term.id == Member.term_id))
        .join(Committee, _COMMITTEE)
        .join(Community, COMMUNITY)
    )


def _never_filled() -> Rows:
    """Seats that the election of a term left vacant, since its first day."""
    return (
        select(
            UnfilledSeat.id,
            null().cast(Uuid).label("member_id"),
            null().cast(Text).label("member_name"),
            UnfilledSeat.position,
            Term.starts_on.label("left_on"),
            null().cast(Text).label("left_because"),
            *_PLACE,
        )
        .join(Term, and_(Term.district == UnfilledSeat.district, Term.id == UnfilledSeat.term_id))
        .join(Committee, _COMMITTEE)
        .join(Community, COMMUNITY)
    )


def vacancies(day: date) -> Subquery:
    """Seats of a running term that nobody holds on the day, with the committee they belong to.

    Who came within the term took the seat of the same position that had been open longest.
    """
    runs = (Term.starts_on <= day, day < TERM_END)
    opened = union_all(
        offices().where(*runs, Member.left_on <= day), _never_filled().where(*runs)
    ).subquery()
    filler = aliased(Member)
    filled = (
        select(func.count())
        .where(
            filler.term_id == opened.c.term_id,
            filler.position == opened.c.position,
            filler.began_on <= day,
        )
        .scalar_subquery()
    )
    place = func.row_number().over(
        partition_by=(opened.c.term_id, opened.c.position),
        order_by=(opened.c.left_on, opened.c.id),
    )
    ranked = select(opened, place.label("place"), filled.label("filled")).subquery()
    columns = [column for column in ranked.c if column.key not in {"place", "filled"}]
    return select(*columns).where(ranked.c.place > ranked.c.filled).subquery()


async def vacant_seats(session: AsyncSession, committee_id: UUID, day: date) -> Counter[Position]:
    """How many seats of each position are vacant in a committee's running term."""
    found = vacancies(day)
    rows = await session.execute(
        select(found.c.position).where(found.c.committee_id == committee_id)
    )
    return Counter(Position(row.position) for row in rows)
