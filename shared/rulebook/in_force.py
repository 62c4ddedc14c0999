"""The rulebook of a district: what holds for all, with the district's overrides before it."""

import time
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.rulebook.models import RuleOverride
from shared.rulebook.rule import RuleValue
from shared.rulebook.rulebook import Rulebook
from shared.web.authentication import CurrentPrincipal, Reading
from shared.web.unit_of_work import WriteSession

FRESH_SECONDS = 3.0
"""How long a district's overrides are believed before they are read again; with the delivery of
events a change is seen within ten seconds."""

_OVERRIDE = (
    RuleOverride.key,
    RuleOverride.value,
    RuleOverride.unit,
    RuleOverride.in_force_from,
    RuleOverride.until,
    RuleOverride.document,
    RuleOverride.note,
)


class RulesInForce:
    """Gives each district its rulebook, with overrides that are at most `FRESH_SECONDS` old."""

    def __init__(self, of_all: Rulebook) -> None:
        self.of_all = of_all
        self._districts: dict[str, tuple[float, Rulebook]] = {}

    async def of(self, session: AsyncConnection | AsyncSession, district: str) -> Rulebook:
        """The district's rulebook; one short query in the caller's session where it is not
        fresh."""
        now = time.monotonic()
        kept = self._districts.get(district)
        if kept is not None and now - kept[0] < FRESH_SECONDS:
            return kept[1]
        query = select(*_OVERRIDE).where(RuleOverride.withdrawn_at.is_(None))
        rows = (await session.execute(query)).all()
        found = self.of_all.with_overrides(
            override_of(row, district) for row in rows if row.key in self.of_all
        )
        self._districts[district] = (now, found)
        return found

    def forget(self, district: str) -> None:
        """Read the district's overrides anew the next time."""
        self._districts.pop(district, None)


def override_of(row: Any, district: str) -> RuleValue:
    """A stored override as a value of its rule; what it stands in is its source."""
    return RuleValue(
        key=row.key,
        value=row.value,
        unit=row.unit,
        in_force_from=row.in_force_from,
        until=row.until,
        source=row.document,
        certainty="text",
        note=row.note,
        district=district,
    )


async def _for_reading(request: Request, session: Reading, principal: CurrentPrincipal) -> Rulebook:
    rules: RulesInForce = request.app.state.rules
    return await rules.of(session, principal.district)


async def _for_writing(
    request: Request, session: WriteSession, principal: CurrentPrincipal
) -> Rulebook:
    rules: RulesInForce = request.app.state.rules
    return await rules.of(session, principal.district)


ReadingRules = Annotated[Rulebook, Depends(_for_reading)]
"""The rulebook of the caller's district, in an operation that reads."""
WritingRules = Annotated[Rulebook, Depends(_for_writing)]
"""The rulebook of the caller's district, in an operation that writes."""
