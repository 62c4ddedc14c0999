"""From the election to the new term (组织法 14, 24, 25)."""

from datetime import date
from typing import Any

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.domain import ElectionKind
from services.committee.elections.models import Election
from services.committee.elections.outcome import elected_before, left_vacant
from services.committee.organisation import public as organisation
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text


async def accede(act: Act, election: Election, starts_on: date) -> None:
    """Let those who were elected take office: a renewal begins the committee's next term, a
    by-election fills the running one; organisation then follows the handover (组织法 25).

    Raises Invalid for a day before the election, Conflict where nobody was elected or the
    community has no committee on record."""
    elected_on = election.elected_on
    await act.step(election, "accession", told={"starts_on": starts_on.isoformat()})
    assert elected_on is not None
    if starts_on < elected_on:
        raise Invalid(issues=(_too_early(elected_on),))
    committee = await organisation.committee_facts(
        act.session, election.community_id, act.today(election)
    )
    if committee is None:
        raise Conflict(
            code="no_committee",
            detail=Text(
                zh="本社区没有登记居民委员会，请先登记。",
                en="No residents' committee of the community is on record; enter it first.",
            ),
        )
    members = await _members(act, election)
    if election.kind == ElectionKind.GENERAL:
        term = await organisation.begin_term(
            act.session,
            act.actor,
            act.rulebook,
            committee_id=committee.id,
            starts_on=starts_on,
            members=members,
            unfilled=await _unfilled(act, election),
            election_id=election.id,
        )
        election.term_id = term.id
    else:
        await organisation.fill_vacancies(
            act.session,
            act.actor,
            committee_id=committee.id,
            members=members,
            starts_on=starts_on,
            election_id=election.id,
        )
        election.term_id = committee.term_id
    election.acceded_on, election.due_on = starts_on, None


async def _members(act: Act, election: Election) -> list[organisation.NewMember]:
    """Those elected, by round and contest."""
    people: dict[str, Any] = {
        str(row.person_id): row
        for number in range(1, election.round + 1)
        for row in await repository.candidates(act.session, election.id, number)
    }
    elected = await elected_before(act, election, election.round + 1)
    order = [position.value for position in organisation.Position]
    return [
        organisation.NewMember(
            name=people[one["person"]].name,
            sex=organisation.Sex(people[one["person"]].sex),
            position=organisation.Position(one["position"]),
        )
        for one in sorted(elected, key=lambda one: order.index(one["position"]))
    ]


async def _unfilled(act: Act, election: Election) -> list[organisation.Position]:
    rounds = await repository.rounds(act.session, election)
    return [
        organisation.Position(one["position"])
        for one in left_vacant(rounds)
        for _ in range(one["seats"])
    ]


def _too_early(elected_on: date) -> Issue:
    return Issue(
        code="before_the_election",
        pointer="/starts_on",
        detail=Text(
            zh=f"新一届自 {elected_on} 选出，任期不能早于该日。",
            en=f"The committee was elected on {elected_on}; its term cannot begin before.",
        ),
        remedy=Text(zh="请更正日期。", en="Mend the day."),
    )
