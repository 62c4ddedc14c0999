"""The year's burden, put together from the gateway's records and the workstation's reuse."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.assessment.public import Ledger
from services.gateway.burden import repository
from services.gateway.burden.schemas import (
    BeforeAfter,
    Burden,
    CommunityBurden,
    Demands,
    Items,
    Refused,
    StreetBurden,
    Sums,
    Values,
)
from shared.auth.policy import Place, Reach
from shared.kernel.errors import NotFound

REUSE = "/v1/workstation/ledger/reuse"


async def burden_of(
    session: AsyncConnection,
    ledger: Ledger,
    reach: Reach,
    *,
    year: int,
    community: UUID | None,
    street: UUID | None,
    today: date,
) -> Burden:
    """A year's burden within reach, in a constant number of queries and one call of the
    workstation. Raises NotFound for a community or street out of reach, Unavailable when the
    workstation does not answer."""
    if street is not None:
        reach.require(Place(street=street))
    places = await repository.communities(session, reach, community=community, street=street)
    if not places and (community or street):
        raise NotFound
    parameters = {"year": year} | ({"community_id": str(community)} if community else {})
    reuse = {one["community_id"]: one for one in (await ledger.get(REUSE, parameters))["rows"]}
    ids = [place.id for place in places]
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    requested = await repository.requested(session, ids, year)
    visited = await repository.visited(session, ids, year)
    screened = await repository.screened(session, ids, year)
    outdoors = await repository.outdoors(session, ids, first, last)
    demanded = await repository.demanded(session, ids, year)
    unfunded = await repository.unfunded(session, ids, year)
    rows = [
        CommunityBurden(
            community_id=(id := place.id),
            community_name=place.name,
            street_id=place.street_id,
            street_name=place.street_name,
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
        for place in places
    ]
    refused = None
    if reach.whole_district and not (community or street):
        dispatches, without, items = await repository.refused(session, year)
        refused = Refused(dispatches=dispatches, dispatches_unfunded=without, items_unfunded=items)
    return Burden(
        year=year,
        communities=rows,
        streets=[] if community else by_street(rows, reach),
        total=Sums(**sums(rows)),
        refused=refused,
    )


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


def by_street(rows: Sequence[CommunityBurden], reach: Reach) -> list[StreetBurden]:
    """The sums of the streets that lie within reach as a whole, in the order of their first
    community."""
    streets: dict[UUID, list[CommunityBurden]] = {}
    for row in rows:
        streets.setdefault(row.street_id, []).append(row)
    return [
        StreetBurden(
            street_id=id,
            street_name=of[0].street_name,
            communities=len(of),
            **sums(of),
        )
        for id, of in streets.items()
        if reach.covers(Place(street=id))
    ]


def sums(rows: Sequence[Sums]) -> dict[str, Any]:
    """The sum of several years, number by number."""

    def summed(kind: Any, name: str) -> Any:
        parts = [getattr(row, name) for row in rows]
        return kind(**{key: sum(getattr(one, key) for one in parts) for key in kind.model_fields})

    return {
        "inspections": summed(BeforeAfter, "inspections"),
        "items": summed(Items, "items"),
        "values": summed(Values, "values"),
        "plaques_outdoors": summed(BeforeAfter, "plaques_outdoors"),
        "off_catalogue": summed(Demands, "off_catalogue"),
        "unfunded_tasks": sum(row.unfunded_tasks for row in rows),
    }
