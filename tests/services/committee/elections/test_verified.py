"""Whatever way an election goes, its exported log is found right by the standalone verifier."""

from datetime import date, timedelta

import pytest

from services.cli.verify_election import verify
from shared.auth.principal import Role
from tests.services.committee.elections.conftest import ELECTION_DAY, START, Polls
from tests.services.committee.elections.test_course import won

CLEAR = {"chair": [15, 5], "vice_chair": [12, 8], "member": [18, 14, 11, 3]}


async def _require_verified(polls: Polls) -> None:
    report = verify(await polls.file())
    assert [fault.en for fault in report.faults] == []
    assert report.checked


async def test_a_plain_election_with_objections_changes_proxies_and_succession(
    polls: Polls,
) -> None:
    await polls.resolve()
    await polls.register(30)
    await polls.post("/roll/publication")
    missed = await polls.post(
        "/roll/objections",
        {"objector": "陈志强", "concerns": "本人已登记，名单中没有"},
        by=polls.who(Role.RESIDENT),
    )
    await polls.move(START + timedelta(days=2))
    decided = await polls.post(
        f"/roll/objections/{missed['id']}/decision",
        {"outcome": "upheld", "decision": "登记册有记载，补入", "add": [polls.elector(40)]},
    )
    assert decided["state"] == "upheld"
    wrong = await polls.post(
        "/roll/objections", {"objector": "王五", "concerns": "某人不在本社区居住"}
    )
    await polls.post(
        f"/roll/objections/{wrong['id']}/decision",
        {"outcome": "dismissed", "decision": "经查属实在本社区常住"},
    )
    await polls.move(START + timedelta(days=6))
    frozen = await polls.post("/freeze")
    assert (frozen["electors"], frozen["voters"]) == (31, 31)
    people = await polls.numbers()
    gone = (await polls.get("/roll/electors?q=0029", polls.holder))["items"][0]
    changed = await polls.post(
        "/roll/changes",
        {
            "reason": "death",
            "note": "11月8日去世",
            "remove": [gone["id"]],
            "signed_by": polls.members[:2],
        },
    )
    assert (changed["electors"], changed["roll_sha256"] == frozen["roll_sha256"]) == (30, False)
    standing = await polls.candidates()
    for principal, holder in ((20, 22), (21, 22)):
        await polls.post(
            "/proxies",
            {
                "principal": people[principal],
                "holder": people[holder],
                "document": "委托书",
                "reason": "外出务工",
            },
        )
    await polls.post("/proxies/publication")
    station = await polls.station()
    await polls.open_vote()
    await polls.vote(station, range(19))
    proxy = {"elector": people[20], "channel": "proxy", "holder": people[22]}
    await polls.post(f"/stations/{station['id']}/marks", proxy)
    await polls.close(station, 20, spoiled=1)
    await polls.post("/closing")
    await polls.count(station, 20, won(standing, CLEAR))
    await polls.post("/result")
    await _require_verified(polls)


async def test_a_second_ballot_fills_what_the_first_left_open(polls: Polls) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    first = {"chair": [15, 5], "vice_chair": [10, 10], "member": [18, 14, 8, 3]}
    await polls.voted(won(standing, first))
    short = await polls.post("/result")
    assert short["state"] == "second_ballot_due"
    again = ELECTION_DAY + timedelta(days=7)
    await polls.post("/second-ballot", {"ballot_on": str(again)})
    candidates = [one for one in await polls.get("/candidates") if one["round"] == 2]
    assert {one["person"] for one in candidates if one["contest"] == "vice_chair"} == set(
        standing["vice_chair"]
    )
    assert {one["person"] for one in candidates if one["contest"] == "member"} == set(
        standing["member"][2:]
    )
    votes = {
        "vice_chair": dict(zip(standing["vice_chair"], [7, 6], strict=True)),
        "member": dict(zip(standing["member"][2:], [5, 8], strict=True)),
    }
    await polls.voted(votes, marks=13, day=again)
    found = await polls.post("/result")
    assert found["state"] == "elected"
    result = await polls.get("/result")
    elected = {one["person"] for one in result["elected"] if one["round"] == 2}
    assert elected == {standing["vice_chair"][0], standing["member"][3]}
    await _require_verified(polls)


async def test_nobody_reaches_a_third_and_the_seat_stays_vacant(polls: Polls) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    await polls.voted(won(standing, {**CLEAR, "vice_chair": [10, 10]}))
    await polls.post("/result")
    again = ELECTION_DAY + timedelta(days=7)
    await polls.post("/second-ballot", {"ballot_on": str(again)})
    votes = {"vice_chair": dict(zip(standing["vice_chair"], [4, 3], strict=True))}
    await polls.voted(votes, marks=13, day=again)
    assert (await polls.post("/result"))["state"] == "second_ballot_due"
    closed = await polls.post("/vacancies", {"reason": "两次投票均未选出，另行补选"})
    assert closed["state"] == "elected"
    assert len((await polls.get("/result"))["elected"]) == 4
    await _require_verified(polls)


async def test_a_tie_stops_until_the_decision_of_the_province_is_recorded(polls: Polls) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    await polls.voted(won(standing, {**CLEAR, "member": [18, 13, 12, 12]}))
    stopped = await polls.post("/result")
    assert stopped["state"] == "undecided"
    problem = await polls.refused("/second-ballot", {"ballot_on": str(ELECTION_DAY)})
    assert problem["code"] == "step_not_possible"
    asked = await polls.get("/blockers", polls.holder)
    assert [one["code"] for one in asked["blockers"]] == ["votes_do_not_decide"]
    await _require_verified(polls)
    taken = standing["member"][:3]
    decision = {
        "contest": "member",
        "elected": taken,
        "how": "other",
        "source": "湖北省城市居民委员会选举办法 第三十一条",
    }
    wrong = await polls.refused("/seat-decisions", {**decision, "elected": taken[:2]})
    assert wrong["codes"] == ["does_not_answer"]
    found = await polls.post("/seat-decisions", decision)
    assert found["state"] == "elected"
    result = await polls.get("/result")
    assert result["decisions"][0]["question"] == "over_election"
    await _require_verified(polls)


async def test_a_void_round_says_why_and_is_repeated(polls: Polls) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    few = {"chair": [9, 5], "vice_chair": [8, 6], "member": [12, 9, 8, 3]}
    await polls.voted(won(standing, few), marks=15)
    void = await polls.post("/result")
    assert void["state"] == "invalid"
    round = (await polls.get("/result"))["rounds"][0]["result"]
    assert (round["valid"], round["reasons"], round["elected"]) == (False, ["turnout"], [])
    again = ELECTION_DAY + timedelta(days=14)
    repeated = {"ballot_on": str(again), "reason": "参加投票人数未过半数"}
    await polls.post("/repetition", repeated)
    await polls.voted(won(standing, CLEAR), day=again)
    assert (await polls.post("/result"))["state"] == "elected"
    await _require_verified(polls)


async def test_an_election_day_is_moved_with_its_reason(polls: Polls) -> None:
    await polls.resolve()
    moved = date(2026, 12, 26)
    version = (await polls.get())["version"]
    await polls.post(
        "/postponement",
        {"election_day": str(moved), "reason": "持续暴雪", "source": "居民选举委员会决定"},
        headers={"If-Match": f'"v{version}"'},
    )
    await polls.register()
    await polls.move(moved - timedelta(days=20))
    await polls.post("/roll/publication")
    await polls.move(moved - timedelta(days=14))
    await polls.post("/freeze")
    await polls.numbers()
    standing = await polls.candidates()
    await polls.voted(won(standing, CLEAR), day=moved)
    await polls.post("/result")
    await _require_verified(polls)


async def test_a_cancelled_election_keeps_its_log(polls: Polls) -> None:
    await polls.resolve()
    found = await polls.post(
        "/cancellation", {"reason": "社区撤并", "source": "沙区政发〔2026〕3号"}
    )
    assert found["state"] == "cancelled"
    assert (await polls.refused("/registration"))["code"] == "step_not_possible"
    await _require_verified(polls)


@pytest.mark.parametrize(
    ("form", "voters"), [("household_representatives", 15), ("resident_representatives", 12)]
)
async def test_households_or_representatives_vote_in_their_forms(
    polls: Polls, form: str, voters: int
) -> None:
    await polls.resolve(form=form)
    await polls.register(30)
    listed = (await polls.get("/roll/electors?limit=200", polls.holder))["items"]
    if form == "household_representatives":
        named = [
            {"elector_id": one["id"], "unit": one["household"]}
            for one in listed
            if int(one["name"][2:]) % 2 == 0
        ]
    else:
        named = [
            {"elector_id": one["id"], "unit": f"第{place % 3}居民小组"}
            for place, one in enumerate(listed[:voters])
        ]
    assert (await polls.post("/roll/voters", {"voters": named}))["named"] == voters
    await polls.post("/roll/publication")
    await polls.move(START + timedelta(days=6))
    frozen = await polls.post("/freeze")
    assert (frozen["electors"], frozen["voters"]) == (30, voters)
    people = await polls.numbers()
    standing = await polls.candidates()
    station = await polls.station()
    await polls.open_vote()
    votes_at = [
        one["number"]
        for one in (await polls.get("/roll/electors?limit=200", polls.holder))["items"]
        if one["votes"]
    ]
    silent = next(number for number in people if number not in votes_at)
    mark = f"/stations/{station['id']}/marks"
    assert (await polls.refused(mark, {"elector": silent}))["codes"] == ["does_not_vote"]
    for number in votes_at[:9]:
        await polls.post(mark, {"elector": number})
    await polls.close(station, 9)
    await polls.post("/closing")
    votes = {"chair": [6, 3], "vice_chair": [5, 4], "member": [8, 7, 6, 0]}
    await polls.count(station, 9, won(standing, votes))
    found = await polls.post("/result")
    assert found["state"] == "elected"
    await _require_verified(polls)


async def test_article_19_a_third_of_the_ballots_is_enough_in_a_second_ballot(
    polls: Polls,
) -> None:
    """4 of 12 are a third; 4 of 13, above, are not. Few may come to a second ballot."""
    await polls.freeze()
    standing = await polls.candidates()
    await polls.voted(won(standing, {**CLEAR, "vice_chair": [10, 10]}))
    await polls.post("/result")
    again = ELECTION_DAY + timedelta(days=7)
    await polls.post("/second-ballot", {"ballot_on": str(again)})
    votes = {"vice_chair": dict(zip(standing["vice_chair"], [4, 3], strict=True))}
    await polls.voted(votes, marks=12, day=again)
    assert (await polls.post("/result"))["state"] == "elected"
    await _require_verified(polls)
