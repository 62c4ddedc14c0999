"""The work is handed over to a new committee, under the street's eyes (组织法 25)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.committee.organisation import repository
from services.committee.organisation.domain import HANDOVER
from services.committee.organisation.models import Handover
from shared.auth.policy import Reach
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act
from shared.procedures.taking import take


async def locked(act: Act, reach: Reach, id: UUID) -> Handover:
    """A handover under a row lock. Raises NotFound when it is out of reach."""
    found = await act.session.scalar(select(Handover).where(Handover.id == id).with_for_update())
    if found is None:
        raise NotFound
    await repository.place_of(act.session, reach, found.committee_id)
    return found


async def submit(
    act: Act, handover: Handover, items: Sequence[dict[str, Any]], document: str
) -> None:
    """Hand over what stands on the list; the street confirms it."""
    handover.items = list(items)
    handover.document = document
    handover.handed_over_on = act.today
    await step(act, handover, "submission", told={"items": len(items), "document": document})


async def step(
    act: Act,
    handover: Handover,
    action: str,
    *,
    reason: str | None = None,
    told: dict[str, Any] | None = None,
) -> None:
    """Take a step of a locked handover."""
    await take(
        act.session, act.actor, HANDOVER, handover, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason, told=told,
    )  # fmt: skip
