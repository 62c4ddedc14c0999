"""Queries of recalls, resignations and vacancies."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.committee.organisation.public import (
    Committee,
    Community,
    Member,
    Representative,
    ResidentGroup,
    Session,
    Term,
    within,
)
from services.committee.recalls.domain import SignatureState
from services.committee.recalls.models import Recall, RecallCount, RecallSignature, Resignation
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.db.reading import the_row
from shared.kernel.errors import NotFound

_COMMUNITY = and_(Community.district == Committee.district, Community.id == Committee.community_id)
_VALID = (SignatureState.VERIFIED.value,)
_next = aliased(Term)
_NEXT = and_(
    _next.district == Term.district,
    _next.committee_id == Term.committee_id,
    _next.number > Term.number,
)


def _with_member(model: type[Recall] | type[Resignation], reach: Reach) -> Rows:
    query: Rows = (
        select(
            *(column for column in model.__table__.columns if column.key != "secret"),
            Member.name.label("member_name"),
            Member.position,
            Committee.name.label("committee_name"),
            Community.id.label("community_id"),
        )
        .join(Member, and_(Member.district == model.district, Member.id == model.member_id))
        .join(
            Committee,
            and_(Committee.district == model.district, Committee.id == model.committee_id),
        )
        .join(Community, _COMMUNITY)
    )
    return within(query, reach)


def recalls(reach: Reach) -> Rows:
    """Recalls within reach with the member, and how many valid signatures there are."""
    valid = (
        select(func.count())
        .where(
            RecallSignature.district == Recall.district,
            RecallSignature.recall_id == Recall.id,
            RecallSignature.state.in_(_VALID),
        )
        .scalar_subquery()
    )
    return _with_member(Recall, reach).add_columns(valid.label("signatures"))


def resignations(reach: Reach) -> Rows:
    """Resignations within reach with the member."""
    return _with_member(Resignation, reach)


async def locked_recall(
    session: AsyncSession, reach: Reach, id: UUID, *, share: bool = False
) -> Recall:
    """A recall under a row lock, a shared one for who adds to it. Raises NotFound out of reach."""
    found = await session.scalar(select(Recall).where(Recall.id == id).with_for_update(read=share))
    if found is None:
        raise NotFound
    await require_reach(session, reach, found.committee_id)
    return found


async def locked_resignation(session: AsyncSession, reach: Reach, id: UUID) -> Resignation:
    """A resignation under a row lock. Raises NotFound out of reach."""
    found = await session.scalar(select(Resignation).where(Resignation.id == id).with_for_update())
    if found is None:
        raise NotFound
    await require_reach(session, reach, found.committee_id)
    return found


async def require_reach(session: AsyncSession, reach: Reach, committee_id: UUID) -> None:
    """Raises NotFound when the committee is out of reach."""
    query = select(Committee.id).join(Community, _COMMUNITY).where(Committee.id == committee_id)
    if (await session.execute(within(query, reach))).first() is None:
        raise NotFound


async def member_in_office(session: AsyncSession, reach: Reach, id: UUID, day: date) -> Any:
    """The committee of a member in office on a day, and the election that brought them there; until a new committee is there, the last one's
    members go on. Raises NotFound out of reach or office."""
    query = (
        select(
            Committee.id.label("committee_id"),
            func.coalesce(Member.election_id, Term.election_id).label("election_id"),
        )
        .join(Community, _COMMUNITY)
        .join(Term, and_(Term.district == Committee.district, Term.committee_id == Committee.id))
        .join(Member, and_(Member.district == Term.district, Member.term_id == Term.id))
        .where(
            Member.id == id,
            func.coalesce(Member.began_on, Term.starts_on) <= day,
            or_(
                func.coalesce(Term.ended_on, Term.ends_on) > day,
                and_(Term.ended_on.is_(None), ~exists().where(_NEXT)),
            ),
            or_(Member.left_on.is_(None), Member.left_on > day),
        )
    )
    return await the_row(session, within(query, reach))


def representatives_of(committee_id: UUID) -> Rows:
    """Residents' representatives who serve in a committee's community."""
    return (
        select(Representative.id, Representative.name)
        .join(
            ResidentGroup,
            and_(
                ResidentGroup.district == Representative.district,
                ResidentGroup.id == Representative.group_id,
            ),
        )
        .where(ResidentGroup.committee_id == committee_id, Representative.left_on.is_(None))
    )


async def valid_signatures(session: Session, recall_id: UUID) -> int:
    """How many signatures count."""
    query = (
        select(func.count())
        .select_from(RecallSignature)
        .where(RecallSignature.recall_id == recall_id, RecallSignature.state.in_(_VALID))
    )
    return int((await session.execute(query)).scalar_one())


async def last_counts(session: AsyncSession, recall_id: UUID) -> list[RecallCount]:
    """The last count of each person, the newest first."""
    rows = await session.scalars(
        select(RecallCount)
        .where(RecallCount.recall_id == recall_id)
        .order_by(RecallCount.id.desc())
    )
    found: dict[UUID | None, RecallCount] = {}
    for row in rows:
        found.setdefault(row.counted_by, row)
    return list(found.values())
