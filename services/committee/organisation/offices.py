"""Offices begin and end: terms, members who come within a term, memberships that end early."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.organisation.domain import (
    Ending,
    HandoverState,
    Leaving,
    Position,
    Sex,
    TermEnding,
)
from services.committee.organisation.models import (
    Committee,
    Handover,
    Member,
    Representative,
    ResidentGroup,
    Supervisor,
    Term,
    UnfilledSeat,
)
from shared.audit.record import Actor, record
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class NewMember:
    """Who takes an office; `person` is the registry's resident, where known."""

    name: str
    sex: Sex
    position: Position
    person: UUID | None = None


async def begin_term(
    session: AsyncSession,
    actor: Actor,
    rulebook: Rulebook,
    *,
    committee_id: UUID,
    starts_on: date,
    members: Sequence[NewMember],
    unfilled: Sequence[Position] = (),
    election_id: UUID | None = None,
) -> Term:
    """Begin a committee's next term with its members (组织法 14), end the one before, and open the
    handover of its work (组织法 25). `unfilled` are seats that the election left vacant.

    Representatives and supervisors of earlier terms end with theirs (组织法 13, 36). Raises NotFound
    for an unknown committee, Conflict when a term that begins that day or later is there.
    """
    committee = await _locked_committee(session, committee_id)
    last = await session.scalar(
        select(Term)
        .where(Term.committee_id == committee.id)
        .order_by(Term.number.desc())
        .limit(1)
        .with_for_update()
    )
    if last is not None:
        _close(last, starts_on)
    years = rulebook.lookup("organisation.term_years", actor.district, starts_on).integer()
    term = Term(
        district=actor.district,
        id=new_id(),
        committee_id=committee.id,
        number=last.number + 1 if last else 1,
        starts_on=starts_on,
        ends_on=_years_later(starts_on, years),
        election_id=election_id,
    )
    session.add(term)
    await session.flush()
    _seat(session, term, members, first=1)
    session.add_all(
        UnfilledSeat(district=term.district, term_id=term.id, position=position.value)
        for position in unfilled
    )
    days = rulebook.lookup("organisation.handover_days", actor.district, starts_on).integer()
    if last is not None:
        session.add(
            Handover(
                district=actor.district,
                id=new_id(),
                committee_id=committee.id,
                term_id=term.id,
                deadline=starts_on + timedelta(days=days),
                state=HandoverState.DUE.value,
                items=[],
            )
        )
    await _end_with_their_term(session, committee.id, term.number, starts_on)
    await session.flush()
    await record(
        session,
        actor,
        "term.began",
        ("term", term.id),
        after={
            "committee": str(committee.id),
            "number": term.number,
            "starts_on": starts_on.isoformat(),
            "ends_on": term.ends_on.isoformat(),
            "members": len(members),
            "unfilled": [position.value for position in unfilled],
            "election": str(election_id) if election_id else None,
        },
    )
    return term


async def fill_vacancies(
    session: AsyncSession,
    actor: Actor,
    *,
    committee_id: UUID,
    members: Sequence[NewMember],
    starts_on: date,
    election_id: UUID | None = None,
) -> list[UUID]:
    """Seat members for the rest of the running term (组织法 24). Raises Conflict when none runs."""
    await _locked_committee(session, committee_id)
    term = await session.scalar(
        select(Term).where(
            Term.committee_id == committee_id,
            Term.starts_on <= starts_on,
            func.coalesce(Term.ended_on, Term.ends_on) > starts_on,
        )
    )
    if term is None:
        raise Conflict(
            code="no_running_term",
            detail=Text(
                zh="该日没有在任的居民委员会，不能补选，应当换届选举。",
                en="No term runs on that day, so nobody can join it: a new committee is elected.",
            ),
        )
    last = await session.scalar(select(func.max(Member.number)).where(Member.term_id == term.id))
    seated = _seat(
        session, term, members, first=(last or 0) + 1, began_on=starts_on, election_id=election_id
    )
    await session.flush()
    for member in seated:
        await record(
            session,
            actor,
            "member.began",
            ("member", member.id),
            after={"term": str(term.id), "position": member.position, "on": starts_on.isoformat()},
        )
    return [member.id for member in seated]


async def end_membership(
    session: AsyncSession,
    actor: Actor,
    member_id: UUID,
    *,
    cause: Leaving,
    on: date,
    decision: Mapping[str, Any],
) -> Member:
    """End a member's office on a day, the first on which they no longer hold it, with what decided it.

    Until a new committee is there, the last one's members go on, and so may leave. Raises NotFound,
    and Conflict when the office has ended, or had not begun on that day.
    """
    member = await session.scalar(select(Member).where(Member.id == member_id).with_for_update())
    if member is None:
        raise NotFound
    term = await session.get_one(Term, (actor.district, member.term_id))
    began, over = member.began_on or term.starts_on, await _over(session, term)
    if member.left_on is not None or not began <= on < over:
        raise Conflict(
            code="office_not_held",
            detail=Text(
                zh=f"{member.name}在 {on} 不在任，或其职务已经终止。请核对日期；已登记的终止见成员名单。",
                en=f"{member.name} does not hold the office on {on}, or it has ended already. Check "
                "the day against the list of members.",
            ),
        )
    member.left_on = on
    member.left_because = cause.value
    member.left_decision = dict(decision)
    member.version += 1
    await session.flush()
    await record(
        session,
        actor,
        "member.left",
        ("member", member.id),
        before={"left_on": None},
        after={"left_on": on.isoformat(), "cause": cause.value, "decision": dict(decision)},
    )
    return member


async def _over(session: AsyncSession, term: Term) -> date:
    if term.ended_on is not None:
        return term.ended_on
    later = select(Term.id).where(Term.committee_id == term.committee_id, Term.number > term.number)
    followed = (await session.execute(later.limit(1))).first() is not None
    return term.ends_on if followed else date.max


async def _locked_committee(session: AsyncSession, committee_id: UUID) -> Committee:
    found = await session.scalar(
        select(Committee)
        .where(Committee.id == committee_id, Committee.ended_on.is_(None))
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def _close(last: Term, starts_on: date) -> None:
    if last.starts_on >= starts_on:
        raise Conflict(
            code="term_exists",
            detail=Text(
                zh=f"第 {last.number} 届自 {last.starts_on} 起任职，新一届应在其后开始。",
                en=f"Term {last.number} began on {last.starts_on}; the next begins after it.",
            ),
        )
    if last.ended_on is None:
        early = starts_on < last.ends_on
        last.ended_on = starts_on if early else last.ends_on
        last.ended_because = (TermEnding.RENEWED if early else TermEnding.EXPIRED).value
        last.version += 1


def _seat(
    session: AsyncSession,
    term: Term,
    members: Sequence[NewMember],
    *,
    first: int,
    began_on: date | None = None,
    election_id: UUID | None = None,
) -> list[Member]:
    seated = [
        Member(
            district=term.district,
            id=new_id(),
            term_id=term.id,
            number=number,
            name=member.name,
            sex=member.sex.value,
            position=member.position.value,
            person_id=member.person,
            began_on=began_on,
            election_id=election_id,
        )
        for number, member in enumerate(members, first)
    ]
    session.add_all(seated)
    return seated


async def _end_with_their_term(
    session: AsyncSession, committee_id: UUID, number: int, on: date
) -> None:
    over = {"left_on": on, "left_because": Ending.TERM_ENDED.value}
    groups = select(ResidentGroup.id).where(ResidentGroup.committee_id == committee_id)
    await session.execute(
        update(Representative)
        .where(
            Representative.group_id.in_(groups),
            Representative.term_number < number,
            Representative.left_on.is_(None),
        )
        .values(over)
    )
    await session.execute(
        update(Supervisor)
        .where(
            Supervisor.committee_id == committee_id,
            Supervisor.term_number < number,
            Supervisor.left_on.is_(None),
        )
        .values(over)
    )


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
