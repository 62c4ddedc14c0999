"""Who may see what of an election, and what stands nowhere."""

import json

import httpx
import pytest
from sqlalchemy import text

from services.committee.elections.chain import commitment
from shared.auth.principal import Role
from shared.db.database import Database
from tests.services.committee.elections.conftest import ELECTION_DAY, START, Polls
from tests.services.committee.elections.test_course import won

CLEAR = {"chair": [15, 5], "vice_chair": [12, 8], "member": [18, 14, 11, 3]}


async def test_the_log_names_no_elector_and_an_elector_finds_their_own_line(
    polls: Polls,
) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    await polls.voted(won(standing, CLEAR))
    await polls.post("/result")
    file = (await polls.file()).decode()
    names = [f"选民{place:04d}" for place in range(30)]
    shown = {name for name in names if name in file}
    assert shown == {f"选民{place:04d}" for place in range(10, 18)}, "candidates alone are named"
    listed = (await polls.get("/roll/electors?q=0003", polls.holder))["items"][0]
    receipt = await polls.get(f"/roll/electors/{listed['id']}/receipt", polls.holder)
    line = next(one for one in json.loads(file)["roll"] if one["number"] == receipt["number"])
    opened = commitment(receipt["salt"], receipt["id"], receipt["name"])
    assert line["commitment"] == receipt["commitment"] == opened


async def test_nothing_stored_joins_a_ballot_to_an_elector(
    polls: Polls, committee_database: Database
) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    await polls.voted(won(standing, CLEAR))
    async with committee_database.read(polls.small.code) as session:
        mark = (await session.execute(text("SELECT * FROM roll_mark LIMIT 1"))).mappings().one()
        audit = await session.execute(
            text(
                "SELECT before, after FROM audit_event WHERE action = 'election.ballot_handed_out'"
            )
        )
        assert {tuple(row) for row in audit} == {(None, None)}, "the audit does not say who came"
        kept = await session.execute(
            text("SELECT row_to_json(elector)::text FROM elector WHERE name = '选民0001'")
        )
    assert not {"serial", "ballot", "votes"} & set(mark)
    assert "421002198" not in kept.scalar_one(), "identity numbers are not kept"


async def test_names_are_for_the_community_and_numbers_for_the_election_committee(
    polls: Polls, other_polls: Polls
) -> None:
    await polls.freeze()
    public = await polls.get("/roll")
    assert (public["electors"], "name" in str(public)) == (30, False)
    resident = polls.who(Role.RESIDENT)
    notice = await polls.get("/roll/notice?limit=5", resident)
    assert notice["items"][0]["name"].startswith("选民")
    assert "number" not in notice["items"][0]
    path = f"/v1/committee/elections/{polls.id}"
    neighbour = other_polls.who(Role.RESIDENT)
    for ask, headers, status in (
        ("/roll/notice", neighbour, 404),
        ("/roll/electors", resident, 403),
        ("/roll/electors", polls.second, 403),
        ("/mark-conflicts", polls.who(Role.COMMITTEE_MEMBER), 403),
        ("/blockers", neighbour, 404),
    ):
        assert (await polls.client.get(path + ask, headers=headers)).status_code == status
    stranger = await polls.client.post(f"{path}/cancellation", json={}, headers=other_polls.holder)
    assert stranger.status_code == 404
    foreign = await polls.client.get(f"{path}?district=999999")
    assert foreign.status_code == 404


async def test_a_real_election_has_no_clock_of_its_own(polls: Polls) -> None:
    await polls.resolve(demo_today=None)
    assert (await polls.get())["demo"] is False
    refused = await polls.refused("/demo-clock", {"today": str(ELECTION_DAY)})
    assert refused["code"] == "no_demonstration"


async def test_demonstrations_are_refused_where_they_are_not_allowed(
    polls: Polls, committee: httpx.AsyncClient
) -> None:
    answer = await committee.post(
        "/v1/committee/elections",
        json=polls.resolution(demo_today=str(START), election_day="2098-12-12"),
        headers=polls.local,
    )
    assert [one["code"] for one in answer.json()["errors"]] == ["no_demonstrations"]


async def test_a_demonstrations_clock_goes_forward_only(polls: Polls) -> None:
    await polls.resolve()
    back = await polls.refused("/demo-clock", {"today": str(START.replace(day=1))})
    assert back["codes"] == ["clock_backwards"]


async def test_those_elected_take_office_and_a_new_term_begins(polls: Polls) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    await polls.voted(won(standing, CLEAR))
    early = await polls.refused("/accession", {})
    assert early["code"] == "step_not_possible"
    await polls.post("/result")
    before = await polls.refused("/accession", {"starts_on": str(START)})
    assert before["codes"] == ["before_the_election"]
    found = await polls.post("/accession", {})
    assert (found["state"], found["acceded_on"]) == ("in_office", str(ELECTION_DAY))
    committee = polls.small.committees[0]
    address = f"/v1/committee/committees/{committee}"
    terms = (await polls.client.get(f"{address}/terms?district={polls.small.code}")).json()["items"]
    assert (terms[0]["number"], terms[0]["starts_on"]) == (7, str(ELECTION_DAY))
    members = (
        await polls.client.get(f"{address}/members?district={polls.small.code}&on={ELECTION_DAY}")
    ).json()["items"]
    assert [one["position"] for one in members] == ["chair", "vice_chair", *["member"] * 3]
    again = await polls.resolve(election_day="2027-06-01")
    assert again["state"] == "resolved", "the community is free for its next election"


@pytest.mark.parametrize("day", ["2026-02-02", str(START)])
async def test_an_election_day_lies_ahead(polls: Polls, day: str) -> None:
    problem = await polls.refused("", polls.resolution(election_day=day), by=polls.local)
    assert problem["codes"] == ["election_day_too_soon"]
