"""Write use cases of sittings: plan, agenda, participants, open, opinions, votes, resolutions, end,
minutes."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.committee.hall import limits, repository, speaking
from services.committee.hall.domain import (
    SITTING,
    Choice,
    Consensus,
    Kind,
    SittingState,
    Speaker,
    Tally,
    consensus_of,
)
from services.committee.hall.models.matters import Matter
from services.committee.hall.models.talk import (
    AgendaItem,
    Comment,
    Participant,
    Resolution,
    Sitting,
    Vote,
)
from services.committee.hall.publishing import publishable
from services.committee.hall.raising import step
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
    _require(sitting, SittingState.PLANNED)
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
    _require(sitting, SittingState.PLANNED, SittingState.LIVE)
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
    item = await _open_item(act.session, sitting, matter_id)
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
        _require(sitting, SittingState.PLANNED, SittingState.LIVE, SittingState.ENDED)
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
    _require(sitting, SittingState.LIVE, SittingState.ENDED)
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


async def say_opinion(
    act: Act, reach: Reach, id: UUID, matter_id: UUID, speaker: Speaker, body: str, *, mask: bool
) -> Comment:
    """Say an opinion on a matter of a live sitting; listeners hear it at once."""
    assert act.actor.id is not None
    await limits.count_against(act, act.actor.id, limits.SPEAKING)
    sitting = await locked(act.session, reach, id)
    _require(sitting, SittingState.LIVE)
    await _open_item(act.session, sitting, matter_id)
    matter = await act.session.get_one(Matter, (sitting.district, matter_id))
    if (await repository.raiser_of(act.session, matter)).account_id == act.actor.id:
        speaker = Speaker.RAISER
    said = await speaking.say(
        act, matter, kind=Kind.OPINION, speaker=speaker, sitting_id=id,
        body=publishable({"body": body}, mask=mask)["body"],
    )  # fmt: skip
    told = {"matter_id": str(matter_id), "comment_id": str(said.id), "speaker": speaker.value}
    await tell(act.session, sitting, "opinion", told)
    return said


async def vote(act: Act, reach: Reach, id: UUID, matter_id: UUID, choice: Choice) -> Tally:
    """Say whether one agrees with what is proposed; it may be changed until it is resolved. Each
    account counts once; the stream tells the sums only."""
    assert act.actor.id is not None
    sitting = await locked(act.session, reach, id)
    _require(sitting, SittingState.LIVE)
    item = await _open_item(act.session, sitting, matter_id)
    await act.session.execute(
        insert(Vote)
        .values(
            district=sitting.district,
            agenda_id=item.id,
            account_id=act.actor.id,
            choice=choice.value,
            at=act.now,
        )
        .on_conflict_do_update(
            index_elements=[Vote.district, Vote.agenda_id, Vote.account_id],
            set_={"choice": choice.value, "at": act.now},
        )
    )
    tally = await tally_of(act.session, item.id)
    await tell(
        act.session, sitting, "vote",
        {
            "matter_id": str(matter_id),
            "agree": tally.agree,
            "reserve": tally.reserve,
            "oppose": tally.oppose,
        },
    )  # fmt: skip
    return tally


async def tally_of(session: AsyncConnection | AsyncSession, agenda_id: UUID) -> Tally:
    """How many accounts chose what."""
    rows = await session.execute(
        select(Vote.choice, func.count()).where(Vote.agenda_id == agenda_id).group_by(Vote.choice)
    )
    counts = {row[0]: row[1] for row in rows}
    return Tally(*(counts.get(choice.value, 0) for choice in Choice))


async def resolve(
    act: Act,
    reach: Reach,
    matter_id: UUID,
    *,
    sitting_id: UUID,
    text: str,
    floor: Tally,
    mask: bool,
) -> Resolution:
    """Record what a live sitting came to on a matter. `floor` counts those in the room who did not
    vote with an account. Raises Conflict, with the rule, when no majority agrees."""
    sitting = await locked(act.session, reach, sitting_id)
    _require(sitting, SittingState.LIVE)
    item = await _open_item(act.session, sitting, matter_id)
    tally = floor + await tally_of(act.session, item.id)
    majority = act.rulebook.lookup("hall.resolution_share", act.actor.district, act.today)
    broad = act.rulebook.lookup("hall.broad_consensus", act.actor.district, act.today)
    level = consensus_of(tally, majority=majority.fraction(), broad=broad.fraction())
    if level in {Consensus.DIVIDED, Consensus.NOT_VOTED}:
        raise _no_majority(tally, majority)
    published = publishable({"text": text}, mask=mask)["text"]
    matter = await repository.locked(act.session, reach, matter_id)
    await step(act, matter, "resolution", told={"consensus": level.value})
    item.outcome = "resolved"
    made = Resolution(
        district=sitting.district,
        id=new_id(),
        matter_id=matter_id,
        sitting_id=sitting_id,
        text=published,
        agree=tally.agree,
        reserve=tally.reserve,
        oppose=tally.oppose,
        consensus=level.value,
        decided_on=act.today,
    )
    act.session.add(made)
    await tell(
        act.session, sitting, "resolution",
        {"matter_id": str(matter_id), "text": published, "consensus": level.value},
    )  # fmt: skip
    return made


async def _open_item(session: AsyncSession, sitting: Sitting, matter_id: UUID) -> AgendaItem:
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


def _require(sitting: Sitting, *states: SittingState) -> None:
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


def _no_majority(tally: Tally, rule: RuleValue) -> Conflict:
    return Conflict(
        code="no_majority",
        detail=Text(
            zh=f"赞成 {tally.agree}、保留 {tally.reserve}、反对 {tally.oppose}，未过半数，不能形成决议。"
            "请继续协商后再表态，或移出议程留待下次。会场举手人数填在 floor 中。",
            en=f"{tally.agree} agree, {tally.reserve} have reservations, {tally.oppose} are "
            "against: no majority, so nothing is resolved. Go on deliberating, or defer it. Count "
            "hands in the room in `floor`.",
        ),
        rules=(rule.applied,),
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
