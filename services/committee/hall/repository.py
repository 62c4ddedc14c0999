"""Queries of the hall. Whoever raised, supported or said something is in no public one."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.committee.hall.domain import ENDED, HIDING, HandoverState, MatterState
from services.committee.hall.models.matters import Handover, Matter, Raiser, Support
from services.committee.hall.models.talk import Comment, Moderation
from services.committee.organisation.public import Community
from shared.auth.policy import Place, Reach
from shared.db.base import Rows
from shared.kernel.errors import NotFound

OPEN_HANDOVER = (HandoverState.SENT.value, HandoverState.SIGNED.value)
COMMENT_ID = Comment.id
_NOT_SHOWN = {"pair_count", "paper_supporters", "reminded_at", "created_at", "updated_at"}
_SHOWN = [column for column in Matter.__table__.columns if column.name not in _NOT_SHOWN]
# A name is shown only of who did not wish to be anonymous, and masked even then.
_RAISED_BY = case((Matter.anonymous, None), else_=Raiser.name).label("raised_by")
_OF_COMMUNITY = and_(Community.district == Matter.district, Community.id == Matter.community_id)
_PLACE = (
    Community.name.label("community_name"),
    Community.street_id,
    Community.street_name,
)
_HELD = (
    Handover.handler,
    Handover.department_id,
    Handover.department_name,
)


def matters() -> Rows:
    """Matters as the public sees them, with their place and in whose hands they are."""
    return (
        select(*_SHOWN, *_PLACE, *_HELD, _RAISED_BY)
        .join(Community, _OF_COMMUNITY)
        .join(Raiser, and_(Raiser.district == Matter.district, Raiser.matter_id == Matter.id))
        .outerjoin(
            Handover,
            and_(
                Handover.district == Matter.district,
                Handover.matter_id == Matter.id,
                Handover.state.in_(OPEN_HANDOVER),
            ),
        )
    )


def own_matters(account: UUID) -> Rows:
    """What an account raised, with whether its text was hidden and why."""
    hidden = and_(
        Moderation.district == Matter.district,
        Moderation.matter_id == Matter.id,
        Moderation.comment_id.is_(None),
        Moderation.state.in_(HIDING),
    )
    return (
        matters()
        .add_columns(
            Moderation.id.label("moderation_id"), Moderation.reason.label("hidden_because")
        )
        .outerjoin(Moderation, hidden)
        .where(Raiser.account_id == account)
    )


def late(query: Rows, today: date) -> Rows:
    """Of `matters`, those whose present step is late."""
    return query.where(
        Matter.due_on < today,
        Matter.state.not_in([state.value for state in (*ENDED, MatterState.RESULT)]),
    )


def within(query: Rows, reach: Reach) -> Rows:
    """Of `matters`, those within reach."""
    if reach.whole_district:
        return query
    places = [
        Matter.community_id.in_(reach.communities) if reach.communities else false(),
        Community.street_id.in_(reach.streets) if reach.streets else false(),
        Handover.department_id.in_(reach.departments) if reach.departments else false(),
    ]
    return query.where(or_(*places))


async def place_of(session: AsyncConnection | AsyncSession, community_id: UUID) -> Place:
    """A community and its street. Raises NotFound when the district has no such community."""
    street = (
        await session.execute(select(Community.street_id).where(Community.id == community_id))
    ).scalar_one_or_none()
    if street is None:
        raise NotFound
    return Place(street=street, community=community_id)


async def locked(session: AsyncSession, reach: Reach, id: UUID) -> Matter:
    """A matter under a row lock; a department reaches those in its hands. Raises NotFound."""
    found = await session.scalar(select(Matter).where(Matter.id == id).with_for_update())
    if found is None:
        raise NotFound
    held = await open_handover(session, id)
    place = await place_of(session, found.community_id)
    department = held.department_id if held is not None else None
    reach.require(Place(street=place.street, community=place.community, department=department))
    return found


async def locked_two(
    session: AsyncSession, reach: Reach, one: UUID, other: UUID
) -> tuple[Matter, Matter]:
    """Two matters, locked in one order whoever asks. Raises NotFound."""
    found = {id: await locked(session, reach, id) for id in sorted({one, other})}
    return found[one], found[other]


async def open_handover(session: AsyncSession, matter_id: UUID) -> Handover | None:
    """In whose hands a matter is now; locked."""
    return (
        await session.scalars(
            select(Handover)
            .where(Handover.matter_id == matter_id, Handover.state.in_(OPEN_HANDOVER))
            .with_for_update()
        )
    ).one_or_none()


async def raiser_of(session: AsyncSession, matter: Matter) -> Raiser:
    """Who raised a matter."""
    return await session.get_one(Raiser, (matter.district, matter.id))


async def count_supporters(session: AsyncSession, target: Matter) -> None:
    """Count anew who supports a locked matter: its own supporters and those of what was merged
    into it, whoever raised that, and who signed on paper; each person once, never its raiser."""
    family = or_(Matter.id == target.id, Matter.merged_into == target.id)
    supporting = (
        select(Support.account_id)
        .join(Matter, and_(Matter.district == Support.district, Matter.id == Support.matter_id))
        .where(family, Support.withdrawn_at.is_(None))
    )
    raised = (
        select(Raiser.account_id)
        .join(Matter, and_(Matter.district == Raiser.district, Matter.id == Raiser.matter_id))
        .where(Matter.merged_into == target.id, Raiser.account_id.is_not(None))
    )
    people = supporting.union(raised).subquery()
    own = (await raiser_of(session, target)).account_id
    with_accounts = select(func.count()).select_from(people)
    if own is not None:
        with_accounts = with_accounts.where(people.c.account_id != own)
    without = (
        select(func.count())
        .select_from(Raiser)
        .join(Matter, and_(Matter.district == Raiser.district, Matter.id == Raiser.matter_id))
        .where(Matter.merged_into == target.id, Raiser.account_id.is_(None))
    )
    paper = select(func.coalesce(func.sum(Matter.paper_supporters), 0)).where(family)
    found = await session.execute(
        select(
            with_accounts.scalar_subquery() + without.scalar_subquery() + paper.scalar_subquery()
        )
    )
    target.supporters = found.scalar_one()
    await session.flush()


def comments(matter_id: UUID) -> Rows:
    """What was said about a matter; of what is hidden only that and why."""
    return _said().where(Comment.matter_id == matter_id, Comment.withdrawn_at.is_(None))


def own_comments(account: UUID) -> Rows:
    """What an account said, hidden or not."""
    return _said().where(Comment.author == account)


def _said() -> Rows:
    shown = [column for column in Comment.__table__.columns if column.name != "author"]
    return select(
        *shown,
        Moderation.id.label("moderation_id"),
        Moderation.reason.label("hidden_because"),
    ).outerjoin(
        Moderation,
        and_(
            Moderation.district == Comment.district,
            Moderation.comment_id == Comment.id,
            Moderation.state.in_(HIDING),
        ),
    )


def moderations(reach: Reach) -> Rows:
    """What was hidden within reach, with the text that was hidden."""
    text = case((Moderation.comment_id.is_(None), Matter.content), else_=Comment.body)
    query: Rows = (
        select(
            *Moderation.__table__.columns,
            Matter.community_id,
            Matter.title.label("matter_title"),
            text.label("text"),
        )
        .join(
            Matter, and_(Matter.district == Moderation.district, Matter.id == Moderation.matter_id)
        )
        .join(Community, _OF_COMMUNITY)
        .outerjoin(
            Comment,
            and_(Comment.district == Moderation.district, Comment.id == Moderation.comment_id),
        )
    )
    if reach.whole_district:
        return query
    return query.where(Matter.community_id.in_(reach.communities))


def shown_text(row: Any) -> tuple[str, str]:
    """Title and content of a row of `matters`; nothing of what is hidden."""
    return ("", "") if row.hidden else (row.title, row.content)
