"""Sub-committees, residents' groups, representatives and supervisors: recorded, and ended."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.organisation import repository
from services.committee.organisation.bodies import Seated, supervision_issues
from services.committee.organisation.bodies import Supervisor as Supervising
from services.committee.organisation.domain import Ending
from services.committee.organisation.meetings import MeetingDecision, decision_issues
from services.committee.organisation.models import (
    Member,
    Representative,
    ResidentGroup,
    SubCommittee,
    SubCommitteeMember,
    Supervisor,
    Term,
)
from services.committee.organisation.queries import meeting_rules
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act

Body = TypeVar("Body", SubCommittee, ResidentGroup, Supervisor)
Sitting = TypeVar("Sitting", SubCommitteeMember, Representative, Supervisor)
Made = TypeVar("Made", SubCommittee, SubCommitteeMember, ResidentGroup, Representative, Supervisor)


async def locked(act: Act, reach: Reach, model: type[Body], id: UUID) -> Body:
    """A committee's body under a row lock. Raises NotFound when it is out of reach."""
    found = await act.session.scalar(select(model).where(model.id == id).with_for_update())
    if found is None:
        raise NotFound
    await repository.place_of(act.session, reach, found.committee_id)
    return found


async def establish(
    act: Act, reach: Reach, committee_id: UUID, values: Mapping[str, Any]
) -> SubCommittee:
    """Establish a sub-committee (组织法 9)."""
    await repository.place_of(act.session, reach, committee_id)
    _not_ahead(act, "established_on", values["established_on"])
    made = SubCommittee(
        district=act.actor.district, id=new_id(), committee_id=committee_id, **values
    )
    return await _added(act, made, "sub_committee.established", {"name": made.name})


async def add_member(
    act: Act, reach: Reach, sub_committee_id: UUID, values: Mapping[str, Any]
) -> SubCommitteeMember:
    """Seat somebody in a sub-committee; a member of the committee by `member_id`, another by name."""
    body = await locked(act, reach, SubCommittee, sub_committee_id)
    _active(body.ended_on)
    _not_ahead(act, "began_on", values["began_on"])
    name = values["name"]
    if values["member_id"] is not None:
        query = repository.in_office(repository.members(body.committee_id), values["began_on"])
        rows = (await act.session.execute(query.where(Member.id == values["member_id"]))).all()
        if not rows:
            raise Invalid(issues=(_unknown("/member_id"),))
        name = rows[0].name
    made = SubCommitteeMember(
        district=act.actor.district,
        id=new_id(),
        sub_committee_id=body.id,
        **{**values, "name": name},
    )
    return await _added(act, made, "sub_committee.member_added", {"head": made.head})


async def form_group(
    act: Act, reach: Reach, committee_id: UUID, values: Mapping[str, Any]
) -> ResidentGroup:
    """Form a residents' group (组织法 13)."""
    await repository.place_of(act.session, reach, committee_id)
    _not_ahead(act, "formed_on", values["formed_on"])
    taken = select(ResidentGroup.id).where(
        ResidentGroup.committee_id == committee_id, ResidentGroup.code == values["code"]
    )
    if await act.session.scalar(taken) is not None:
        raise Conflict(
            code="code_taken",
            detail=Text(
                zh="本居委会已有这个代码的居民小组。", en="The committee has a group of that code."
            ),
        )
    made = ResidentGroup(
        district=act.actor.district, id=new_id(), committee_id=committee_id, **values
    )
    return await _added(act, made, "resident_group.formed", {"code": made.code})


async def change_group(act: Act, group: ResidentGroup, values: Mapping[str, Any]) -> None:
    """Rename a locked group or correct its households."""
    _active(group.ended_on)
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
    _active(group.ended_on)
    _not_ahead(act, "chosen_on", values["chosen_on"])
    await _require_term(act.session, group.committee_id, values["term_number"])
    made = Representative(
        district=act.actor.district, id=new_id(), group_id=group.id, leader=False, **values
    )
    return await _added(act, made, "representative.chosen", {"term_number": made.term_number})


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
        raise Invalid(issues=(_unknown("/representative_id"),))
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


async def choose_supervisor(
    act: Act,
    reach: Reach,
    committee_id: UUID,
    values: Mapping[str, Any],
    decision: MeetingDecision,
) -> Supervisor:
    """Record whom the meeting chose to supervise (组织法 36). Raises Invalid for a decision that the
    minutes do not bear, and for a member of the committee."""
    await repository.place_of(act.session, reach, committee_id)
    await _require_term(act.session, committee_id, values["term_number"])
    rules, applied = meeting_rules(act.rulebook, act.actor.district, decision.held_on)
    issues = list(decision_issues(decision, rules, accepted=True, today=act.today))
    seated = await act.session.execute(
        repository.in_office(repository.members(committee_id), act.today)
    )
    chosen = Supervising(new_id(), values["name"], values["person_id"])
    issues += supervision_issues(
        [chosen], [Seated(row.id, row.name, row.person_id) for row in seated], ()
    )
    if issues:
        raise Invalid(issues=issues, rules=applied)
    made = Supervisor(
        district=act.actor.district,
        id=chosen.id,
        committee_id=committee_id,
        chosen_on=decision.held_on,
        meeting=minutes(decision),
        **values,
    )
    return await _added(act, made, "supervisor.chosen", {"head": made.head})


def minutes(decision: MeetingDecision) -> dict[str, Any]:
    """A meeting's decision as it is kept."""
    return {
        "kind": decision.kind.value,
        "held_on": decision.held_on.isoformat(),
        "entitled": decision.entitled,
        "present": decision.present,
        "in_favour": decision.in_favour,
        "document": decision.document,
    }


async def end_body(act: Act, body: SubCommittee | ResidentGroup, on: date) -> None:
    """End a locked sub-committee or group, and with it what was held in it."""
    _active(body.ended_on)
    began = body.established_on if isinstance(body, SubCommittee) else body.formed_on
    _within(act, on, began)
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
    _active(person.left_on)
    _within(
        act, on, person.began_on if isinstance(person, SubCommitteeMember) else person.chosen_on
    )
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


async def _require_term(session: AsyncSession, committee_id: UUID, number: int) -> None:
    last = (
        await session.scalar(select(func.max(Term.number)).where(Term.committee_id == committee_id))
        or 0
    )
    if number not in {last, last + 1}:
        raise Invalid(
            issues=(
                Issue(
                    code="term_number",
                    pointer="/term_number",
                    detail=Text(
                        zh=f"最近一届是第 {last} 届。", en=f"The committee's last term is {last}."
                    ),
                    remedy=Text(
                        zh=f"请填写 {last} 或下一届 {last + 1}。",
                        en=f"Give {last}, or {last + 1} for the next term.",
                    ),
                ),
            )
        )


async def _added(act: Act, made: Made, action: str, told: Mapping[str, Any]) -> Made:
    act.session.add(made)
    await act.session.flush()
    await record(act.session, act.actor, action, (made.__tablename__, made.id), after=told)
    return made


def _active(over: date | None) -> None:
    if over is not None:
        raise Conflict(
            code="ended_already",
            detail=Text(zh=f"已于 {over} 终止。", en=f"It ended on {over}."),
        )


def _not_ahead(act: Act, field: str, day: date) -> None:
    if day > act.today:
        raise Invalid(
            issues=(
                Issue(
                    code="day_ahead",
                    pointer=f"/{field}",
                    detail=Text(zh="日期尚未到来。", en="That day has not come yet."),
                    remedy=Text(zh="请在当日或其后登记。", en="Record it on that day or after."),
                ),
            )
        )


def _within(act: Act, on: date, began: date) -> None:
    _not_ahead(act, "on", on)
    if on < began:
        raise Invalid(
            issues=(
                Issue(
                    code="ends_before_start",
                    pointer="/on",
                    detail=Text(zh=f"早于开始日期 {began}。", en=f"It began on {began}."),
                    remedy=Text(zh="请更正日期。", en="Mend the day."),
                ),
            )
        )


def _unknown(pointer: str) -> Issue:
    return Issue(
        code="not_in_office",
        pointer=pointer,
        detail=Text(zh="此人在该日不在任。", en="That person is not in office on that day."),
        remedy=Text(zh="请选择在任人员。", en="Choose somebody who is."),
    )
