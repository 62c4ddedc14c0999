"""An election from its resolution to the declared result, as who holds it meets it."""

from datetime import timedelta

from tests.services.committee.elections.conftest import ELECTION_DAY, START, Polls


def won(standing: dict[str, list[str]], votes: dict[str, list[int]]) -> dict[str, dict[str, int]]:
    """Votes by contest and person, in the order of the candidates."""
    return {
        contest: dict(zip(persons, votes[contest], strict=True))
        for contest, persons in standing.items()
    }


async def test_an_election_is_held_from_the_resolution_to_the_result(polls: Polls) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    votes = {"chair": [15, 5], "vice_chair": [12, 8], "member": [18, 14, 11, 3]}
    await polls.voted(won(standing, votes))
    found = await polls.post("/result")
    assert (found["state"], found["elected_on"]) == ("elected", str(ELECTION_DAY))
    result = await polls.get("/result")
    assert [(one["position"], one["votes"]) for one in result["elected"]] == [
        ("chair", 15),
        ("vice_chair", 12),
        *(("member", one) for one in sorted([18, 14, 11], key=lambda n: _place(standing, n))),
    ]
    assert result["rounds"][0]["result"]["participants"] == 20
    log = await polls.get("/log?limit=200")
    kinds = [entry["kind"] for entry in log["items"]]
    assert kinds[0] == "opened"
    assert kinds[-2:] == ["result", "closed"]


def _place(standing: dict[str, list[str]], votes: int) -> str:
    return standing["member"][[18, 14, 11, 3].index(votes)]


async def test_the_blockers_say_at_each_step_what_is_missing(polls: Polls) -> None:
    async def codes() -> set[str]:
        found = await polls.get("/blockers", polls.holder)
        return {one["code"] for one in found["blockers"]}

    await polls.post("", polls.resolution(), by=polls.local)
    listed = await polls.client.get(f"/v1/committee/elections?district={polls.small.code}")
    polls.id = listed.json()["items"][0]["id"]
    assert await codes() == {"election_committee_incomplete"}
    assert (await polls.refused("/registration"))["codes"] == ["election_committee_incomplete"] * 3


async def test_the_blockers_follow_the_election(polls: Polls) -> None:
    async def codes() -> set[str]:
        found = await polls.get("/blockers", polls.holder)
        return {one["code"] for one in found["blockers"]}

    await polls.resolve()
    assert await codes() == set()
    await polls.post("/registration")
    assert await codes() == {"nobody_registered"}
    people = [polls.elector(place) for place in range(30)]
    await polls.post("/roll", {"declaration": "登记册", "electors": people})
    await polls.post("/roll/publication")
    assert await codes() == {"objections_still_possible"}
    await polls.move(START + timedelta(days=6))
    assert await codes() == set()
    await polls.post("/freeze")
    assert await codes() == {"too_few_candidates"}
    await polls.numbers()
    standing = await polls.candidates()
    assert await codes() == {"no_stations", "not_yet_the_day"}
    station = await polls.station()
    await polls.move(ELECTION_DAY)
    assert await codes() == set()
    await polls.post("/opening")
    assert await codes() == {"station_open"}
    await polls.vote(station, range(20))
    await polls.close(station, 20)
    await polls.post("/closing")
    assert await codes() == {"not_counted"}
    votes = {"chair": [15, 5], "vice_chair": [12, 8], "member": [18, 14, 11, 3]}
    await polls.count(station, 20, won(standing, votes))
    assert await codes() == set()
