"""Residents' groups, their representatives and leaders (组织法 13)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.committee.organisation import repository
from services.committee.organisation.ending import locked
from services.committee.organisation.models import Representative, ResidentGroup
from services.committee.organisation.recording import (
    active,
    added,
    not_ahead,
    not_in_office,
    require_term,
)
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.acting import Act


async def form_group(
    act: Act, reach: Reach, committee_id: UUID, values: Mapping[str, Any]
) -> ResidentGroup:
    """Form a residents' group (组织法 13)."""
    await repository.place_of(act.session, reach, committee_id)
    not_ahead(act, "formed_on", values["formed_on"])
    taken = select(ResidentGroup.id).where(
        ResidentGroup.committee_id == committee_id, ResidentGroup.code == values["code"]
    )
    if await act.session.scalar(taken) is not None:
        raise Conflict(
            code="code_taken",
            detail=Text(
                zh="本居委会已有这个代码的居民小组。请换一个代码。",
                en="The committee has a group of that code. Choose another.",
            ),
        )
    made = ResidentGroup(
        district=act.actor.district, id=new_id(), committee_id=committee_id, **values
    )
    return await added(act, made, "resident_group.formed", {"code": made.code})


async def change_group(act: Act, group: ResidentGroup, values: Mapping[str, Any]) -> None:
    """Rename a locked group or correct its households."""
    active(group.ended_on)
    before = {name: getattr(group, name) for name in values}
    for name, value in values.items():
        setattr(group, name, value)
    group.version += 1
    await act.session.flush()
    await record(
        act.session,
        act.actor,
        "resident_group.changed",
        ("resident_group", group.id),
        before=before,
        after=values,
    )


async def choose_representative(
    act: Act, reach: Reach, group_id: UUID, values: Mapping[str, Any]
) -> Representative:
    """Record whom a group chose for the running term or the next one (组织法 13)."""
    group = await locked(act, reach, ResidentGroup, group_id)
    active(group.ended_on)
    not_ahead(act, "chosen_on", values["chosen_on"])
    await require_term(act.session, group.committee_id, values["term_number"])
    made = Representative(
        district=act.actor.district, id=new_id(), group_id=group.id, leader=False, **values
    )
    return await added(act, made, "representative.chosen", {"term_number": made.term_number})


async def choose_leader(act: Act, reach: Reach, group_id: UUID, representative_id: UUID) -> None:
    """The group chooses its leader from among its representatives; another led it until now."""
    group = await locked(act, reach, ResidentGroup, group_id)
    found = await act.session.scalar(
        select(Representative).where(
            Representative.id == representative_id,
            Representative.group_id == group.id,
            Representative.left_on.is_(None),
        )
    )
    if found is None:
        raise Invalid(issues=(not_in_office("/representative_id"),))
    await act.session.execute(
        update(Representative)
        .where(
            Representative.group_id == group.id,
            Representative.term_number == found.term_number,
            Representative.leader,
        )
        .values(leader=False)
    )
    found.leader = True
    await act.session.flush()
    await record(
        act.session,
        act.actor,
        "resident_group.leader_chosen",
        ("resident_group", group.id),
        after={"representative": str(found.id)},
    )
