"""Queries of elections."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.committee.elections.models import (
    BallotBatch,
    Candidate,
    Election,
    ElectionCommitteeMember,
    ElectionRound,
    Elector,
    MarkConflict,
    Nomination,
    NominationSupporter,
    PollingStation,
    Proxy,
    RollMark,
    RollObjection,
    SeatDecision,
)
from services.committee.elections.standing import unknown_elector
from services.committee.organisation import public as organisation
from services.committee.organisation.public import Community
from shared.auth.policy import Place, Reach
from shared.db.base import Rows
from shared.db.reading import the_row
from shared.kernel.errors import Invalid, NotFound

Session = AsyncConnection | AsyncSession
_COMMUNITY = and_(Community.district == Election.district, Community.id == Election.community_id)
REGISTERED = Elector.state == "registered"


def elections() -> Rows:
    """Elections with their community."""
    columns = [column for column in Election.__table__.columns if column.key != "secret"]
    return select(
        *columns,
        Community.name.label("community_name"),
        Community.code.label("community_code"),
        Community.street_id,
    ).join(Community, _COMMUNITY)


async def election_row(session: Session, id: UUID, reach: Reach | None = None) -> Any:
    """One election. Raises NotFound, also when it is out of reach."""
    query = elections().where(Election.id == id)
    if reach is not None:
        query = organisation.within(query, reach)
    return await the_row(session, query)


async def election_to_act_on(
    session: AsyncSession, reach: Reach, id: UUID, *, lock: bool = True
) -> Election:
    """An election under its row lock, so that its acts, and its log, follow one another. Raises
    NotFound when it is out of reach."""
    query = select(Election).where(Election.id == id)
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    await require_reach(session, reach, found.community_id)
    return found


async def require_reach(session: AsyncSession, reach: Reach, community_id: UUID) -> Community:
    """The community. Raises NotFound when there is none within reach."""
    community = await session.scalar(select(Community).where(Community.id == community_id))
    if community is None:
        raise NotFound
    reach.require(Place(street=community.street_id, community=community.id))
    return community


async def community_of(session: Session, election: Election) -> Any:
    """Code and name of its community."""
    query = select(Community.code, Community.name).where(Community.id == election.community_id)
    return (await session.execute(query)).one()


async def round_of(session: AsyncSession, election: Election, number: int = 0) -> ElectionRound:
    """A round, the present one when none is named."""
    found = await session.scalar(
        select(ElectionRound).where(
            ElectionRound.election_id == election.id,
            ElectionRound.round == (number or election.round),
        )
    )
    assert found is not None
    return found


async def rounds(session: AsyncSession, election: Election) -> list[ElectionRound]:
    """Its rounds, in order."""
    query = select(ElectionRound).where(ElectionRound.election_id == election.id)
    return list(await session.scalars(query.order_by(ElectionRound.round)))


async def members(session: AsyncSession, election: Election) -> list[ElectionCommitteeMember]:
    """The election committee and its alternates by rank, also those who left."""
    query = select(ElectionCommitteeMember).where(
        ElectionCommitteeMember.election_id == election.id
    )
    return list(await session.scalars(query.order_by(ElectionCommitteeMember.rank)))


async def elector_numbered(
    session: AsyncSession, election: Election, number: int, pointer: str
) -> Elector:
    """The elector of a number on the roll. Raises Invalid, pointing to the input."""
    found = await session.scalar(
        select(Elector).where(
            Elector.election_id == election.id, Elector.number == number, REGISTERED
        )
    )
    if found is None:
        raise Invalid(issues=(unknown_elector(number, pointer),))
    return found


async def electors_numbered(
    session: AsyncSession, election: Election, numbers: Collection[int]
) -> dict[int, Elector]:
    """The electors of several numbers, those that are on the roll."""
    query = select(Elector).where(
        Elector.election_id == election.id, Elector.number.in_(numbers), REGISTERED
    )
    return {found.number: found for found in await session.scalars(query) if found.number}


async def candidates(
    session: Session, election_id: UUID, round: int, *, withdrawn: bool = False
) -> list[Any]:
    """Candidates of a round in the order of the ballot, without those who withdrew."""
    query = select(*Candidate.__table__.columns, Elector.number).join(
        Elector,
        and_(Elector.district == Candidate.district, Elector.id == Candidate.elector_id),
    )
    query = query.where(Candidate.election_id == election_id, Candidate.round == round)
    if not withdrawn:
        query = query.where(Candidate.withdrawn_on.is_(None))
    query = query.order_by(Candidate.contest, Candidate.place)
    return list((await session.execute(query)).all())


async def station(
    session: AsyncSession, election: Election, id: UUID, **lock: Any
) -> PollingStation:
    """A station of the present round under a row lock. Raises NotFound."""
    query = select(PollingStation).where(
        PollingStation.id == id,
        PollingStation.election_id == election.id,
        PollingStation.round == election.round,
    )
    found = await session.scalar(query.with_for_update(**lock))
    if found is None:
        raise NotFound
    return found


def stations(election_id: UUID, round: int) -> Rows:
    """Stations of a round by code, with how many ballots they were given."""
    given = (
        select(func.sum(BallotBatch.last - BallotBatch.first + 1))
        .where(
            BallotBatch.district == PollingStation.district,
            BallotBatch.station_id == PollingStation.id,
        )
        .scalar_subquery()
    )
    return (
        select(*PollingStation.__table__.columns, func.coalesce(given, 0).label("ballots"))
        .where(PollingStation.election_id == election_id, PollingStation.round == round)
        .order_by(PollingStation.code)
    )


def marks_at(station_id: UUID) -> Rows:
    """Everyone who was handed a ballot at a station, by number: marks, and those who had been
    marked elsewhere before."""
    parts = [
        select(Elector.number, table.channel, Elector.id)
        .join(Elector, and_(Elector.district == table.district, Elector.id == table.elector_id))
        .where(table.station_id == station_id)
        for table in (RollMark, MarkConflict)
    ]
    return parts[0].union_all(parts[1]).order_by("number")  # type: ignore[return-value]


async def counted(session: Session, query: Rows) -> int:
    """How many rows a query has."""
    return int(await session.scalar(select(func.count()).select_from(query.subquery())) or 0)


async def open_counts(session: AsyncSession, election: Election) -> dict[str, int]:
    """How much of each kind is still open, in one query."""
    of = {
        "objections": select(func.count()).where(
            RollObjection.election_id == election.id, RollObjection.state == "raised"
        ),
        "nominations": select(func.count()).where(
            Nomination.election_id == election.id, Nomination.state.in_(("submitted", "qualified"))
        ),
        "conflicts": select(func.count()).where(
            MarkConflict.election_id == election.id,
            MarkConflict.round == election.round,
            MarkConflict.decided_on.is_(None),
        ),
        "proxies": select(func.count()).where(
            Proxy.election_id == election.id,
            Proxy.revoked_on.is_(None),
            Proxy.published.is_(False),
        ),
        "electors": select(func.count()).where(Elector.election_id == election.id, REGISTERED),
        "voters": select(func.count()).where(
            Elector.election_id == election.id, REGISTERED, Elector.votes
        ),
    }
    columns = [query.scalar_subquery().label(name) for name, query in of.items()]
    return dict((await session.execute(select(*columns))).one()._mapping)


async def thin_nominations(session: AsyncSession, election: Election, least: int) -> int:
    """Accepted nominations by electors of whom too few are still on the roll."""
    left = (
        select(Nomination.id)
        .outerjoin(
            NominationSupporter,
            and_(
                NominationSupporter.district == Nomination.district,
                NominationSupporter.nomination_id == Nomination.id,
            ),
        )
        .outerjoin(
            Elector,
            and_(
                Elector.district == NominationSupporter.district,
                Elector.id == NominationSupporter.elector_id,
                REGISTERED,
            ),
        )
        .where(
            Nomination.election_id == election.id,
            Nomination.nominated_by == "electors",
            Nomination.state == "accepted",
        )
        .group_by(Nomination.id)
        .having(func.count(Elector.id) < least)
    )
    return await counted(session, left)


async def accepted_nominations(session: AsyncSession, election: Election) -> list[Any]:
    """Accepted nominations with the elector, by name."""
    query = (
        select(Nomination.contest, Elector)
        .join(
            Elector,
            and_(Elector.district == Nomination.district, Elector.id == Nomination.elector_id),
        )
        .where(Nomination.election_id == election.id, Nomination.state == "accepted", REGISTERED)
        .order_by(Elector.name, Elector.id)
    )
    return list((await session.execute(query)).all())


async def decisions(session: AsyncSession, election: Election) -> list[SeatDecision]:
    """Decisions about seats of the present round, in the order in which they were made."""
    query = select(SeatDecision).where(
        SeatDecision.election_id == election.id, SeatDecision.round == election.round
    )
    return list(await session.scalars(query.order_by(SeatDecision.id)))
