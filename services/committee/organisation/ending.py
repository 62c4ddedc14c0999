"""Sub-committees and groups end; who represents, supervises or sits leaves."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, update

from services.committee.organisation import repository
from services.committee.organisation.domain import Ending
from services.committee.organisation.models import (
    Representative,
    ResidentGroup,
    SubCommittee,
    SubCommitteeMember,
    Supervisor,
)
from services.committee.organisation.recording import active, within
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act

Body = TypeVar("Body", SubCommittee, ResidentGroup, Supervisor)


Sitting = TypeVar("Sitting", SubCommitteeMember, Representative, Supervisor)


async def locked(act: Act, reach: Reach, model: type[Body], id: UUID) -> Body:
    """A committee's body under a row lock. Raises NotFound when it is out of reach."""
    found = await act.session.scalar(select(model).where(model.id == id).with_for_update())
    if found is None:
        raise NotFound
    await repository.place_of(act.session, reach, found.committee_id)
    return found


async def end_body(act: Act, body: SubCommittee | ResidentGroup, on: date) -> None:
    """End a locked sub-committee or group, and with it what was held in it."""
    active(body.ended_on)
    began = body.established_on if isinstance(body, SubCommittee) else body.formed_on
    within(act, on, began)
    body.ended_on = on
    body.version += 1
    over = {"left_on": on, "left_because": Ending.TERM_ENDED.value}
    if isinstance(body, SubCommittee):
        await act.session.execute(
            update(SubCommitteeMember)
            .where(
                SubCommitteeMember.sub_committee_id == body.id,
                SubCommitteeMember.left_on.is_(None),
            )
            .values(over)
        )
    else:
        await act.session.execute(
            update(Representative)
            .where(Representative.group_id == body.id, Representative.left_on.is_(None))
            .values(over)
        )
    await act.session.flush()
    kind = body.__tablename__
    await record(
        act.session, act.actor, f"{kind}.ended", (kind, body.id), after={"on": on.isoformat()}
    )


async def sitting(act: Act, reach: Reach, model: type[Sitting], id: UUID) -> Sitting:
    """Somebody who represents, supervises or sits, under a row lock. Raises NotFound out of reach."""
    found = await act.session.scalar(select(model).where(model.id == id).with_for_update())
    if found is None:
        raise NotFound
    if isinstance(found, Supervisor):
        await repository.place_of(act.session, reach, found.committee_id)
    elif isinstance(found, Representative):
        group = await act.session.get_one(ResidentGroup, (found.district, found.group_id))
        await repository.place_of(act.session, reach, group.committee_id)
    else:
        body = await act.session.get_one(SubCommittee, (found.district, found.sub_committee_id))
        await repository.place_of(act.session, reach, body.committee_id)
    return found


async def leave(
    act: Act,
    person: SubCommitteeMember | Representative | Supervisor,
    on: date,
    because: Ending,
) -> None:
    """Somebody no longer represents, supervises or sits. Raises Conflict when they left already."""
    active(person.left_on)
    within(act, on, person.began_on if isinstance(person, SubCommitteeMember) else person.chosen_on)
    person.left_on = on
    person.left_because = because.value
    await act.session.flush()
    kind = person.__tablename__
    await record(
        act.session,
        act.actor,
        f"{kind}.left",
        (kind, person.id),
        after={"on": on.isoformat(), "because": because.value},
    )
