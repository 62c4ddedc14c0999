"""Kinship, handover and renewals over HTTP, and the watch over them."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from services.committee.organisation.models import Renewal
from services.committee.organisation.public import begin_term
from services.committee.organisation.watch import watch_terms
from services.committee.rulebook import RULES
from shared.audit.models import AuditEvent
from shared.audit.record import Actor
from shared.auth.principal import Role
from shared.db.database import Database
from shared.db.districts import register_district
from shared.kernel.clock import FixedClock, SystemClock
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.in_force import RulesInForce
from shared.rulebook.rulebook import Rulebook
from tests.services.committee.conftest import SmallDistrict
from tests.services.committee.organisation.test_offices import NEW
from tests.support.identity import SigningIdentity

C = "/v1/committee"
RULEBOOK = Rulebook.from_files(*COMMON, *RULES)


class People:
    """Those of the first community, and its street's officer."""

    def __init__(
        self, client: httpx.AsyncClient, small: SmallDistrict, identity: SigningIdentity
    ) -> None:
        self.client, self.small = client, small
        own = small.communities[0]
        self.headers = {
            "member": identity.bearer(small.code, Role.COMMITTEE_MEMBER, community=own),
            "election": identity.bearer(small.code, Role.ELECTION_COMMITTEE, community=own),
            "street": identity.bearer(small.code, Role.STREET_OFFICER, street=small.street),
            "abroad": identity.bearer(small.code, Role.STREET_OFFICER, street=small.communities[0]),
        }

    async def post(self, who: str, path: str, body: Any = None, status: int = 200) -> Any:
        """A POST by one of them."""
        answer = await self.client.post(f"{C}/{path}", json=body, headers=self.headers[who])
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, who: str, path: str, status: int = 200) -> Any:
        """A GET by one of them."""
        answer = await self.client.get(f"{C}/{path}", headers=self.headers[who])
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def people(committee: httpx.AsyncClient, small: SmallDistrict, identity: SigningIdentity) -> People:
    return People(committee, small, identity)


async def kinship(people: People, one: int = 0, other: int = 1, status: int = 201) -> Any:
    """Two members of the first committee, declared siblings."""
    committee = people.small.committees[0]
    members = (await people.get("member", f"committees/{committee}/members"))["items"]
    body = {"persons": [members[one]["id"], members[other]["id"]], "relation": "sibling"}
    return await people.post("member", f"committees/{committee}/kinships", body, status)


async def standing(people: People) -> tuple[list[str], list[str]]:
    """What stands against the first committee, and what is advised."""
    found = await people.get("member", f"committees/{people.small.committees[0]}")
    return (
        [one["code"] for one in found["composition_issues"]],
        [one["code"] for one in found["advice"]],
    )


async def test_a_declared_kinship_stands_against_the_committee_once_the_street_confirms_it(
    people: People,
) -> None:
    """组织法 8."""
    made = await kinship(people)
    assert (made["state"], {made["one_name"], made["other_name"]}) == (
        "declared",
        {"成员0", "成员1"},
    )
    assert made["due_on"]
    assert await standing(people) == ([], ["committee_near_kin_declared"])
    reason = {"reason": "户籍核对属实"}
    await people.post("abroad", f"kinships/{made['id']}/confirmation", reason, 404)
    await people.post("member", f"kinships/{made['id']}/confirmation", reason, 403)
    await people.post("street", f"kinships/{made['id']}/confirmation", reason)
    assert await standing(people) == (["committee_near_kin"], [])
    listed = await people.get("street", "kinships?state=confirmed")
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    await people.post("street", f"kinships/{made['id']}/dismissal", {"reason": "核对有误"})
    assert await standing(people) == ([], [])


async def test_a_kinship_is_declared_once_and_may_be_withdrawn(people: People) -> None:
    made = await kinship(people)
    assert (await kinship(people, 1, 0, 409))["code"] == "declared_already"
    assert (await kinship(people, 0, 0, 422))["errors"][0]["code"] == "not_of_this_committee"
    await people.post("member", f"kinships/{made['id']}/withdrawal", {"reason": "误报"})
    again = await people.post(
        "street", f"kinships/{made['id']}/confirmation", {"reason": "核对"}, 409
    )
    assert again["code"] == "step_not_possible"
    await kinship(people)


async def new_term(database: Database, small: SmallDistrict, on: date) -> None:
    """The first committee is renewed on a day."""
    async with database.transaction(small.code) as session:
        await begin_term(
            session,
            Actor.platform(small.code),
            RULEBOOK,
            committee_id=small.committees[0],
            starts_on=on,
            members=NEW,
        )


async def test_the_work_is_handed_over_under_the_streets_eyes(
    people: People, small: SmallDistrict, committee_database: Database
) -> None:
    """组织法 25: the tenth day is in time, the eleventh is late."""
    today = SystemClock().today()
    await new_term(committee_database, small, today - timedelta(days=10))
    [handover] = (await people.get("street", "handovers"))["items"]
    assert (handover["deadline"], handover["overdue"]) == (today.isoformat(), False)
    path = f"handovers/{handover['id']}"
    body = {"items": [{"kind": "seal", "name": "公章"}], "document": "移交清单1号"}
    await people.post("street", f"{path}/submission", body, 403)
    await people.post("abroad", f"{path}/confirmation", None, 404)
    await people.post("election", f"{path}/submission", {**body, "items": []}, 422)
    done = await people.post("election", f"{path}/submission", body)
    assert (done["state"], done["handed_over_on"]) == ("handed_over", today.isoformat())
    back = await people.post("street", f"{path}/return", {"reason": "缺账簿"})
    assert back["state"] == "due"
    await people.post("election", f"{path}/submission", body)
    assert (await people.post("street", f"{path}/confirmation"))["state"] == "confirmed"
    history = await people.get("election", f"{path}/history")
    assert [step["action"] for step in history] == [
        "submission",
        "return",
        "submission",
        "confirmation",
    ]
    assert (await people.get("street", f"{path}"))["items"][0]["name"] == "公章"
    assert (await people.get("street", "handovers?overdue=true"))["items"] == []


async def test_a_late_handover_is_marked_and_raised_once(
    people: People, small: SmallDistrict, committee_database: Database
) -> None:
    today = SystemClock().today()
    await new_term(committee_database, small, today - timedelta(days=11))
    [late] = (await people.get("street", "handovers?overdue=true"))["items"]
    assert late["overdue"]
    await watched(committee_database, small, today)
    await watched(committee_database, small, today + timedelta(days=1))
    assert await acts(committee_database, small, "handover.overdue") == 1


async def watched(database: Database, small: SmallDistrict, today: date) -> None:
    """The watch, by several workers at once."""
    await register_district(database, small.code, name="区", prefecture="市", province="省")
    rules = RulesInForce(RULEBOOK)
    await asyncio.gather(*(watch_terms(database, FixedClock.on(today), rules) for _ in range(3)))


async def acts(database: Database, small: SmallDistrict, action: str) -> int:
    """How often something was recorded."""
    async with database.read(small.code) as session:
        query = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == action)
        found = (await session.execute(query)).scalar_one()
    return int(found)


@pytest.mark.parametrize(("days", "raised"), [(181, 0), (180, 2), (0, 2), (-1, 2)])
async def test_a_term_that_ends_soon_is_raised_ahead_and_once(
    small: SmallDistrict, committee_database: Database, days: int, raised: int
) -> None:
    """组织法 14: 届满应当及时举行换届选举; both committees' terms end on 2036-12-01."""
    today = date(2036, 12, 1) - timedelta(days=days)
    await watched(committee_database, small, today)
    await watched(committee_database, small, today)
    assert await acts(committee_database, small, "renewal.raised") == raised
    overdue = 2 if days <= 0 else 0
    assert await acts(committee_database, small, "renewal.overdue") == overdue
    async with committee_database.read(small.code) as session:
        found = (await session.execute(select(func.count()).select_from(Renewal))).scalar_one()
    assert found == raised


async def test_anyone_sees_which_committees_are_due(
    people: People, small: SmallDistrict, committee_database: Database
) -> None:
    path = f"renewals?district={small.code}"
    client = people.client
    assert (await client.get(f"{C}/{path}")).json()["items"] == []
    await watched(committee_database, small, date(2036, 11, 1))
    due = (await client.get(f"{C}/{path}&due_before=2036-12-02")).json()["items"]
    assert [one["ends_on"] for one in due] == ["2036-12-01"] * 2
    assert {one["raised_on"] for one in due} == {"2036-11-01"}
    assert (await client.get(f"{C}/{path}&due_before=2036-12-01")).json()["items"] == []
    one = f"{C}/{path}&due_before=2037-01-01&community_id={small.communities[0]}"
    assert len((await client.get(one)).json()["items"]) == 1
    assert (await client.get(f"{one}&overdue=true")).json()["items"] == []
