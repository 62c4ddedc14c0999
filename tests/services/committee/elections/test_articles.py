"""What the law's articles refuse, and say why."""

from datetime import date, timedelta

from services.cli.verify_election import verify
from shared.auth.principal import Role
from tests.services.committee.elections.conftest import (
    ELECTION_DAY,
    JPEG,
    START,
    Polls,
    id_number,
)
from tests.services.committee.elections.test_course import won

ONE = timedelta(days=1)


async def test_article_16_who_is_excluded_is_refused_with_the_reasons(polls: Polls) -> None:
    await polls.resolve()
    await polls.post("/registration")
    of_age = ELECTION_DAY.replace(year=ELECTION_DAY.year - 18)
    worker = {"basis": "community_worker"}
    people = [
        polls.elector(1, id_number=id_number(1, born=of_age)),
        polls.elector(2, id_number=id_number(1, born=of_age + ONE)),
        polls.elector(3, rights=False),
        polls.elector(4, **worker, works_here_since="2026-06-12"),
        polls.elector(5, **worker, works_here_since="2026-06-13"),
        polls.elector(6, **worker),
        polls.elector(1, id_number=id_number(1, born=of_age)),
    ]
    found = await polls.post("/roll", {"declaration": "登记册", "electors": people})
    reasons = [
        (one["outcome"], [reason["code"] for reason in one["reasons"]]) for one in found["electors"]
    ]
    assert reasons == [
        ("registered", []),
        ("refused", ["too_young"]),
        ("refused", ["deprived_of_rights"]),
        ("registered", []),
        ("refused", ["worked_too_short"]),
        ("refused", ["worked_too_short"]),
        ("registered_before", []),
    ]
    assert {rule["key"] for rule in found["rules"]} == {
        "election.elector_age",
        "election.worker_months_for_non_resident",
    }
    again = await polls.post("/roll", {"declaration": "登记册", "electors": people[:1]})
    assert again["registered_before"] == 1
    bad = await polls.refused(
        "/roll", {"declaration": "登记册", "electors": [polls.elector(9, id_number="123")]}
    )
    assert bad["errors"][0]["pointer"] == "/electors/0/id_number"


async def test_article_17_the_roll_is_published_on_the_twentieth_day_before_and_no_later(
    polls: Polls, other_polls: Polls
) -> None:
    last = ELECTION_DAY - timedelta(days=20)
    for one, day in ((polls, last), (other_polls, last + ONE)):
        await one.resolve()
        await one.register()
        await one.move(day)
    assert (await polls.post("/roll/publication"))["state"] == "roll_published"
    late = await other_polls.refused("/roll/publication")
    assert late["codes"] == ["published_too_late"]
    assert str(ELECTION_DAY + ONE) in late["errors"][0]["remedy"]


async def test_article_17_objections_are_taken_until_the_fifth_day_and_decided_by_the_third(
    polls: Polls,
) -> None:
    await polls.resolve()
    await polls.register()
    early = await polls.refused("/roll/objections", {"objector": "甲", "concerns": "遗漏"})
    assert early["code"] == "no_objections_now"
    await polls.post("/roll/publication")
    await polls.move(START + timedelta(days=5))
    body = {"objector": "陈志强", "concerns": "名单遗漏"}
    made = await polls.post("/roll/objections", body, by=polls.who(Role.RESIDENT))
    assert made["due_on"] == str(START + timedelta(days=8))
    assert made["objector"] == "陈**"
    await polls.move(START + timedelta(days=6))
    late = await polls.refused("/roll/objections", body)
    assert (late["code"], late["rules"][0]["value"]) == ("objection_too_late", 5)
    assert (await polls.refused("/freeze"))["codes"] == ["objections_undecided"]
    await polls.move(START + timedelta(days=8))
    listed = await polls.get("/roll/objections", polls.holder)
    assert listed["items"][0]["overdue"] is False
    await polls.move(START + timedelta(days=9))
    listed = await polls.get("/roll/objections", polls.holder)
    assert listed["items"][0]["overdue"] is True
    decision = f"/roll/objections/{made['id']}/decision"
    wrong = await polls.refused(decision, {"outcome": "upheld", "decision": "应补入"})
    assert wrong["codes"] == ["changes_do_not_fit"]
    await polls.post(decision, {"outcome": "dismissed", "decision": "未登记"})
    again = await polls.refused(decision, {"outcome": "dismissed", "decision": "未登记"})
    assert again["code"] == "objection_decided"
    assert (await polls.post("/freeze"))["state"] == "roll_frozen"
    [breach] = verify(await polls.file()).faults
    assert f"it had to be decided by {START + timedelta(days=8)}" in breach.en


async def test_article_17_the_roll_is_not_frozen_on_the_last_day_of_objections(
    polls: Polls,
) -> None:
    await polls.resolve()
    await polls.register()
    await polls.post("/roll/publication")
    await polls.move(START + timedelta(days=5))
    assert (await polls.refused("/freeze"))["codes"] == ["objections_still_possible"]
    await polls.move(START + timedelta(days=6))
    assert (await polls.post("/freeze"))["roll_frozen_on"] == str(START + timedelta(days=6))


async def test_a_change_of_the_frozen_roll_needs_two_members_of_the_election_committee(
    polls: Polls,
) -> None:
    await polls.freeze()
    elector = (await polls.get("/roll/electors?q=0003", polls.holder))["items"][0]["id"]
    body = {"reason": "moved", "note": "迁往外地", "remove": [elector]}
    for signed in ([polls.members[0]] * 2, [polls.members[0], polls.members[5]]):
        wrong = await polls.refused("/roll/changes", {**body, "signed_by": signed})
        assert wrong["codes"] == ["two_signatures"]
    found = await polls.post("/roll/changes", {**body, "signed_by": polls.members[:2]})
    assert found["electors"] == 29
    twice = await polls.refused("/roll/changes", {**body, "signed_by": polls.members[:2]})
    assert twice["code"] == "not_found"


async def test_who_stands_or_has_a_proxy_is_not_taken_off_the_roll_unnoticed(
    polls: Polls,
) -> None:
    """A candidate who died would be elected, a holder who moved away would vote."""
    await polls.freeze()
    standing = await polls.candidates()
    people = polls.people
    await polls.post(
        "/proxies",
        {"principal": people[1], "holder": people[2], "document": "委托书", "reason": "外出"},
    )
    listed = (await polls.get("/roll/electors?limit=200", polls.holder))["items"]
    ids = {one["number"]: one["id"] for one in listed}
    body = {"reason": "moved", "note": "迁往外地", "signed_by": polls.members[:2]}

    async def code(place: int) -> str:
        change = {**body, "remove": [ids[people[place]]]}
        found: str = (await polls.refused("/roll/changes", change))["code"]
        return found

    assert [await code(1), await code(2)] == ["proxy_stands"] * 2
    assert await code(14) == "candidate_stands"
    register = (await polls.get("/proxies/register", polls.holder))["items"]
    await polls.post(f"/proxies/{register[0]['id']}/revocation", {"reason": "受托人迁出"})
    await polls.post(f"/candidates/{standing['member'][0]}/withdrawal", {"reason": "迁往外地"})
    gone = [ids[people[place]] for place in (2, 14)]
    found = await polls.post("/roll/changes", {**body, "remove": gone})
    assert found["electors"] == 28


async def test_article_18_ten_electors_nominate_each_once_and_on_the_roll(polls: Polls) -> None:
    await polls.freeze()
    people = polls.people

    async def codes(nominators: list[int], **changed: object) -> list[str]:
        body = {"person": people[20], "contest": "chair", "by": "electors"}
        problem = await polls.refused("/nominations", {**body, "nominators": nominators, **changed})
        found: list[str] = problem["codes"]
        return found

    assert await codes(people[:9]) == ["too_few_nominators"]
    assert await codes([*people[:9], people[0]]) == ["nominator_repeated", "too_few_nominators"]
    assert await codes([*people[:9], 999_999]) == ["elector_unknown", "too_few_nominators"]
    assert await codes(people[:10], person=999_999) == ["elector_unknown"]
    assert await codes(people[:10], contest="king") == ["contest_unknown"]
    assert await codes([], by="party") == ["document_missing"]
    await polls.nominate(20, "chair")
    twice = {"person": people[20], "contest": "chair", "by": "party", "document": "党委〔2026〕1号"}
    assert (await polls.refused("/nominations", twice))["code"] == "nominated_already"


async def test_article_18_whom_the_law_excludes_is_refused_on_its_ground(polls: Polls) -> None:
    await polls.freeze()
    made = await polls.nominate(20, "chair")
    path = f"/nominations/{made['id']}"
    for body in (
        {"qualified": False, "review": "联审"},
        {"qualified": True, "ground": "criminal_punishment", "review": "联审"},
        {"qualified": False, "ground": "declined", "review": "联审"},
    ):
        assert (await polls.refused(f"{path}/review", body))["codes"] == ["ground_needed"]
    early = await polls.refused(f"{path}/acceptance", {"accepted": True})
    assert early["code"] == "nomination_state"
    found = await polls.post(
        f"{path}/review",
        {"qualified": False, "ground": "criminal_punishment", "review": "联审回复"},
    )
    assert (found["state"], found["ground"]) == ("refused", "criminal_punishment")
    assert (await polls.nominate(20, "chair"))["state"] == "submitted"


async def test_article_18_candidates_exceed_the_seats(polls: Polls) -> None:
    await polls.freeze()
    for place, contest in ((10, "chair"), (11, "chair"), (12, "vice_chair"), (13, "vice_chair")):
        await polls.accepted(place, contest)
    for place in (14, 15, 16):
        await polls.accepted(place, "member")
    pending = await polls.nominate(17, "member")
    blocked = await polls.refused("/candidates")
    assert blocked["codes"] == ["nominations_open", "too_few_candidates"]
    await polls.post(
        f"/nominations/{pending['id']}/review", {"qualified": True, "review": "无异议"}
    )
    await polls.post(f"/nominations/{pending['id']}/acceptance", {"accepted": True})
    assert (await polls.post("/candidates"))["state"] == "candidates_published"


async def test_article_18_a_candidate_who_stands_down_may_have_to_be_replaced(
    polls: Polls,
) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    gone = standing["chair"][0]
    await polls.post(f"/candidates/{gone}/withdrawal", {"reason": "因病退出"})
    await polls.station()
    await polls.move(ELECTION_DAY)
    assert (await polls.refused("/opening"))["codes"] == ["too_few_candidates"]


async def test_article_18_the_candidates_are_published_anew_before_ballots_are_given_out(
    polls: Polls,
) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    gone = standing["chair"][0]
    await polls.post(f"/candidates/{gone}/withdrawal", {"reason": "因病退出"})
    new = await polls.accepted(20, "chair")
    await polls.post("/candidates")
    shown = [one for one in await polls.get("/candidates") if one["contest"] == "chair"]
    there = {one["person"] for one in shown if one["withdrawn_on"] is None}
    assert there == {standing["chair"][1], new}
    await polls.station()
    late = await polls.refused(
        "/nominations",
        {"person": polls.people[21], "contest": "chair", "by": "party", "document": "党委推荐"},
    )
    assert late["code"] == "not_now"


async def test_article_15_who_is_nominated_or_whose_kin_is_leaves_and_is_succeeded(
    polls: Polls,
) -> None:
    await polls.resolve()
    await polls.post("/registration")
    member = polls.elector(0, id_number=id_number(1, born=date(1960, 5, 1)))
    people = [member, *(polls.elector(place) for place in range(1, 30))]
    await polls.post("/roll", {"declaration": "登记册", "electors": people})
    await polls.post("/roll/publication")
    await polls.move(START + timedelta(days=6))
    await polls.post("/freeze")
    await polls.numbers()
    await polls.nominate(0, "chair")
    serving = {one["id"]: one for one in await polls.get("/committee")}
    left = serving[polls.members[1]]
    assert (left["left_because"], left["successor_id"]) == ("nominated", polls.members[5])
    assert serving[polls.members[5]]["post"] == "vice_chair"
    await polls.nominate(20, "member", near_kin=[polls.members[2]])
    third = {
        "person": polls.people[21],
        "contest": "member",
        "by": "electors",
        "nominators": polls.people[:10],
        "near_kin": [polls.members[3]],
    }
    assert (await polls.refused("/nominations", third))["code"] == "no_alternate"
    chosen = {"name": "新推选", "id_number": id_number(30, born=date(1960, 5, 1))}
    body = {"members": [{**chosen, "post": "member"}], "resolution": "居民代表会议另行推选"}
    wrong = await polls.refused("/committee", body, by=polls.local)
    assert wrong["code"] == "election_committee_formed"
    body["members"] = [{**chosen, "post": "alternate"}]
    await polls.post("/committee", body, by=polls.local)
    await polls.post("/nominations", third)
    serving = {one["id"]: one for one in await polls.get("/committee")}
    assert serving[polls.members[2]]["successor_id"] == polls.members[6]
    left = serving[polls.members[3]]
    assert (left["left_because"], serving[left["successor_id"]]["name"]) == (
        "kin_nominated",
        "新推选",
    )


async def test_article_19_proxies_three_a_holder_never_a_candidate_one_a_principal(
    polls: Polls,
) -> None:
    await polls.freeze()
    await polls.candidates()
    people = polls.people

    def proxy(principal: int, holder: int) -> dict[str, object]:
        return {
            "principal": people[principal],
            "holder": people[holder],
            "document": "委托书",
            "reason": "外出务工",
        }

    assert (await polls.refused("/proxies", proxy(1, 10)))["codes"] == ["candidate_holds_no_proxy"]
    assert (await polls.refused("/proxies", proxy(1, 1)))["codes"] == ["proxy_to_oneself"]
    for principal in (1, 2, 3):
        await polls.post("/proxies", proxy(principal, 9))
    fourth = await polls.refused("/proxies", proxy(4, 9))
    assert (fourth["code"], fourth["rules"][0]["value"]) == ("too_many_proxies", 3)
    assert (await polls.refused("/proxies", proxy(1, 8)))["code"] == "proxy_given"
    assert (await polls.refused("/proxies", proxy(5, 1)))["codes"] == ["holder_gave_a_proxy"]
    assert (await polls.refused("/proxies", proxy(9, 5)))["codes"] == ["principal_holds_a_proxy"]
    await polls.station()
    await polls.move(ELECTION_DAY)
    assert (await polls.refused("/opening"))["codes"] == ["proxies_unpublished"]
    await polls.post("/proxies/publication")
    shown = (await polls.get("/proxies"))["items"]
    assert len(shown) == 3
    assert all(one["holder_name"].endswith("*") for one in shown)
    named = (await polls.get("/proxies/notice", polls.who(Role.RESIDENT)))["items"]
    assert {one["holder_name"] for one in named} == {"选民0009"}
    register = (await polls.get("/proxies/register", polls.holder))["items"]
    await polls.post(f"/proxies/{register[0]['id']}/revocation", {"reason": "本人回来投票"})
    assert len((await polls.get("/proxies"))["items"]) == 2


async def test_article_19_where_representatives_vote_there_are_no_proxies(polls: Polls) -> None:
    await polls.resolve(form="resident_representatives")
    await polls.register()
    listed = (await polls.get("/roll/electors?limit=200", polls.holder))["items"]
    voters = [{"elector_id": one["id"], "unit": "第一居民小组"} for one in listed]
    await polls.post("/roll/voters", {"voters": voters})
    await polls.post("/roll/publication")
    await polls.move(START + timedelta(days=6))
    await polls.post("/freeze")
    await polls.numbers()
    await polls.candidates()
    problem = await polls.refused(
        "/proxies",
        {
            "principal": polls.people[1],
            "holder": polls.people[2],
            "document": "委托书",
            "reason": "外出",
        },
    )
    assert problem["codes"] == ["no_proxies_for_representatives"]


async def test_article_19_the_vote_opens_on_its_day_with_three_scrutineers_and_ballots(
    polls: Polls,
) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    body = {"code": "S1", "name": "投票站", "kind": "station", "address": "航空路"}
    candidate = await polls.refused("/stations", {**body, "scrutineers": [{"name": "选民0010"}]})
    assert candidate["codes"] == ["candidate_counts"]
    made = await polls.post("/stations", {**body, "scrutineers": [{"name": "甲"}, {"name": "乙"}]})
    taken = await polls.refused("/stations", {**body, "scrutineers": [{"name": "丙"}]})
    assert taken["code"] == "code_taken"
    assert (await polls.refused("/opening"))["codes"] == [
        "too_few_scrutineers",
        "station_without_ballots",
        "not_yet_the_day",
    ]
    serials = f"/stations/{made['id']}/ballots"
    await polls.post(serials, {"first": 1, "last": 50})
    overlap = await polls.refused(serials, {"first": 50, "last": 60})
    assert overlap["codes"] == ["serials_taken"]
    assert standing


async def test_article_19_ballots_that_do_not_add_up_are_refused(polls: Polls) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    station = await polls.station()
    await polls.open_vote()
    mark = f"/stations/{station['id']}/marks"
    await polls.vote(station, range(20))
    again = await polls.refused(mark, {"elector": polls.people[0]})
    assert again["code"] == "marked_already"
    off = await polls.refused(mark, {"elector": polls.people[21], "channel": "electronic"})
    assert off["codes"] == ["online_channel_off"]
    closing = f"/stations/{station['id']}/closing"
    wrong = await polls.refused(closing, {"spoiled": 1, "unused": 80})
    assert wrong["codes"] == ["ballots_do_not_add_up"]
    await polls.post(closing, {"spoiled": 1, "unused": 79})
    closed = await polls.refused(mark, {"elector": polls.people[22]})
    assert closed["code"] == "station_closed"
    await polls.post("/closing")
    good = won(standing, {"chair": [15, 5], "vice_chair": [12, 8], "member": [18, 14, 11, 3]})

    async def codes(received: int, votes: dict[str, dict[str, int]]) -> list[str]:
        body = await polls.sheet(station, received, votes, counter=0)
        found: list[str] = (await polls.refused("/count-sheets", body))["codes"]
        return found

    assert await codes(21, good) == ["more_received_than_handed_out"]
    chair = dict.fromkeys(standing["chair"], 15)
    assert await codes(20, {**good, "chair": chair}) == ["more_votes_than_seats"]
    assert await codes(
        20, {**good, "chair": {standing["chair"][0]: 21, standing["chair"][1]: 0}}
    ) == [
        "more_votes_than_ballots",
        "more_votes_than_seats",
    ]
    assert await codes(20, {**good, "chair": {standing["chair"][0]: 15}}) == ["sheet_candidates"]
    assert await codes(20, {"chair": good["chair"]}) == ["sheet_contests"]
    body = await polls.sheet(station, 20, good, counter=0)
    body["contests"][0]["void"] = 1
    assert (await polls.refused("/count-sheets", body))["codes"] == ["sheet_does_not_add_up"]
    body = await polls.sheet(station, 20, good, counter=0)
    chair = body["contests"][0]["votes"]
    chair.append({**chair[0], "votes": 0})
    assert (await polls.refused("/count-sheets", body))["codes"] == ["person_repeated"]
    body = await polls.sheet(station, 20, good, counter=0)
    body["photograph_id"] = station["id"]
    assert (await polls.refused("/count-sheets", body))["codes"] == ["photograph_missing"]
    body["counted_by"] = station["id"]
    assert "not_a_counter" in (await polls.refused("/count-sheets", body))["codes"]


async def test_article_19_two_persons_count_apart_and_differences_are_counted_again(
    polls: Polls,
) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    station = await polls.station()
    await polls.open_vote()
    await polls.vote(station, range(20))
    await polls.close(station, 20)
    await polls.post("/closing")
    good = won(standing, {"chair": [15, 5], "vice_chair": [12, 8], "member": [18, 14, 11, 3]})
    first = await polls.post("/count-sheets", await polls.sheet(station, 20, good, counter=0))
    assert (first["state"], first["received"], first["contests"]) == ("waiting", None, None)
    assert "count_sheet" not in [
        one["kind"] for one in (await polls.get("/log?limit=200"))["items"]
    ]
    for by, counter in ((polls.holder, 1), (polls.second, 0)):
        same = await polls.sheet(station, 20, good, counter=counter)
        assert (await polls.refused("/count-sheets", same, by=by))["code"] == "two_persons_needed"
    other = {**good, "chair": dict(zip(standing["chair"], [14, 6], strict=True))}
    body = await polls.sheet(station, 20, other, counter=1)
    second = await polls.post("/count-sheets", body, by=polls.second)
    assert second["state"] == "differs"
    assert len(second["differences"]) == 2
    assert (await polls.refused("/result"))["codes"] == ["not_counted"]
    await polls.count(station, 20, good)
    sheets = await polls.get("/count-sheets")
    assert [(one["attempt"], one["state"]) for one in sheets] == [
        (1, "differs"),
        (1, "differs"),
        (2, "agreed"),
        (2, "agreed"),
    ]
    photograph = await polls.client.get(
        f"/v1/committee/elections/{polls.id}/files/{sheets[0]['photograph_id']}"
        f"?district={polls.small.code}"
    )
    assert photograph.content == JPEG
    assert (await polls.post("/result"))["state"] == "elected"


async def test_a_box_with_too_many_ballots_is_voided_by_a_recorded_decision(polls: Polls) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    one, two = await polls.stations()
    await polls.open_vote()
    await polls.vote(one, range(16))
    await polls.vote(two, range(16, 18))
    await polls.close(one, 16)
    await polls.close(two, 2)
    await polls.post("/closing")
    votes = {"chair": [12, 4], "vice_chair": [10, 6], "member": [14, 12, 10, 1]}
    await polls.count(one, 16, won(standing, votes))
    voided = await polls.post(
        f"/stations/{two['id']}/voiding", {"reason": "多出选票", "source": "选举委员会决定"}
    )
    assert voided["voided_because"] == "多出选票"
    found = await polls.post("/result")
    assert found["state"] == "elected"
    result = (await polls.get("/result"))["rounds"][0]["result"]
    assert result["participants"] == 16


async def test_article_8_a_committee_has_five_to_nine_members_and_one_chair(polls: Polls) -> None:
    async def codes(**seats: int) -> list[str]:
        body = polls.resolution(seats=seats)
        found: list[str] = (await polls.refused("", body, by=polls.local))["codes"]
        return found

    assert await codes(chair=1, member=3) == ["seats_out_of_range"]
    assert await codes(chair=1, vice_chair=1, member=8) == ["seats_out_of_range"]
    assert await codes(chair=2, member=4) == ["one_chair"]
    assert await codes() == ["seats_out_of_range", "one_chair", "no_seats"]
    await polls.resolve()
    polls.id = ""
    running = await polls.refused("", polls.resolution(), by=polls.local)
    assert running["code"] == "election_running"
