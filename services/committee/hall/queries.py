"""Reading sittings: one query for a list, four for one sitting, however much it holds."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.committee.hall.models.matters import Matter
from services.committee.hall.models.talk import (
    AgendaItem,
    Participant,
    Resolution,
    Sitting,
    Vote,
)
from services.committee.organisation.public import Community
from shared.db.base import Rows

Session = AsyncConnection | AsyncSession


def sittings(
    *,
    community_id: UUID | None = None,
    state: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Rows:
    """Sittings with their community and how many matters are on their agenda."""
    on_agenda = (
        select(func.count())
        .where(AgendaItem.district == Sitting.district, AgendaItem.sitting_id == Sitting.id)
        .scalar_subquery()
    )
    query: Rows = select(
        *Sitting.__table__.columns,
        Community.name.label("community_name"),
        on_agenda.label("matters"),
    ).join(
        Community,
        and_(Community.district == Sitting.district, Community.id == Sitting.community_id),
    )
    for column, value in ((Sitting.community_id, community_id), (Sitting.state, state)):
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(Sitting.held_on >= since)
    return query.where(Sitting.held_on <= until) if until is not None else query


async def agenda(session: Session, sitting_id: UUID) -> list[dict[str, Any]]:
    """A sitting's agenda in order, each matter with its votes and resolution."""
    votes = (
        select(
            Vote.agenda_id,
            *(
                func.count().filter(Vote.choice == choice).label(choice)
                for choice in ("agree", "reserve", "oppose")
            ),
        )
        .group_by(Vote.agenda_id)
        .subquery()
    )
    rows = await session.execute(
        select(
            AgendaItem.matter_id,
            AgendaItem.outcome,
            AgendaItem.reason,
            Matter.title,
            Matter.hidden,
            *(
                func.coalesce(votes.c[choice], 0).label(choice)
                for choice in ("agree", "reserve", "oppose")
            ),
        )
        .join(
            Matter, and_(Matter.district == AgendaItem.district, Matter.id == AgendaItem.matter_id)
        )
        .outerjoin(votes, votes.c.agenda_id == AgendaItem.id)
        .where(AgendaItem.sitting_id == sitting_id)
        .order_by(AgendaItem.id)
    )
    found = await session.execute(
        select(*Resolution.__table__.columns)
        .where(Resolution.sitting_id == sitting_id)
        .order_by(Resolution.id)
    )
    # A matter that came back is resolved again: its items and resolutions are in the same order.
    resolutions: dict[UUID, list[dict[str, Any]]] = {}
    for row in found:
        resolutions.setdefault(row.matter_id, []).append(row._asdict())
    return [
        {
            "matter_id": row.matter_id,
            "title": "" if row.hidden else row.title,
            "outcome": row.outcome,
            "reason": row.reason,
            "tally": {"agree": row.agree, "reserve": row.reserve, "oppose": row.oppose},
            "resolution": resolutions[row.matter_id].pop(0) if row.outcome == "resolved" else None,
        }
        for row in rows
    ]


async def attendance(session: Session, sitting_id: UUID) -> tuple[dict[str, int], list[str]]:
    """How many came of each kind, and which organisations were invited."""
    rows = await session.execute(
        select(Participant.kind, Participant.organisation, Participant.attended).where(
            Participant.sitting_id == sitting_id
        )
    )
    counts: dict[str, int] = {}
    organisations: set[str] = set()
    for row in rows:
        if row.attended:
            counts[row.kind] = counts.get(row.kind, 0) + 1
        if row.organisation:
            organisations.add(row.organisation)
    return dict(sorted(counts.items())), sorted(organisations)


def resolutions(matter_id: UUID) -> Rows:
    """What sittings resolved on a matter."""
    return select(*Resolution.__table__.columns).where(Resolution.matter_id == matter_id)
