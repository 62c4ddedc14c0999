"""Objections to the published roll, and the decisions on them (组织法 17)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.committee.elections import calendar
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.domain import ObjectionState
from services.committee.elections.journal import lines_json, log
from services.committee.elections.models import Election, RollObjection
from services.committee.elections.procedure import State
from services.committee.elections.rolls import change_rows, changes_do_not_fit, elector_on_roll
from services.committee.elections.ruling import Ruling
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.text import Text


async def object_to(
    act: Act,
    election: Election,
    *,
    objector: str,
    concerns: str,
    elector_id: UUID | None,
) -> RollObjection:
    """Raise an objection to the published roll. Raises Conflict when its days are over."""
    periods = Ruling(election.rules).periods
    today = act.today(election)
    published = election.roll_published_on
    if election.state != State.ROLL_PUBLISHED or published is None:
        raise _no_objections()
    window = calendar.objection_window(published, periods)
    if not window.holds(today):
        raise _too_late(window.last, election)
    if elector_id is not None:
        await elector_on_roll(act, election, elector_id)
    made = RollObjection(
        district=election.district,
        election_id=election.id,
        raised_on=today,
        due_on=calendar.decision_due(today, periods),
        objector=objector,
        concerns=concerns,
        elector_id=elector_id,
        state=ObjectionState.RAISED.value,
        raised_by=act.actor.id,
    )
    act.session.add(made)
    await act.session.flush()
    await act.note(election, "objection_raised", made.id, due_on=made.due_on.isoformat())
    return made


async def decide_objection(
    act: Act,
    election: Election,
    objection_id: UUID,
    *,
    outcome: ObjectionState,
    decision: str,
    add: Sequence[Mapping[str, Any]],
    remove_ids: Collection[UUID],
) -> RollObjection:
    """Decide on an objection and publish it; upheld, it changes the roll. Raises NotFound, Conflict
    when it is decided already, Invalid where decision and changes do not fit."""
    found = await act.session.scalar(
        select(RollObjection)
        .where(RollObjection.election_id == election.id, RollObjection.id == objection_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    if found.state != ObjectionState.RAISED or election.state != State.ROLL_PUBLISHED:
        raise _objection_decided(found)
    if (outcome is ObjectionState.UPHELD) != bool(add or remove_ids):
        raise Invalid(issues=(changes_do_not_fit(),))
    added, removed = await change_rows(act, election, add, remove_ids, decision)
    today = act.today(election)
    found.state, found.decision, found.decided_on = outcome.value, decision, today
    found.version += 1
    await act.note(election, "objection_decided", found.id, outcome=outcome.value)
    await log(
        act,
        election,
        Kind.OBJECTION_DECIDED,
        {
            "objection": str(found.id),
            "raised_on": found.raised_on.isoformat(),
            "decided_on": today.isoformat(),
            "outcome": outcome.value,
            "added": lines_json(added),
            "removed": lines_json(removed),
        },
    )
    return found


def _objection_decided(found: RollObjection) -> Conflict:
    return Conflict(
        code="objection_decided",
        detail=Text(
            zh=f"该异议已于 {found.decided_on} 处理。名单确有错漏的，请在名单确定后公开变更（roll/changes）。",
            en=f"This objection was decided on {found.decided_on}. If the roll is wrong still, "
            "change it in public once it is frozen (roll/changes).",
        ),
    )


def _no_objections() -> Conflict:
    return Conflict(
        code="no_objections_now",
        detail=Text(
            zh="异议在名单公布之后、确定之前提出。名单确有错漏的，请向居民选举委员会反映。",
            en="Objections are made between the publication of the roll and its freeze. Tell the "
            "election committee of an error in it.",
        ),
    )


def _too_late(last: Any, election: Election) -> Conflict:
    return Conflict(
        code="objection_too_late",
        detail=Text(
            zh=f"异议应自名单公布之日起五日内即 {last} 或之前提出（组织法第十七条）。"
            "名单确有遗漏的，请向居民选举委员会反映，由其公开变更。",
            en=f"Objections had to be made by {last} (组织法 17). Tell the election committee of an "
            "omission; it may change the roll in public.",
        ),
        rules=Ruling(election.rules).applied("objection_days"),
    )
