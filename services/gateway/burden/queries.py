"""The year's burden, put together from the gateway's records and the workstation's reuse."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.assessment.public import Ledger
from services.gateway.burden import repository
from services.gateway.burden.schemas import (
    BeforeAfter,
    Burden,
    BurdenRow,
    Demands,
    Items,
    Refused,
    Values,
)
from shared.auth.policy import Reach
from shared.kernel.errors import NotFound

REUSE = "/v1/workstation/ledger/reuse"


async def burden_of(
    session: AsyncConnection,
    ledger: Ledger,
    reach: Reach,
    *,
    year: int,
    community: UUID | None,
    today: date,
) -> Burden:
    """A year's burden within reach, in a constant number of queries and one call of the
    workstation. Raises NotFound for a community out of reach, Unavailable when the workstation
    does not answer."""
    places = await repository.communities(session, reach, community)
    if community is not None and not places:
        raise NotFound
    parameters = {"year": year} | ({"community_id": str(community)} if community else {})
    reuse = {one["community_id"]: one for one in (await ledger.get(REUSE, parameters))["rows"]}
    ids = [id for id, _ in places]
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    requested = await repository.requested(session, ids, year)
    visited = await repository.visited(session, ids, year)
    screened = await repository.screened(session, ids, year)
    outdoors = await repository.outdoors(session, ids, first, last)
    demanded = await repository.demanded(session, ids, year)
    unfunded = await repository.unfunded(session, ids, year)
    rows = [
        BurdenRow(
            community_id=id,
            community_name=name,
            inspections=BeforeAfter(
                before=_of(requested, id, "requests"), after=_of(visited, id, "visits")
            ),
            items=_items({one: _of(screened, id, one) for one in _VERDICTS}),
            values=_values(reuse.get(str(id), {})),
            plaques_outdoors=BeforeAfter(
                before=_of(outdoors, id, "earlier"), after=_of(outdoors, id, "later")
            ),
            off_catalogue=Demands(
                reported=_of(demanded, id, "reported"), upheld=_of(demanded, id, "upheld")
            ),
            unfunded_tasks=_of(unfunded, id, "tasks"),
        )
        for id, name in places
    ]
    refused = None
    if reach.whole_district and community is None:
        dispatches, without, items = await repository.refused(session, year)
        refused = Refused(dispatches=dispatches, dispatches_unfunded=without, items_unfunded=items)
    return Burden(year=year, communities=rows, total=total(rows), refused=refused)


_VERDICTS = ("shared", "from_ledger", "needs_visit", "refused")


def _of(counts: Mapping[UUID, Any], id: UUID, name: str) -> int:
    return int(getattr(counts[id], name)) if id in counts else 0


def _items(found: Mapping[str, int]) -> Items:
    return Items(
        before=sum(found.values()),
        after=found["needs_visit"],
        shared=found["shared"],
        from_ledger=found["from_ledger"],
        refused=found["refused"],
    )


def _values(found: Mapping[str, int]) -> Values:
    return Values(
        before=found.get("values", 0),
        after=found.get("asked", 0),
        forms=found.get("forms", 0),
        forms_avoided=found.get("forms_avoided", 0),
    )


def total(rows: list[BurdenRow]) -> BurdenRow:
    """The sum of communities, number by number."""

    def summed(kind: Any, name: str) -> Any:
        parts = [getattr(row, name) for row in rows]
        return kind(**{key: sum(getattr(one, key) for one in parts) for key in kind.model_fields})

    return BurdenRow(
        community_id=None,
        community_name=None,
        inspections=summed(BeforeAfter, "inspections"),
        items=summed(Items, "items"),
        values=summed(Values, "values"),
        plaques_outdoors=summed(BeforeAfter, "plaques_outdoors"),
        off_catalogue=summed(Demands, "off_catalogue"),
        unfunded_tasks=sum(row.unfunded_tasks for row in rows),
    )
