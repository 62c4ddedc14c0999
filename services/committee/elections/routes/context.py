"""What the routes of elections have in common."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.elections import repository
from services.committee.elections.acting import Act, today_of
from services.committee.elections.models import Election
from services.committee.elections.schemas.elections import ElectionView
from shared.audit.record import Actor
from shared.auth.policy import Policy, Reach
from shared.db.database import ReadSession
from shared.kernel.clock import Clock
from shared.rulebook.in_force import WritingRules
from shared.web.authentication import CurrentPrincipal, permits
from shared.web.preconditions import etag
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

PREFIX = "/v1/committee/elections"


def elections_router() -> APIRouter:
    """A router of elections."""
    return APIRouter(prefix=PREFIX, tags=["elections"], route_class=UnitOfWorkRoute)


async def _act(
    request: Request, session: WriteSession, principal: CurrentPrincipal, rulebook: WritingRules
) -> Act:
    clock: Clock = request.app.state.clock
    return Act(
        session=session,
        actor=Actor.of(principal),
        roles=frozenset(grant.role for grant in principal.grants),
        rulebook=rulebook,
        now=clock.now(),
        demonstrations=request.app.state.settings.demo_elections,
    )


Acting = Annotated[Act, Depends(_act)]


class Held:
    """An election that the caller may act on."""

    def __init__(self, act: Act, election: Election) -> None:
        self.act = act
        self.election = election

    async def shown(self, response: Response) -> ElectionView:
        """The election as everyone may see it, with its ETag."""
        await self.act.session.flush()
        row = await repository.election_row(self.act.session, self.election.id)
        response.headers["ETag"] = etag(row.version)
        return election_view(row, self.act.now)


def held(policy: Policy, *, lock: bool = True) -> Any:
    """`held: Annotated[Held, held(access.HOLD)]` in the parameters of what acts on an election;
    under its row lock, but for what happens at many stations at once."""

    async def find(id: UUID, act: Acting, reach: Annotated[Reach, permits(policy)]) -> Held:
        found = await repository.election_to_act_on(act.session, reach, id, lock=lock)
        return Held(act, found)

    return Depends(find)


def election_view(row: Any, now: datetime) -> ElectionView:
    """An election's row as everyone may see it."""
    made = {"today", "log_entries", "log_head"}
    own = {name: getattr(row, name) for name in ElectionView.model_fields if name not in made}
    return ElectionView(
        **own, today=today_of(row, now), log_entries=row.log_count, log_head=row.log_hash
    )


def reading(connection: ReadSession) -> AsyncSession:
    """An ORM session over a read-only connection, for use cases that read as they write."""
    return AsyncSession(bind=connection, expire_on_commit=False)
