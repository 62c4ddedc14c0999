"""Vacant offices are filled for the rest of the term (组织法 20, 21, 24), from the vacancy to the
office, by the calendar of the service: a by-election is no demonstration."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from services.cli.verify_election import verify
from shared.auth.principal import Role
from shared.kernel.clock import FixedClock
from shared.web.app import ServiceApplication
from tests.services.committee.conftest import SmallDistrict
from tests.services.committee.elections.conftest import ELECTION_DAY, START, Polls, id_number
from tests.support.identity import SigningIdentity

C = "/v1/committee"
TERM_ENDS = date(2036, 12, 1)
MEETING = {
    "kind": "residents_meeting",
    "entitled": 1000,
    "present": 501,
    "in_favour": 251,
    "document": "居民会议纪要1号",
}


@dataclass
class ByElection(Polls):
    """Polls of a committee whose offices fall vacant; its days are the service's own."""

    api: ServiceApplication | None = None

    @property
    def committee(self) -> str:
        return str(self.small.committees[self.community])

    async def move(self, day: date) -> None:
        assert self.api is not None
        self.api.state.clock = FixedClock.on(day)

    async def ask(self, role: Role, path: str, body: Any = None, status: int = 200) -> Any:
        """A POST of somebody of the community."""
        answer = await self.client.post(f"{C}/{path}", json=body, headers=self.who(role))
        assert answer.status_code == status, answer.text
        return answer.json()

    async def read(self, path: str) -> Any:
        """What anybody may read."""
        joint = "&" if "?" in path else "?"
        answer = await self.client.get(f"{C}/{path}{joint}district={self.small.code}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def seated(self) -> list[dict[str, Any]]:
        """Who holds an office today."""
        found: list[dict[str, Any]] = (await self.read(f"committees/{self.committee}/members"))[
            "items"
        ]
        return found

    async def vacant(self) -> list[dict[str, Any]]:
        """What is vacant today."""
        path = f"vacancies?committee_id={self.committee}"
        found: list[dict[str, Any]] = (await self.read(path))["items"]
        return found

    async def handovers(self) -> Any:
        """What is to be handed over between committees, as the members see it."""
        path = f"{C}/handovers?committee_id={self.committee}"
        answer = await self.client.get(path, headers=self.who(Role.COMMITTEE_MEMBER))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def composition(self) -> list[str]:
        """What stands against the committee."""
        found = await self.read(f"committees/{self.committee}")
        return [one["code"] for one in found["composition_issues"]]

    async def end(self, member: str, on: date = START) -> None:
        """An office ends by law."""
        body = {"cause": "moved", "on": str(on), "document": "户籍迁移证"}
        await self.ask(Role.SUPERVISOR, f"members/{member}/ending", body)

    async def begin(self, **changed: Any) -> dict[str, Any]:
        """A by-election for everything that is vacant, with its election committee."""
        today = changed.pop("today", START)
        body = {
            "committee_id": self.committee,
            "form": "all_electors",
            "election_day": str(ELECTION_DAY),
            "resolved_on": str(today),
            "resolution": "居民代表会议决议补选",
            **changed,
        }
        made: dict[str, Any] = await self.ask(Role.COMMITTEE_MEMBER, "by-elections", body, 201)
        self.id = made["election_id"]
        await self.choose_committee()
        return made

    async def until_candidates(self, standing: dict[str, list[int]]) -> dict[str, list[str]]:
        """From registration to the published candidates."""
        await self.register()
        await self.post("/roll/publication")
        published = date.fromisoformat((await self.get())["roll_published_on"])
        await self.move(published + timedelta(days=6))
        await self.post("/freeze")
        await self.numbers()
        return await self.candidates(standing)


@pytest.fixture
def by_election(
    elections_api: ServiceApplication,
    elections: httpx.AsyncClient,
    identity: SigningIdentity,
    small: SmallDistrict,
) -> Iterator[ByElection]:
    """One to be, on the day of the service's clock, which is put back."""
    clock = elections_api.state.clock
    yield ByElection(elections, identity, small, api=elections_api)
    elections_api.state.clock = clock


async def resign(polls: ByElection, member: str) -> date:
    """A member resigns and a meeting accepts: the day on which the office ended."""
    body = {"member_id": member, "reason": "迁居外地"}
    made = await polls.ask(Role.COMMITTEE_MEMBER, "resignations", body, 201)
    held_on = START + timedelta(days=4)
    await polls.move(START + timedelta(days=5))
    decision = {"accepted": True, "meeting": {**MEETING, "held_on": str(held_on)}}
    await polls.ask(Role.COMMITTEE_MEMBER, f"resignations/{made['id']}/decision", decision)
    return held_on


async def recall(polls: ByElection, member: str) -> date:
    """A member is recalled by the electors: the day on which the office ended."""
    petition = {
        "member_id": member,
        "basis": "electors",
        "form": "all_electors",
        "reasons": "连续三个月未公布居务收支。",
        "electors": 20,
        "roll_document": "第六届选民名单",
    }
    made = await polls.ask(Role.RESIDENT, "recalls", petition, 201)
    path = f"recalls/{made['id']}"
    for place in range(2):
        signature = {
            "name": f"居民{place}",
            "id_number": id_number(place),
            "signed_on": str(START),
        }
        signed = await polls.ask(Role.SUPERVISOR, f"{path}/signatures", signature, 201)
        verification = f"{path}/signatures/{signed['id']}/verification"
        await polls.ask(Role.ELECTION_COMMITTEE, verification, {"valid": True})
    await polls.ask(Role.SUPERVISOR, f"{path}/submission")
    await polls.ask(Role.ELECTION_COMMITTEE, f"{path}/decision", {"outcome": "acceptance"})
    await polls.ask(Role.COMMITTEE_MEMBER, f"{path}/defence", {"statement": "收支已公布。"})
    vote_on = START + timedelta(days=5)
    announced = {"vote_on": str(vote_on), "place": "社区活动中心"}
    await polls.ask(Role.ELECTION_COMMITTEE, f"{path}/announcement", announced)
    await polls.move(vote_on)
    count = {"issued": 16, "received": 16, "in_favour": 9, "against": 7, "void": 0}
    for role in (Role.ELECTION_COMMITTEE, Role.SUPERVISOR):
        await polls.ask(role, f"{path}/counts", count, 201)
    done = await polls.ask(Role.ELECTION_COMMITTEE, f"{path}/result")
    assert done["state"] == "recalled"
    return vote_on


@pytest.mark.parametrize(("ended", "cause"), [(resign, "resigned"), (recall, "recalled")])
async def test_who_is_elected_in_a_by_election_serves_for_the_rest_of_the_term(
    by_election: ByElection, ended: Any, cause: str
) -> None:
    """组织法 20, 21, 24: vacancy, by-election, office; the term does not begin anew."""
    polls = by_election
    leaving = (await polls.seated())[1]
    since = await ended(polls, leaving["id"])
    [vacancy] = await polls.vacant()
    assert (vacancy["member_id"], vacancy["left_because"]) == (leaving["id"], cause)
    assert vacancy["left_on"] == str(since)
    assert "committee_size" in await polls.composition()
    made = await polls.begin(today=START + timedelta(days=5))
    assert (made["seats"], made["woman_sitting"]) == ({"member": 1}, True)
    assert made["term_ends_on"] == str(TERM_ENDS)
    standing = await polls.until_candidates({"member": [14, 15]})
    votes = dict(zip(standing["member"], [12, 8], strict=True))
    await polls.voted({"member": votes})
    found = await polls.post("/result")
    assert (found["kind"], found["state"]) == ("by_election", "elected")
    begins = ELECTION_DAY + timedelta(days=2)
    await polls.move(begins)
    assert (await polls.post("/accession", {}))["acceded_on"] == str(begins)
    came = (await polls.seated())[-1]
    assert (came["name"], came["position"], came["began_on"]) == (
        "选民0014",
        "member",
        str(begins),
    )
    term = (await polls.read(f"committees/{polls.committee}"))["term"]
    assert (term["number"], term["ends_on"]) == (6, str(TERM_ENDS))
    assert came["term_number"] == 6
    assert await polls.vacant() == []
    assert "committee_size" not in await polls.composition()
    assert (await polls.handovers())["items"] == [], "the work stays with the committee"
    report = verify(await polls.file())
    assert report.faults == []


async def test_a_seat_that_falls_vacant_again_is_filled_again(by_election: ByElection) -> None:
    """组织法 24: whoever came within the term took the seat that was open, not one that opens later."""
    polls = by_election
    await polls.end((await polls.seated())[1]["id"])
    day = START
    for turn, place in enumerate((14, 16)):
        day = START + timedelta(days=60 * turn)
        await polls.move(day)
        await polls.begin(today=day, election_day=str(day + timedelta(days=40)))
        standing = await polls.until_candidates({"member": [place, place + 1]})
        votes = dict(zip(standing["member"], [12, 8], strict=True))
        await polls.voted({"member": votes}, day=day + timedelta(days=40))
        await polls.post("/result")
        await polls.post("/accession", {})
        assert await polls.vacant() == []
        if turn == 0:
            came = (await polls.seated())[-1]
            await polls.move(day + timedelta(days=50))
            await polls.end(came["id"], day + timedelta(days=50))
            assert [one["member_id"] for one in await polls.vacant()] == [came["id"]]
    assert len(await polls.seated()) == 5


async def test_seats_that_an_election_left_vacant_are_filled_by_a_by_election(
    by_election: ByElection,
) -> None:
    """组织法 24: nobody held them, so nobody left them."""
    polls = by_election
    await Polls.freeze(polls, demo_today=None)
    standing = await polls.candidates()
    votes = {"chair": [15, 5], "vice_chair": [10, 10], "member": [18, 14, 11, 3]}
    await polls.voted(
        {
            contest: dict(zip(persons, votes[contest], strict=True))
            for contest, persons in standing.items()
        }
    )
    assert (await polls.post("/result"))["state"] == "second_ballot_due"
    await polls.post("/vacancies", {"reason": "副主任候选人均不愿再参加"})
    await polls.post("/accession", {})
    [handover] = (await polls.handovers())["items"]
    assert handover["deadline"] == str(ELECTION_DAY + timedelta(days=10)), "组织法 25"
    [vacancy] = await polls.vacant()
    assert (vacancy["position"], vacancy["left_on"]) == ("vice_chair", str(ELECTION_DAY))
    assert (vacancy["member_id"], vacancy["left_because"]) == (None, None)
    day = ELECTION_DAY + timedelta(days=50)
    made = await polls.begin(today=ELECTION_DAY, election_day=str(day))
    assert made["seats"] == {"vice_chair": 1}
    standing = await polls.until_candidates({"vice_chair": [20, 21]})
    votes_cast = dict(zip(standing["vice_chair"], [12, 8], strict=True))
    await polls.voted({"vice_chair": votes_cast}, day=day)
    await polls.post("/result")
    await polls.post("/accession", {})
    assert await polls.vacant() == []
    assert await polls.composition() == []
    assert verify(await polls.file()).faults == []


async def test_a_by_election_is_for_no_more_than_is_vacant(by_election: ByElection) -> None:
    polls = by_election
    body = polls.resolution(kind="by_election", seats={"member": 1}, demo_today=None)
    nothing = await polls.refused("", body, by=polls.local)
    assert nothing["code"] == "nothing_vacant"
    seated = await polls.seated()
    await polls.end(seated[1]["id"])
    more = {**body, "seats": {"chair": 1, "member": 2}}
    wrong = await polls.refused("", more, by=polls.local)
    assert [(one["pointer"], one["code"]) for one in wrong["errors"]] == [
        ("/seats/chair", "more_than_vacant"),
        ("/seats/member", "more_than_vacant"),
    ]
    late = await polls.refused("", {**body, "election_day": str(TERM_ENDS)}, by=polls.local)
    assert late["codes"] == ["term_over_by_then"]
    unknown = await polls.refused("", {**body, "woman_sitting": True}, by=polls.local)
    assert unknown["status"] == 422
    made = await polls.post("", {**body, "demo_today": str(START)}, by=polls.local)
    assert (made["kind"], made["demo"]) == ("by_election", True)


async def test_where_no_woman_sits_the_seat_of_a_by_election_stays_a_womans(
    by_election: ByElection,
) -> None:
    """组织法 8: the second committee has men alone."""
    polls = by_election
    polls.community = 1
    polls.__post_init__()
    await polls.end((await polls.seated())[0]["id"])
    made = await polls.begin()
    assert (made["seats"], made["woman_sitting"]) == ({"member": 1}, False)
    man, woman = 14, 15
    standing = await polls.until_candidates({"member": [man, woman]})
    votes = dict(zip(standing["member"], [15, 5], strict=True))
    await polls.voted({"member": votes})
    assert (await polls.post("/result"))["state"] == "second_ballot_due"
    [first] = (await polls.get("/result"))["rounds"]
    assert first["result"]["vacancies"] == [{"position": "member", "seats": 1, "women_only": True}]
    again = ELECTION_DAY + timedelta(days=7)
    await polls.post("/second-ballot", {"ballot_on": str(again)})
    candidates = [one for one in await polls.get("/candidates") if one["round"] == 2]
    assert [(one["contest"], one["sex"]) for one in candidates] == [("member_woman", "female")]
    await polls.voted({"member_woman": {candidates[0]["person"]: 11}}, marks=11, day=again)
    assert (await polls.post("/result"))["state"] == "elected"
    await polls.post("/accession", {})
    assert (await polls.seated())[-1]["name"] == f"选民{woman:04d}"
    assert "committee_without_woman" not in await polls.composition()
    assert verify(await polls.file()).faults == []
