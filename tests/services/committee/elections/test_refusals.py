"""What is refused says what happened, why, and what to do next, in the reader's language."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.services.committee.elections.conftest import ELECTION_DAY, START, Polls, id_number
from tests.services.committee.elections.test_course import won

STATION = {"code": "S1", "name": "投票站", "kind": "station", "address": "航空路"}


async def refused(polls: Polls, path: str, body: Any = None, **options: Any) -> list[str]:
    """The codes of a refusal that both a Chinese and an English reader can act on."""
    chinese, english = [
        await polls.refused(path, body, headers={"Accept-Language": language}, **options)
        for language in ("zh-CN", "en")
    ]
    for problem in (chinese, english):
        assert problem["code"] != "conflict", "a constraint speaks instead of the platform"
        assert all(one["detail"] and one["remedy"] for one in problem["errors"]), problem
    assert chinese["detail"] != english["detail"]
    for one, other in zip(chinese["errors"], english["errors"], strict=True):
        assert one["detail"] != other["detail"], one
        assert one["remedy"] != other["remedy"], one
    assert chinese["codes"] == english["codes"]
    return [chinese["code"], *chinese["codes"]]


async def test_before_the_roll_is_frozen(polls: Polls) -> None:
    late = polls.resolution(resolved_on=str(START + timedelta(days=1)))
    assert await refused(polls, "", late, by=polls.local) == ["invalid", "resolved_in_future"]
    found = await polls.post("", polls.resolution(), by=polls.local)
    polls.id = found["id"]
    chair = {"name": "周建国", "id_number": id_number(1), "post": "chair"}
    body = {"members": [chair], "resolution": "居民代表会议推选"}
    assert await refused(polls, "/committee", body, by=polls.local) == [
        "invalid",
        "election_committee_posts",
    ]
    twice = await polls.refused("/committee", body, by=polls.local)
    assert "Missing: member, vice chair." in twice["errors"][0]["detail"]
    await polls.choose_committee()
    one = {"declaration": "登记册", "electors": [polls.elector(1)]}
    assert await refused(polls, "/roll", one) == ["not_registering"]
    await polls.post("/registration")
    represents = {**one, "electors": [polls.elector(1, represents="000001")]}
    assert await refused(polls, "/roll", represents) == ["invalid", "all_vote"]
    voters = {"voters": [{"elector_id": str(uuid4()), "unit": "000001"}]}
    assert await refused(polls, "/roll/voters", voters) == ["all_vote"]
    change = {
        "reason": "moved",
        "note": "迁出",
        "remove": [str(uuid4())],
        "signed_by": [str(uuid4())],
    }
    change["signed_by"] = polls.members[:2]
    assert await refused(polls, "/roll/changes", change) == ["roll_not_changeable"]
    assert await refused(polls, "/result") == ["step_not_possible"]


async def test_while_candidates_are_nominated(polls: Polls) -> None:
    await polls.freeze()
    people = polls.people
    nomination = {"person": people[20], "contest": "chair", "by": "electors"}
    nomination["nominators"] = people[:10]
    party = {**nomination, "by": "party", "document": "党委〔2026〕1号"}
    assert await refused(polls, "/nominations", party) == ["invalid", "party_nominates_alone"]
    stranger = {**nomination, "near_kin": [str(uuid4())]}
    assert await refused(polls, "/nominations", stranger) == ["invalid", "member_unknown"]
    made = await polls.post("/nominations", nomination)
    assert await refused(polls, "/nominations", nomination) == ["nominated_already"]
    acceptance = f"/nominations/{made['id']}/acceptance"
    assert await refused(polls, acceptance, {"accepted": True}) == ["nomination_state"]
    problem = await polls.refused(acceptance, {"accepted": True})
    assert "waiting for its review" in problem["detail"]
    again = polls.elector(3)
    change = {"reason": "omission", "note": "遗漏", "add": [again], "signed_by": polls.members[:2]}
    assert await refused(polls, "/roll/changes", change) == ["elector_registered"]
    proxy = {"principal": people[1], "holder": people[2], "document": "委托书", "reason": "外出"}
    assert await refused(polls, "/proxies", proxy) == ["proxies_closed"]
    body: dict[str, Any] = {**STATION}
    body["scrutineers"] = [{"name": "甲某"}]
    assert await refused(polls, "/stations", body) == ["not_now"]


async def test_while_the_vote_is_prepared_held_and_counted(polls: Polls) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    people = polls.people
    ahead = {"held_on": str(ELECTION_DAY), "place": "说事厅", "note": "回答提问"}
    assert await refused(polls, "/meeting", ahead) == ["invalid", "meeting_day"]
    proxy = {"principal": 9999, "holder": people[2], "document": "委托书", "reason": "外出"}
    assert await refused(polls, "/proxies", proxy) == ["invalid", "elector_unknown"]
    body: dict[str, Any] = {**STATION}
    unknown = [{"name": "甲某", "member_id": str(uuid4())}, {"name": "乙某", "elector": 9999}]
    assert await refused(polls, "/stations", {**body, "scrutineers": unknown}) == [
        "invalid",
        "member_unknown",
        "elector_unknown",
    ]
    station = (await polls.stations({"S1": "station"}))[0]
    path = f"/stations/{station['id']}"
    for serials, code in (((30, 20), "serials_reversed"), ((100, 120), "serials_taken")):
        ballots = {"first": serials[0], "last": serials[1]}
        assert await refused(polls, f"{path}/ballots", ballots) == ["invalid", code]
    late = {**body, "code": "S2", "scrutineers": [{"name": "甲某"}]}
    assert await refused(polls, "/stations", late) == ["ballots_given_out"]
    early = {"elector": people[1]}
    assert await refused(polls, f"{path}/marks", early) == ["not_now"]
    await polls.open_vote()
    for mark, codes in (
        ({"elector": 9999}, ["elector_unknown"]),
        ({"elector": people[1], "holder": people[2]}, ["no_holder_in_person"]),
        ({"elector": people[1], "channel": "proxy"}, ["proxy_not_published"]),
        ({"elector": people[1], "channel": "electronic"}, ["online_channel_off"]),
    ):
        assert await refused(polls, f"{path}/marks", mark) == ["invalid", *codes]
    at = f"{ELECTION_DAY}T01:00:00Z"
    lost = {"marks": [{"elector": 9999, "marked_at": at}, {"elector": people[1], "marked_at": at}]}
    assert await refused(polls, f"{path}/offline-marks", lost) == ["invalid", "elector_unknown"]
    for day in (ELECTION_DAY - timedelta(days=1), ELECTION_DAY + timedelta(days=1)):
        mark = {"elector": people[1], "marked_at": f"{day}T04:00:00Z"}
        assert await refused(polls, f"{path}/offline-marks", {"marks": [mark]}) == [
            "invalid",
            "marked_on_another_day",
        ]
    await polls.vote(station, range(20))
    assert await refused(polls, f"{path}/marks", {"elector": people[0]}) == ["marked_already"]
    told = await polls.refused(f"{path}/marks", {"elector": people[0]})
    assert "12:00" in told["detail"], "the station's clock, not UTC"
    void = {"reason": "多出选票", "source": "选举委员会决定"}
    assert await refused(polls, f"{path}/voiding", void) == ["station_not_voidable"]
    votes = won(standing, {"chair": [15, 5], "vice_chair": [12, 8], "member": [18, 14, 11, 3]})
    sheet = await polls.sheet(station, 20, votes, counter=0)
    await polls.close(station, 20)
    assert await refused(polls, "/count-sheets", sheet) == ["not_now"], "others may vote still"
    assert await refused(polls, f"{path}/marks", {"elector": people[25]}) == ["station_closed"]
    assert await refused(polls, f"{path}/closing", {"spoiled": 0, "unused": 80}) == [
        "station_closed"
    ]
    await polls.post("/closing")
    decision = {"contest": "chair", "elected": [standing["chair"][0]], "how": "other"}
    decision["source"] = "湖北省选举办法"
    assert await refused(polls, "/seat-decisions", decision) == ["nothing_to_decide"]
    await polls.post("/count-sheets", sheet)
    assert await refused(polls, "/count-sheets", sheet) == ["two_persons_needed"]
    second = await polls.sheet(station, 20, votes, counter=1)
    copied = {**second, "photograph_id": sheet["photograph_id"]}
    assert await refused(polls, "/count-sheets", copied, by=polls.second) == [
        "invalid",
        "photograph_used",
    ]
    await polls.post("/count-sheets", second, by=polls.second)
    assert await refused(polls, "/count-sheets", second, by=polls.second) == ["not_counting"]
    assert (await polls.post("/result"))["state"] == "elected"
    past = {"starts_on": str(START)}
    assert await refused(polls, "/accession", past) == ["invalid", "before_the_election"]
