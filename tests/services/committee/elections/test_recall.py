"""What an election is to those who recall a member later, and to whom a by-election seats."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from services.committee.organisation.models import Member, Term
from shared.auth.principal import Role
from shared.db.database import Database
from tests.services.committee.elections.conftest import START, Polls, id_number

C = "/v1/committee"


async def post(polls: Polls, role: Role, path: str, body: Any, status: int) -> Any:
    """A POST by somebody of the community that is answered with the status."""
    answer: httpx.Response = await polls.client.post(
        f"{C}/{path}", json=body, headers=polls.who(role)
    )
    assert answer.status_code == status, answer.text
    return answer.json()


async def elected_by(polls: Polls, database: Database) -> str:
    """The first committee came to office by this election; one of its members."""
    async with database.transaction(polls.small.code) as session:
        committee = polls.small.committees[0]
        await session.execute(
            update(Term).where(Term.committee_id == committee).values(election_id=UUID(polls.id))
        )
    path = f"{C}/committees/{polls.small.committees[0]}/members?district={polls.small.code}"
    return str((await polls.client.get(path)).json()["items"][1]["id"])


def petition(member: str, **changed: Any) -> dict[str, Any]:
    """A petition of electors."""
    return {
        "member_id": member,
        "basis": "electors",
        "form": "all_electors",
        "reasons": "连续三个月未公布居务收支。",
        "roll_document": "名单",
        **changed,
    }


async def test_signatures_are_verified_against_the_roll_of_the_members_election(
    polls: Polls, committee_database: Database
) -> None:
    """组织法 20: a tenth of the 30 electors of the frozen roll."""
    await polls.freeze()
    member = await elected_by(polls, committee_database)
    wrong = petition(member, form="resident_representatives", representatives=30)
    refused = await post(polls, Role.RESIDENT, "recalls", wrong, 422)
    assert [error["code"] for error in refused["errors"]] == ["other_form"]
    made = await post(polls, Role.RESIDENT, "recalls", petition(member, electors=9), 201)
    assert (made["electors"], made["election_id"]) == (30, polls.id)
    path = f"recalls/{made['id']}"
    signed_on = {"signed_on": START.isoformat()}
    for place in (1, 2, 4):
        elector = polls.elector(place)
        body = {"name": elector["name"], "id_number": elector["id_number"], **signed_on}
        signed = await post(polls, Role.SUPERVISOR, f"{path}/signatures", body, 201)
        assert signed["state"] == "verified"
    for name, number in (("选民0005", polls.elector(6)["id_number"]), ("外人", id_number(400))):
        body = {"name": name, "id_number": number, **signed_on}
        refused = await post(polls, Role.SUPERVISOR, f"{path}/signatures", body, 422)
        assert [error["code"] for error in refused["errors"]] == ["not_on_roll"]
    await post(polls, Role.RESIDENT, f"{path}/submission", {}, 404)
    done = await post(polls, Role.SUPERVISOR, f"{path}/submission", {}, 200)
    assert (done["state"], done["signatures"]) == ("submitted", 3)


@pytest.mark.parametrize("position", ["member", "chair"])
async def test_a_by_election_is_for_what_is_vacant_for_the_rest_of_the_term(
    polls: Polls, committee_database: Database, position: str
) -> None:
    """组织法 24."""
    committee = str(polls.small.committees[0])
    resolution = {
        "committee_id": committee,
        "form": "all_electors",
        "election_day": (START + timedelta(days=40)).isoformat(),
        "resolved_on": START.isoformat(),
        "resolution": "居民代表会议决议补选",
    }
    nothing = await post(polls, Role.COMMITTEE_MEMBER, "by-elections", resolution, 409)
    assert nothing["code"] == "nothing_vacant"
    seated = await polls.client.get(
        f"{C}/committees/{committee}/members?district={polls.small.code}"
    )
    leaving = next(one for one in seated.json()["items"] if one["position"] == position)
    ending = {"cause": "moved", "on": START.isoformat(), "document": "户籍迁移证"}
    await post(polls, Role.SUPERVISOR, f"members/{leaving['id']}/ending", ending, 200)
    made = await post(polls, Role.COMMITTEE_MEMBER, "by-elections", resolution, 201)
    assert made["seats"] == {position: 1}
    assert (made["woman_sitting"], made["term_ends_on"]) == (True, "2036-12-01")
    again = await post(polls, Role.COMMITTEE_MEMBER, "by-elections", resolution, 409)
    assert again["code"] == "election_running"
    polls.id = made["election_id"]
    election = await polls.get()
    assert (election["kind"], election["contests"][0]["seats"]) == ("by_election", 1)
    async with committee_database.read(polls.small.code) as session:
        left = await session.execute(
            select(Member.left_because).where(Member.id == UUID(leaving["id"]))
        )
        assert left.scalar_one() == "moved"
