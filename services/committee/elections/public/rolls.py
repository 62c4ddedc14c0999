"""The rolls of elections, and by-elections that others begin."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.elections import resolving
from services.committee.elections.acting import Act
from services.committee.elections.domain import ElectionKind, Form
from services.committee.elections.identities import identity_of
from services.committee.elections.models import Election, Elector
from services.committee.elections.repository import REGISTERED
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.auth.principal import Role
from shared.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class FrozenRoll:
    """The roll of an election: how many stand on it, and how many of them vote in its form."""

    form: Form
    electors: int
    voters: int
    document: str


@dataclass(frozen=True, slots=True)
class OnRoll:
    """An elector of a roll; `unit` is the household or group for whom they vote, where they do."""

    id: UUID
    name: str
    votes: bool
    unit: str | None


@dataclass(frozen=True, slots=True)
class Begun:
    """A by-election that began; whether a woman is among the members who stay."""

    id: UUID
    woman_sitting: bool


async def frozen_roll(session: AsyncSession, election_id: UUID) -> FrozenRoll | None:
    """The roll by which an election was held; None where it was never frozen."""
    found = await session.scalar(select(Election).where(Election.id == election_id))
    if found is None or found.electors is None or found.roll_frozen_on is None:
        return None
    return FrozenRoll(
        form=Form(found.form),
        electors=found.electors,
        voters=found.voters or 0,
        document=f"{found.roll_frozen_on} {found.roll_sha256}",
    )


async def find_elector(
    session: AsyncSession, election_id: UUID, id_number: str, today: date
) -> OnRoll | None:
    """Who stands on an election's roll with that identity number; None where nobody does."""
    election = await session.scalar(select(Election).where(Election.id == election_id))
    if election is None:
        return None
    identity = identity_of(election, id_number, today, "/id_number")
    found = await session.scalar(
        select(Elector).where(
            Elector.election_id == election_id,
            Elector.identity_hash == identity.hash,
            REGISTERED,
        )
    )
    if found is None:
        return None
    return OnRoll(found.id, found.name, found.votes, found.unit)


async def begin_by_election(
    session: AsyncSession,
    actor: Actor,
    roles: frozenset[Role],
    rulebook: Rulebook,
    now: datetime,
    reach: Reach,
    values: Mapping[str, Any],
) -> Begun:
    """Begin a by-election 补选 (组织法 24) as a meeting resolved.

    `values` are those of an election's resolution but its kind. Raises Invalid with everything that
    is wrong, Conflict where nothing is vacant or another election runs in the community.
    """
    act = Act(session, actor, roles, rulebook, now, demonstrations=False)
    values = {"demo_today": None, **values, "kind": ElectionKind.BY_ELECTION}
    made = await resolving.resolve(act, reach, values)
    return Begun(made.id, made.woman_sitting)
