"""At whatever point an election stands, `blockers` says what is missing and how to mend it; what it
names is what the step is refused for."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import update

from services.committee.organisation.models import Committee, Term
from shared.db.database import Database
from tests.services.committee.elections.conftest import ELECTION_DAY, START, Polls, Province
from tests.services.committee.elections.test_course import won

CLEAR = {"chair": [15, 5], "vice_chair": [12, 8], "member": [18, 14, 11, 3]}


async def missing(polls: Polls, step: str, body: Any = None) -> list[str]:
    """What is missing, in both languages; the step is refused for just that."""
    by_language = {}
    for language in ("zh-CN", "en"):
        headers = {**polls.holder, "Accept-Language": language}
        found = (await polls.get("/blockers", headers))["blockers"]
        assert all(one["detail"] and one["remedy"] for one in found), found
        by_language[language] = [one["code"] for one in found]
    assert by_language["zh-CN"] == by_language["en"]
    if by_language["en"]:
        refused = await polls.refused(step, body)
        assert (refused["code"], refused["codes"]) == ("blocked", by_language["en"])
    return by_language["en"]


async def test_before_the_roll_is_published(polls: Polls) -> None:
    found = await polls.post("", polls.resolution(form="household_representatives"), by=polls.local)
    polls.id = found["id"]
    assert await missing(polls, "/registration") == ["election_committee_incomplete"] * 3
    await polls.choose_committee()
    assert await missing(polls, "/registration") == []
    await polls.post("/registration")
    assert await missing(polls, "/roll/publication") == ["nobody_registered"]
    people = [polls.elector(place) for place in range(4)]
    await polls.post("/roll", {"declaration": "登记册", "electors": people})
    assert await missing(polls, "/roll/publication") == ["no_voters"]
    await polls.move(ELECTION_DAY - timedelta(days=19))
    assert await missing(polls, "/roll/publication") == ["no_voters", "published_too_late"]


async def test_between_the_roll_and_the_candidates(polls: Polls) -> None:
    await polls.resolve()
    await polls.register()
    await polls.post("/roll/publication")
    raised = await polls.post("/roll/objections", {"objector": "陈志强", "concerns": "遗漏"})
    assert await missing(polls, "/freeze") == ["objections_still_possible", "objections_undecided"]
    decision = {"outcome": "dismissed", "decision": "未登记"}
    await polls.post(f"/roll/objections/{raised['id']}/decision", decision)
    await polls.move(START + timedelta(days=6))
    assert await missing(polls, "/freeze") == []
    await polls.post("/freeze")
    await polls.numbers()
    assert await missing(polls, "/candidates") == ["too_few_candidates"] * 3
    for contest, places in {"chair": (10, 11), "vice_chair": (12, 13)}.items():
        for place in places:
            await polls.accepted(place, contest)
    for place in range(14, 17):
        await polls.accepted(place, "member")
    last = await polls.nominate(17, "member")
    assert await missing(polls, "/candidates") == ["nominations_open", "too_few_candidates"]
    await polls.post(f"/nominations/{last['id']}/review", {"qualified": True, "review": "无异议"})
    await polls.post(f"/nominations/{last['id']}/acceptance", {"accepted": True})
    gone = await polls.get(f"/roll/electors?number={polls.people[0]}&limit=200", polls.holder)
    elector = next(one for one in gone["items"] if one["number"] == polls.people[0])
    change = {"reason": "death", "note": "去世", "signed_by": polls.members[:2]}
    await polls.post("/roll/changes", {**change, "remove": [elector["id"]]})
    assert await missing(polls, "/candidates") == ["nominators_lost"]


async def test_until_the_vote_is_open(polls: Polls, province: Province) -> None:
    await province.prescribes("election.mobile_boxes", False)
    await polls.freeze()
    for contest, places in {
        "chair": (10, 11),
        "vice_chair": (12, 13),
        "member": range(14, 18),
    }.items():
        for place in places:
            await polls.accepted(place, contest)
    await polls.post("/candidates")
    people = polls.people
    proxy = {"principal": people[1], "holder": people[2], "document": "委托书", "reason": "外出"}
    await polls.post("/proxies", proxy)
    assert await missing(polls, "/opening") == [
        "not_met",
        "proxies_unpublished",
        "no_stations",
        "not_yet_the_day",
    ]
    today = (await polls.get())["today"]
    await polls.post("/meeting", {"held_on": today, "place": "说事厅", "note": "回答提问"})
    await polls.post("/proxies/publication")
    box = {"code": "M1", "name": "流动票箱", "kind": "mobile_box", "address": "各户"}
    await polls.post("/stations", {**box, "scrutineers": [{"name": "甲某"}]})
    await polls.move(ELECTION_DAY)
    assert await missing(polls, "/opening") == [
        "too_few_scrutineers",
        "station_without_ballots",
        "no_mobile_boxes",
    ]


async def test_while_votes_are_cast_and_counted(polls: Polls) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    one, two = await polls.stations()
    await polls.open_vote()
    assert await missing(polls, "/closing") == ["station_open"] * 2
    await polls.vote(one, range(16))
    at = f"{ELECTION_DAY}T01:00:00Z"
    marks = [{"elector": number, "marked_at": at} for number in polls.people[15:18]]
    await polls.post(f"/stations/{two['id']}/offline-marks", {"marks": marks})
    await polls.close(one, 16)
    await polls.close(two, 3)
    assert await missing(polls, "/closing") == []
    await polls.post("/closing")
    assert await missing(polls, "/result") == ["not_counted"] * 2 + ["marked_twice"]
    votes = {"chair": [10, 6], "vice_chair": [10, 6], "member": [12, 11, 10, 1]}
    await polls.count(one, 16, won(standing, votes))
    votes = {"chair": [2, 0], "vice_chair": [2, 0], "member": [2, 2, 2, 0]}
    await polls.count(two, 2, won(standing, votes))
    assert await missing(polls, "/result") == ["marked_twice"]
    [conflict] = (await polls.get("/mark-conflicts", polls.holder))["items"]
    decided = {"decision": "经查误勾，选票未发出"}
    await polls.post(f"/mark-conflicts/{conflict['id']}/decision", decided)
    assert await missing(polls, "/result") == []
    assert (await polls.post("/result"))["state"] == "elected"


async def test_where_nobody_can_stand_again_and_at_the_end(
    polls: Polls, committee_database: Database
) -> None:
    """Both who stood for vice chair are elected to other offices or withdrew: nobody is left."""
    await polls.freeze(seats={"chair": 1, "vice_chair": 1, "member": 3})
    standing = await polls.candidates(
        {"chair": (10, 11), "vice_chair": (10, 12), "member": (12, 14, 15, 16)}
    )
    twice = standing["chair"][0]
    votes = {
        "chair": {twice: 15, standing["chair"][1]: 5},
        "vice_chair": {twice: 10, standing["vice_chair"][1]: 10},
        "member": dict(zip(standing["member"], [18, 14, 13, 3], strict=True)),
    }
    await polls.voted(votes)
    assert (await polls.post("/result"))["state"] == "second_ballot_due"
    again = {"ballot_on": str(ELECTION_DAY + timedelta(days=7))}
    assert await missing(polls, "/second-ballot", again) == ["nobody_left"]
    await polls.post("/vacancies", {"reason": "候选人均已当选其他职务"})
    assert await missing(polls, "/accession", {}) == []
    committee = polls.small.committees[0]
    async with committee_database.transaction(polls.small.code) as session:
        latest = update(Term).where(Term.committee_id == committee)
        await session.execute(latest.values(starts_on=ELECTION_DAY))
    found = await polls.get("/blockers", polls.holder)
    assert [one["code"] for one in found["blockers"]] == ["term_exists"]
    assert str(ELECTION_DAY + timedelta(days=1)) in found["blockers"][0]["remedy"]
    assert (await polls.refused("/accession", {}))["code"] == "term_exists"
    async with committee_database.transaction(polls.small.code) as session:
        await session.execute(latest.values(starts_on=date(2021, 12, 1)))
        await session.execute(
            update(Committee).where(Committee.id == committee).values(ended_on=START)
        )
    found = await polls.get("/blockers", polls.holder)
    assert [one["code"] for one in found["blockers"]] == ["no_committee"]
    assert (await polls.refused("/accession", {}))["code"] == "no_committee"
    async with committee_database.transaction(polls.small.code) as session:
        await session.execute(
            update(Committee).where(Committee.id == committee).values(ended_on=None)
        )
    await polls.post("/accession", {})
    assert (await polls.get("/blockers", polls.holder))["blockers"] == []
