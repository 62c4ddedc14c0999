"""What a write use case needs of its request."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit.record import Actor
from shared.auth.policy import Place, Reach
from shared.auth.principal import Grant, Role
from shared.kernel.clock import day_of
from shared.rulebook.in_force import WritingRules
from shared.rulebook.rulebook import Rulebook
from shared.web.authentication import CurrentPrincipal
from shared.web.unit_of_work import WriteSession


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, in which transaction, under which rules, on which day and at which moment."""

    session: AsyncSession
    actor: Actor
    roles: frozenset[Role]
    rulebook: Rulebook
    today: date
    now: datetime
    grants: tuple[Grant, ...] = ()

    def holds_at(self, place: Place, roles: frozenset[Role]) -> bool:
        """Whether one of the roles is held where the place lies; `roles` says only that it is
        held somewhere."""
        return Reach.of(grant for grant in self.grants if grant.role in roles).covers(place)


async def _act(
    request: Request, session: WriteSession, principal: CurrentPrincipal, rulebook: WritingRules
) -> Act:
    roles = frozenset(grant.role for grant in principal.grants)
    now = request.app.state.clock.now()
    return Act(session, Actor.of(principal), roles, rulebook, day_of(now), now, principal.grants)


Acting = Annotated[Act, Depends(_act)]
