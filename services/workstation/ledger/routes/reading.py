"""What every read of entries needs of its request."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Request

from services.workstation.ledger import access, granting
from services.workstation.ledger.queries import Reader
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.db.database import Database
from shared.web.authentication import CurrentPrincipal, Reading, permits


@dataclass(frozen=True, slots=True)
class Look:
    """Who reads, what they may see, and how it is logged when a department reads by right."""

    reader: Reader
    actor: Actor
    database: Database
    today: date

    async def log(self, *rows: Any, asked: Any = (), **filters: Any) -> None:
        """Log the rows that are about to be shown, if it was a department that asked."""
        if self.reader.rights:
            read = granting.Read(rows, asked, filters)
            await granting.log_read(self.database, self.actor, self.reader.rights, read)


async def _look(
    request: Request,
    session: Reading,
    principal: CurrentPrincipal,
    reach: Annotated[Reach, permits(access.READ)],
) -> Look:
    today = request.app.state.clock.today()
    reader = await Reader.of(session, principal, reach, today)
    return Look(reader, Actor.of(principal), request.app.state.database, today)


Looking = Annotated[Look, Depends(_look)]
