"""Who acts on an election, and on which day: a demonstration has a clock of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.elections.models import Election
from services.committee.elections.procedure import ELECTION
from shared.audit.record import Actor, record
from shared.auth.principal import Role
from shared.kernel.clock import day_of, start_of
from shared.procedures.taking import take
from shared.rulebook.rulebook import Rulebook

NOON = timedelta(hours=12)


def today_of(election: Any, now: datetime) -> date:
    """The day by which an election goes: that of its own clock for a demonstration."""
    demo_today: date | None = election.demo_today
    return demo_today or day_of(now)


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, in which transaction, under which rules, and at which moment of the machine."""

    session: AsyncSession
    actor: Actor
    roles: frozenset[Role]
    rulebook: Rulebook
    now: datetime
    demonstrations: bool

    def today(self, election: Election) -> date:
        """The election's day."""
        return today_of(election, self.now)

    def moment(self, election: Election) -> datetime:
        """The election's moment, never before that of its last log entry."""
        at = start_of(election.demo_today) + NOON if election.demo_today else self.now
        return max(at, election.log_at) if election.log_at else at

    async def step(
        self,
        election: Election,
        action: str,
        *,
        reason: str | None = None,
        told: Mapping[str, Any] | None = None,
    ) -> None:
        """Move the locked election one step on."""
        await take(
            self.session,
            self.actor,
            ELECTION,
            election,
            action,
            by=self.roles,
            rulebook=self.rulebook,
            today=self.today(election),
            reason=reason,
            told=told,
        )

    async def note(
        self, election: Election, action: str, subject: UUID | None = None, **after: Any
    ) -> None:
        """Record an act that moves no state, and give the election a new version."""
        election.version += 1
        await self.session.flush()
        await record(
            self.session,
            self.actor,
            f"election.{action}",
            ("election", election.id),
            after={**({"subject": str(subject)} if subject else {}), **after},
        )
