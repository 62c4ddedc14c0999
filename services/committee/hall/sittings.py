"""Write use cases of sittings: plan, agenda, participants, open, end, minutes."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.hall import repository
from services.committee.hall.models.talk import (
    AgendaItem,
    Participant,
    Sitting,
)
from services.committee.hall.publishing import publishable
from services.committee.hall.raising import step
from services.committee.hall.sitting_domain import (
    SITTING,
    SittingState,
)
from services.committee.hall.streaming import tell
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take
from shared.rulebook.rule import RuleValue


async def plan(
    act: Act,
    reach: Reach,
    *,
    community_id: UUID,
    topic: str,
    held_on: date,
    begins: time,
    place: str,
    extraordinary: str | None,
) -> Sitting:
    """Announce a sitting on one of the rule's days, or on another with a reason.

    Raises Invalid naming the next of the rule's days, Conflict when the day has one already.
    """
    reach.require(await repository.place_of(act.session, community_id))
    rule = act.rulebook.lookup("hall.sitting_days", act.actor.district, held_on)
    if held_on < act.today:
        raise Invalid(issues=(_in_the_past(),))
    if held_on.day not in rule.sequence() and extraordinary is None:
        raise Invalid(issues=(_not_a_sitting_day(held_on, rule),))
    texts = publishable({"topic": topic, "extraordinary": extraordinary}, mask=False)
    taken: Sitting | None = await act.session.scalar(
        insert(Sitting)
        .values(
            district=act.actor.district,
            id=new_id(),
            community_id=community_id,
            topic=texts["topic"],
            held_on=held_on,
            begins=begins,
            place=place,
            extraordinary=texts.get("extraordinary"),
            state=SittingState.PLANNED.value,
            version=1,
            last_event=0,
        )
        .on_conflict_do_nothing()
        .returning(Sitting)
    )
    if taken is None:
        raise Conflict(
            code="day_taken",
            detail=Text(
                zh="该社区当日已有议事会，请把事项列入其议程。",
                en="The community has a sitting on that day. Put the matter on its agenda.",
            ),
        )
    await record(
        act.session, act.actor, "sitting.planned", ("sitting", taken.id),
        after={"held_on": held_on.isoformat()},
    )  # fmt: skip
    return taken


async def locked(session: AsyncSession, reach: Reach, id: UUID) -> Sitting:
    """A sitting under a row lock. Raises NotFound out of reach."""
    found = await session.scalar(select(Sitting).where(Sitting.id == id).with_for_update())
    if found is None:
        raise NotFound
    reach.require(await repository.place_of(session, found.community_id))
    return found


async def change(act: Act, sitting: Sitting, values: Mapping[str, Any]) -> None:
    """Mend the announcement of a locked sitting that has not begun. Raises Conflict later."""
    require_state(sitting, SittingState.PLANNED)
    for name, value in {
        **values,
        **publishable({"topic": values.get("topic")}, mask=False),
    }.items():
        setattr(sitting, name, value)
    sitting.version += 1
    await act.session.flush()
    await record(
        act.session, act.actor, "sitting.changed", ("sitting", sitting.id),
        after={"fields": sorted(values)},
    )  # fmt: skip


async def add_to_agenda(act: Act, reach: Reach, id: UUID, matter_id: UUID) -> AgendaItem:
    """Put an accepted matter of the same community on a sitting's agenda."""
    sitting = await locked(act.session, reach, id)
    require_state(sitting, SittingState.PLANNED, SittingState.LIVE)
    matter = await repository.locked(act.session, reach, matter_id)
    if matter.community_id != sitting.community_id:
        raise NotFound
    await step(act, matter, "agenda", told={"sitting": str(id)}, due_on=sitting.held_on)
    made = AgendaItem(district=sitting.district, id=new_id(), sitting_id=id, matter_id=matter_id)
    act.session.add(made)
    await tell(act.session, sitting, "agenda", {"matter_id": str(matter_id), "title": matter.title})
    return made


async def take_off(act: Act, reach: Reach, id: UUID, matter_id: UUID, reason: str) -> None:
    """Take a matter off the agenda; it waits for another sitting or another way."""
    sitting = await locked(act.session, reach, id)
    item = await open_item(act.session, sitting, matter_id)
    await _defer(act, reach, sitting, item, reason)


async def _defer(act: Act, reach: Reach, sitting: Sitting, item: AgendaItem, reason: str) -> None:
    matter = await repository.locked(act.session, reach, item.matter_id)
    item.outcome, item.reason = "deferred", reason
    await step(act, matter, "deferral", reason=reason)
    await tell(act.session, sitting, "deferral", {"matter_id": str(matter.id), "reason": reason})


async def invite(act: Act, reach: Reach, id: UUID, values: Mapping[str, Any]) -> Participant:
    """Invite somebody to a sitting, or write down who came."""
    sitting = await locked(act.session, reach, id)
    if sitting.state in {SittingState.PUBLISHED, SittingState.CANCELLED}:
        require_state(sitting, SittingState.PLANNED, SittingState.LIVE, SittingState.ENDED)
    made = Participant(district=sitting.district, id=new_id(), sitting_id=id, **values)
    act.session.add(made)
    await act.session.flush()
    await record(
        act.session, act.actor, "sitting.invited", ("sitting", id),
        after={"kind": made.kind, "organisation": made.organisation},
    )  # fmt: skip
    return made


async def attend(act: Act, reach: Reach, id: UUID, participant_id: UUID) -> Participant:
    """Note that an invited person came. Raises NotFound for another sitting's."""
    sitting = await locked(act.session, reach, id)
    require_state(sitting, SittingState.LIVE, SittingState.ENDED)
    found = await act.session.get(Participant, (sitting.district, participant_id))
    if found is None or found.sitting_id != id:
        raise NotFound
    found.attended = True
    await record(
        act.session, act.actor, "sitting.attended", ("sitting", id),
        after={"participant": str(participant_id)},
    )  # fmt: skip
    return found


async def move(act: Act, sitting: Sitting, action: str, reason: str | None = None) -> None:
    """Take a step of a locked sitting; its stream tells of it."""
    await take(
        act.session, act.actor, SITTING, sitting, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason,
    )  # fmt: skip
    await tell(act.session, sitting, "state", {"state": sitting.state, "reason": reason})


async def begin(act: Act, reach: Reach, id: UUID) -> Sitting:
    """Open a sitting on its day. Raises Conflict on any other."""
    sitting = await locked(act.session, reach, id)
    SITTING.step(sitting.state, "opening", by=act.roles, reason=None)
    if sitting.held_on != act.today:
        raise Conflict(
            code="sitting_not_today",
            detail=Text(
                zh=f"议事会定于 {sitting.held_on} 举行。如需改期，请取消后重新预告。",
                en=f"It is announced for {sitting.held_on}. Cancel it and announce another to "
                "hold it on another day.",
            ),
        )
    sitting.opened_at = act.now
    await move(act, sitting, "opening")
    return sitting


async def end(act: Act, reach: Reach, id: UUID, reason: str | None) -> Sitting:
    """End a sitting, or cancel it before it began; what was not resolved is deferred."""
    sitting = await locked(act.session, reach, id)
    action = "cancellation" if sitting.state == SittingState.PLANNED else "ending"
    SITTING.step(sitting.state, action, by=act.roles, reason=reason)
    items = await act.session.scalars(
        select(AgendaItem)
        .where(AgendaItem.sitting_id == id, AgendaItem.outcome.is_(None))
        .order_by(AgendaItem.matter_id)
    )
    why = reason or "会上未形成决议，留待下次再议。"
    for item in items.all():
        await _defer(act, reach, sitting, item, why)
    sitting.ended_at = act.now
    await move(act, sitting, action, reason)
    return sitting


async def publish_minutes(act: Act, reach: Reach, id: UUID, minutes: str, *, mask: bool) -> Sitting:
    """Publish the minutes of a sitting that has ended."""
    sitting = await locked(act.session, reach, id)
    text = publishable({"minutes": minutes}, mask=mask)["minutes"]
    SITTING.step(sitting.state, "minutes", by=act.roles, reason=None)
    sitting.minutes = text
    await move(act, sitting, "minutes")
    return sitting


async def open_item(session: AsyncSession, sitting: Sitting, matter_id: UUID) -> AgendaItem:
    """The item of a sitting's agenda that is still open for a matter. Raises NotFound."""
    found = await session.scalar(
        select(AgendaItem).where(
            AgendaItem.sitting_id == sitting.id,
            AgendaItem.matter_id == matter_id,
            AgendaItem.outcome.is_(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def require_state(sitting: Sitting, *states: SittingState) -> None:
    """Raises Conflict when a sitting is in none of the states."""
    if sitting.state not in states:
        names = [SITTING.states[state] for state in states]
        now = SITTING.states[sitting.state]
        raise Conflict(
            code="sitting_state",
            detail=Text(
                zh=f"议事会当前“{now.zh}”，须在“{'、'.join(name.zh for name in names)}”时办理。",
                en=f"The sitting is “{now.en}”; this needs it to be "
                f"“{', '.join(name.en for name in names)}”.",
            ),
        )


def _in_the_past() -> Issue:
    return Issue(
        code="in_the_past",
        pointer="/held_on",
        detail=Text(zh="日期早于今天。", en="The day has passed."),
        remedy=Text(zh="请填写今天或以后的日期。", en="Give today or a later day."),
    )


def _not_a_sitting_day(day: date, rule: RuleValue) -> Issue:
    following = next(
        day + timedelta(days=ahead)
        for ahead in range(1, 62)
        if (day + timedelta(days=ahead)).day in rule.sequence()
    )
    days = "、".join(str(each) for each in rule.sequence())
    return Issue(
        code="not_a_sitting_day",
        pointer="/held_on",
        detail=Text(
            zh=f"议事会在每月 {days} 日举行。", en=f"Sittings are held on days {days} of a month."
        ),
        remedy=Text(
            zh=f"请改为 {following}；临时召开的，请在 extraordinary 中写明理由。",
            en=f"Choose {following}, or give the reason for another day in `extraordinary`.",
        ),
        rules=(rule.applied,),
    )
