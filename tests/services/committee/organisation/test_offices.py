"""Terms and memberships begin and end, on a real database."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.committee.organisation.models import (
    Handover,
    Member,
    Representative,
    ResidentGroup,
    Term,
)
from services.committee.organisation.public import (
    Leaving,
    NewMember,
    Position,
    Sex,
    begin_term,
    committee_facts,
    end_membership,
    fill_vacancies,
)
from services.committee.rulebook import RULES
from shared.audit.models import AuditEvent
from shared.audit.record import Actor
from shared.db.database import Database
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.rulebook import Rulebook
from tests.services.committee.conftest import SmallDistrict

RULEBOOK = Rulebook.from_files(*COMMON, *RULES)
START = date(2026, 12, 1)
NEW = [
    NewMember("甲", Sex.FEMALE, Position.CHAIR, new_id()),
    NewMember("乙", Sex.MALE, Position.VICE_CHAIR),
    NewMember("丙", Sex.MALE, Position.MEMBER),
]


async def renew(database: Database, small: SmallDistrict, on: date, **more: Any) -> Term:
    """A new term of the first committee."""
    async with database.transaction(small.code) as session:
        return await begin_term(
            session,
            Actor.platform(small.code),
            RULEBOOK,
            committee_id=small.committees[0],
            starts_on=on,
            members=NEW,
            **more,
        )


async def test_a_new_term_of_five_years_ends_the_one_before_and_opens_the_handover(
    small: SmallDistrict, committee_database: Database
) -> None:
    """组织法 14, 25."""
    election = new_id()
    term = await renew(committee_database, small, START, election_id=election)
    assert (term.number, term.ends_on, term.election_id) == (7, date(2031, 12, 1), election)
    async with committee_database.read(small.code) as session:
        last = (await session.execute(select(Term).where(Term.number == 6))).first()
        before = await committee_facts(session, small.communities[0], START - timedelta(days=1))
        after = await committee_facts(session, small.communities[0], START)
        handover = (await session.execute(select(Handover.deadline, Handover.state))).one()
        acts = (await session.scalars(select(AuditEvent.action))).all()
    assert last is not None
    assert before is not None and after is not None
    assert (before.term_number, len(before.seats)) == (6, 5)
    assert (after.term_number, [seat.name for seat in after.seats]) == (7, ["甲", "乙", "丙"])
    assert after.seats[0].person == NEW[0].person
    assert tuple(handover) == (START + timedelta(days=10), "due")
    assert "term.began" in acts


async def test_an_expired_term_ends_when_its_years_are_over(
    small: SmallDistrict, committee_database: Database
) -> None:
    await renew(committee_database, small, date(2037, 3, 1))
    async with committee_database.read(small.code) as session:
        query = select(Term.ended_on, Term.ended_because).where(
            Term.number == 6, Term.committee_id == small.committees[0]
        )
        assert tuple((await session.execute(query)).one()) == (date(2036, 12, 1), "expired")
        assert (await committee_facts(session, small.communities[0], date(2037, 1, 1))) is not None
        between = await committee_facts(session, small.communities[0], date(2037, 1, 1))
    assert between is not None
    assert (between.term_id, between.seats) == (None, ())


async def test_two_results_cannot_begin_the_same_term(
    small: SmallDistrict, committee_database: Database
) -> None:
    found = await asyncio.gather(
        *(renew(committee_database, small, START) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(one, Term) for one in found) == 1
    assert sum(isinstance(one, Conflict) for one in found) == 3


async def test_representatives_end_with_the_committees_term_and_new_ones_stay(
    small: SmallDistrict, committee_database: Database
) -> None:
    """组织法 13."""
    async with committee_database.transaction(small.code) as session:
        group = ResidentGroup(
            district=small.code,
            id=new_id(),
            committee_id=small.committees[0],
            code="G1",
            name="第一居民小组",
            households=40,
            formed_on=date(2021, 12, 1),
        )
        session.add(group)
        await session.flush()
        for number in (6, 7):
            session.add(
                Representative(
                    district=small.code,
                    id=new_id(),
                    group_id=group.id,
                    term_number=number,
                    name=f"代表{number}",
                    sex="female",
                    leader=True,
                    chosen_on=date(2026, 11, 1),
                )
            )
    await renew(committee_database, small, START)
    async with committee_database.read(small.code) as session:
        rows = await session.execute(
            select(
                Representative.term_number, Representative.left_on, Representative.left_because
            ).order_by(Representative.term_number)
        )
        assert [tuple(row) for row in rows] == [(6, START, "term_ended"), (7, None, None)]


async def test_an_office_ends_once_and_somebody_else_takes_it_for_the_rest_of_the_term(
    small: SmallDistrict, committee_database: Database
) -> None:
    """组织法 21, 24."""
    day = date(2026, 6, 1)
    facts = await _facts(committee_database, small, day)
    chair = facts.seats[0]

    async def leave() -> Any:
        async with committee_database.transaction(small.code) as session:
            return await end_membership(
                session,
                Actor.platform(small.code),
                chair.id,
                cause=Leaving.RESIGNED,
                on=day,
                decision={"document": "纪要"},
            )

    found = await asyncio.gather(*(leave() for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, Member) for one in found) == 1
    assert sum(isinstance(one, Conflict) for one in found) == 3
    later = date(2026, 7, 1)
    async with committee_database.transaction(small.code) as session:
        await fill_vacancies(
            session,
            Actor.platform(small.code),
            committee_id=small.committees[0],
            members=[NEW[0]],
            starts_on=later,
        )
    vacant = await _facts(committee_database, small, later - timedelta(days=1))
    filled = await _facts(committee_database, small, later)
    assert [len(one.seats) for one in (facts, vacant, filled)] == [5, 4, 5]
    assert filled.seats[-1].position is Position.CHAIR
    assert filled.ends_on == facts.ends_on


async def _facts(database: Database, small: SmallDistrict, day: date) -> Any:
    async with database.read(small.code) as session:
        found = await committee_facts(session, small.communities[0], day)
    assert found is not None
    return found


async def left(database: Database, small: SmallDistrict, member: Any, on: date) -> Member:
    """A member's office ends on a day."""
    async with database.transaction(small.code) as session:
        return await end_membership(
            session,
            Actor.platform(small.code),
            member,
            cause=Leaving.MOVED,
            on=on,
            decision={},
        )


async def test_an_office_cannot_end_when_it_is_not_held(
    small: SmallDistrict, committee_database: Database
) -> None:
    """The last committee's members go on after their years, until there is a new one."""
    facts = await _facts(committee_database, small, date(2026, 6, 1))
    first, second = facts.seats[0].id, facts.seats[1].id
    over = date(2036, 12, 1)
    with pytest.raises(Conflict):
        await left(committee_database, small, first, date(2020, 1, 1))
    assert (await left(committee_database, small, first, over)).left_on == over
    await renew(committee_database, small, over)
    with pytest.raises(Conflict):
        await left(committee_database, small, second, over)


async def test_nobody_joins_a_term_that_does_not_run(
    small: SmallDistrict, committee_database: Database
) -> None:
    with pytest.raises(Conflict, match="no_running_term"):
        async with committee_database.transaction(small.code) as session:
            await fill_vacancies(
                session,
                Actor.platform(small.code),
                committee_id=small.committees[0],
                members=NEW[:1],
                starts_on=date(2037, 1, 1),
            )
