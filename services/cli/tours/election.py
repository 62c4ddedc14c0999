"""A whole election, from the resolution to the new term, by a clock of its own: what is refused on
the way and why, a tie that is not broken by the platform, a second ballot, and the verified log."""

from datetime import date, timedelta
from typing import Any

from services.cli.api import Api
from services.cli.demo.electing import ELECTIONS, NOMINATORS, STANDING, Electing, clear
from services.cli.demo.stories.elections import HOLDER, SECOND, TOUR
from services.cli.speech import CannotGoOn
from services.cli.tours.stage import Stage
from services.cli.verify_election import verify
from shared.kernel.clock import SystemClock
from shared.kernel.text import Text

PROXIES = {30: 10, 31: 10, 32: 10}
COMMITTEES = "/v1/committee/committees"


async def play(stage: Stage) -> None:
    """Play it as the election committee and a supervisor. Can be played again and again."""
    holder, second = stage.act_as(HOLDER), stage.act_as(SECOND)
    community, start = await _where_and_when(stage, holder)
    election = Electing(holder, second, community["id"], start)
    await _resolve(stage, election, community["name"])
    await _roll(stage, election)
    await _candidates(stage, election)
    await _vote(stage, election)
    await _decide(stage, election)
    await _second_ballot(stage, election)
    await _take_office(stage, election)
    await _verify(stage, election)


async def _where_and_when(stage: Stage, holder: Api) -> tuple[dict[str, Any], date]:
    """The tour's community, free of an earlier tour's election, and a day after its last term
    began."""
    listed = await holder.everything("/v1/workstation/communities?limit=200&state=active")
    community = next((one for one in listed if one["code"] == TOUR), None)
    if community is None:
        raise CannotGoOn(
            Text(
                zh=f"演示数据中没有社区 {TOUR}。请用 ./shequ up 加载演示数据。",
                en=f"There is no community {TOUR}. Load the demo with ./shequ up.",
            )
        )
    where = f"community_id={community['id']}"
    await clear(holder, community["id"], frozenset())
    committee = (await holder.everything(f"{COMMITTEES}?{where}&on=2099-01-01"))[0]
    terms = await holder.everything(f"{COMMITTEES}/{committee['id']}/terms")
    latest = max(date.fromisoformat(one["starts_on"]) for one in terms)
    return community, max(SystemClock().today(), latest + timedelta(days=1))


async def _refused(stage: Stage, election: Electing, path: str, body: Any = None) -> None:
    """Something the platform refuses, told with its reasons."""
    problem = await stage.refused(HOLDER, f"{ELECTIONS}/{election.id}{path}", body)
    stage.tell_refusal(problem)


async def _resolve(stage: Stage, election: Electing, name: str) -> None:
    stage.chapter(Text("一、决议和居民选举委员会", "1. The resolution and the election committee"))
    await election.resolve()
    stage.tell(
        Text(
            zh=f"{name}居民代表会议决议：由全体选民选举主任 1 人、副主任 1 人、委员 3 人，选举日 "
            f"{election.election_day}。这是演示选举，按自己的时钟 {election.start} 进行，与系统时间无关。",
            en=f"{name}: all electors elect a chair, a vice chair and three members on "
            f"{election.election_day}. It is a demonstration with a clock of its own, at "
            f"{election.start}; the system's clock is not touched.",
        )
    )


async def _roll(stage: Stage, election: Electing) -> None:
    stage.chapter(Text("二、选民名单", "2. The roll of electors"))
    found = await election.register()
    refused = next(one for one in found["electors"] if one["outcome"] == "refused")
    stage.tell(
        Text(
            zh=f"登记选民 {found['registered']} 人；不予登记 {found['refused']} 人：",
            en=f"{found['registered']} electors are registered and {found['refused']} is not:",
        )
    )
    for reason in refused["reasons"]:
        stage.tell(Text(*[f"  {refused['name']} {reason['detail']}"] * 2))
    await election.publish_roll()
    stage.tell(
        Text(
            zh="公布名单，编号随机抽取；当天就想确定名单：",
            en="The roll is published under numbers drawn at random. Freezing it the same day:",
        )
    )
    await _refused(stage, election, "/freeze")
    objection = {"objector": "陈志强", "concerns": "本人已在第2册登记，名单中没有"}
    raised = await election.post("/roll/objections", objection)
    missed = election.elector(election.electors)
    decision = {"outcome": "upheld", "decision": "登记册有记载，予以补入", "add": [missed]}
    await election.post(f"/roll/objections/{raised['id']}/decision", decision)
    await election.move(election.start + timedelta(days=6))
    late = {"objector": "迟来者", "concerns": "第六日才提出"}
    stage.tell(
        Text(
            zh="第三日内处理了一件异议，补入 1 人。第六日才提出的异议：",
            en="One objection was upheld and one elector added. Another comes on the sixth day:",
        )
    )
    await _refused(stage, election, "/roll/objections", late)
    frozen = await election.post("/freeze")
    stage.tell(
        Text(
            zh=f"确定名单：{frozen['electors']} 人，哈希 {frozen['roll_sha256'][:16]}…",
            en=f"The roll is frozen: {frozen['electors']} electors, hash "
            f"{frozen['roll_sha256'][:16]}…",
        )
    )


async def _candidates(stage: Stage, election: Electing) -> None:
    stage.chapter(Text("三、候选人", "3. The candidates"))
    nine = {
        "person": election.numbers[20],
        "contest": "chair",
        "by": "electors",
        "nominators": election.numbers[: NOMINATORS - 1],
    }
    stage.tell(Text(zh="九名选民联名提名：", en="Nine electors nominate:"))
    await _refused(stage, election, "/nominations", nine)
    for contest, places in STANDING.items():
        for place in places[:-1] if contest == "member" else places:
            await election.accept(await election.nominate(contest, place, party=place % 2 == 0))
    stage.tell(
        Text(zh="委员候选人与应选名额相等就想公布：", en="As many candidates as seats of members:")
    )
    await _refused(stage, election, "/candidates")
    kin = await election.holder.request(
        "POST",
        f"{ELECTIONS}/{election.id}/nominations",
        json={
            "person": election.numbers[STANDING["member"][-1]],
            "contest": "member",
            "by": "electors",
            "nominators": election.numbers[:NOMINATORS],
            "near_kin": [election.members[2]],
        },
    )
    await election.accept(kin.json())
    left = next(one for one in await election.get("/committee") if one["left_on"])
    stage.tell(
        Text(
            zh=f"再提名一人，其近亲属 {left['name']} 在选举委员会，自动退出并由候补依次递补。",
            en=f"One more is nominated, whose near kin {left['name']} leaves the election "
            "committee and is succeeded by the first alternate.",
        )
    )
    await election.publish_candidates()
    for principal, holder in PROXIES.items():
        await election.entrust(principal, holder)
    fourth = {
        "principal": election.numbers[33],
        "holder": election.numbers[10],
        "document": "委托书第33号",
        "reason": "住院",
    }
    stage.tell(Text(zh="同一人接受第四份委托：", en="A fourth proxy for the same elector:"))
    await _refused(stage, election, "/proxies", fourth)
    candidate = {**fourth, "holder": election.numbers[20]}
    stage.tell(Text(zh="委托候选人：", en="A proxy for a candidate:"))
    await _refused(stage, election, "/proxies", candidate)
    await election.post("/proxies/publication")


async def _vote(stage: Stage, election: Electing) -> None:
    stage.chapter(Text("四、投票和计票", "4. The vote and its count"))
    station, box = await election.stations()
    stage.tell(Text(zh="选举日之前就想开始投票：", en="Opening the vote before its day:"))
    await _refused(stage, election, "/opening")
    await election.move(election.election_day)
    await election.post("/opening")
    await election.hand_out(station, range(20), PROXIES)
    again = {"elector": election.numbers[0]}
    stage.tell(
        Text(zh="已领票的选民到流动票箱再领：", en="An elector comes to the mobile box as well:")
    )
    await _refused(stage, election, f"/stations/{box['id']}/marks", again)
    taken = await election.hand_out(box, range(19, 27), {})
    stage.tell(
        Text(
            zh=f"流动票箱离线标记 8 人，回来核对：{len(taken['conflicts'])} 人已在投票站领票，双方都保留并点名。",
            en=f"The box marked eight without a connection; {len(taken['conflicts'])} of them had "
            "been marked at the station: both are kept, and named.",
        )
    )
    for conflict in taken["conflicts"]:
        found = {"decision": "经查系误勾，流动票箱未发出选票，该张计入作废"}
        await election.post(f"/mark-conflicts/{conflict['id']}/decision", found)
    wrong = {"spoiled": 0, "unused": 10}
    stage.tell(Text(zh="投票站结束时选票对不上：", en="The station's ballots do not add up:"))
    await _refused(stage, election, f"/stations/{station['id']}/closing", wrong)
    await election.close(station, 23, spoiled=1)
    await election.close(box, 8)
    await election.post("/closing")
    votes = {"chair": [15, 8], "vice_chair": [11, 10], "member": [20, 17, 12, 12]}
    first = await election.sheet(station, 23, votes, by=election.holder, counter=0)
    stage.tell(
        Text(
            zh=f"第一份计票表已录入（{first['state']}），在第二份录入前不显示数字。第二人录入时主任得票差一票：",
            en=f"The first sheet is entered ({first['state']}) and hidden until the second one is. "
            "The second person's differs by one vote:",
        )
    )
    other = {**votes, "chair": [14, 8]}
    second = await election.sheet(station, 23, other, by=election.second, counter=1)
    stage.tell(Text(*[f"  ≠ {pointer}" for pointer in second["differences"][:1]] * 2))
    await election.count(station, 23, votes)
    await election.count(box, 7, {"chair": [4, 3], "vice_chair": [4, 3], "member": [6, 5, 4, 4]})


async def _decide(stage: Stage, election: Electing) -> None:
    stage.chapter(Text("五、结果", "5. The result"))
    found = await election.post("/result")
    result = await election.get("/result")
    stage.tell(
        Text(
            zh=f"过半数的人比应选名额多，省级规定未录入，平台不自行决定（{found['state']}）："
            f"{result['question']}",
            en=f"More have a majority than there are seats and no rule of the province is "
            f"recorded, so the platform does not decide ({found['state']}): {result['question']}",
        )
    )
    members = election.persons["member"]
    decision = {
        "contest": "member",
        "elected": members[:3],
        "how": "run_off",
        "votes": [
            {"person": person, "votes": votes}
            for person, votes in zip(members, (18, 16, 14, 9), strict=True)
        ],
        "source": "省选举办法（演示）：对票数相等的再次投票，得票多的当选",
    }
    short = await election.post("/seat-decisions", decision)
    stage.tell(
        Text(
            zh=f"再次投票并记录依据后：{short['state']}。",
            en=f"After a run-off, recorded with its source: {short['state']}.",
        )
    )


async def _second_ballot(stage: Stage, election: Electing) -> None:
    again = election.election_day + timedelta(days=7)
    await election.post("/second-ballot", {"ballot_on": again.isoformat()})
    await election.read_candidates(2)
    names = "、".join(election.names[one] for one in election.persons["vice_chair"])
    stage.tell(
        Text(
            zh=f"副主任无人过半数，{again} 另行选举，候选人：{names}。",
            en=f"Nobody had a majority for vice chair: a second ballot on {again} between {names}.",
        )
    )
    await election.move(again)
    station, box = await election.stations(first=1001)
    await election.post("/opening")
    await election.hand_out(station, range(18), {})
    await election.hand_out(box, range(18, 21), {})
    await election.close(station, 18)
    await election.close(box, 3)
    await election.post("/closing")
    await election.count(station, 18, {"vice_chair": [11, 7]})
    await election.count(box, 3, {"vice_chair": [1, 2]})
    await election.post("/result")
    result = await election.get("/result")
    for one in result["elected"]:
        line = f"  {one['position']:<11}{one['name']}  {one['votes']}  {one['certificate']}"
        stage.tell(Text(line, line))


async def _take_office(stage: Stage, election: Electing) -> None:
    acceded = await election.post("/accession", {})
    stage.tell(
        Text(
            zh=f"新一届自 {acceded['acceded_on']} 就任，十日内移交由街道监督（committees/handovers）。",
            en=f"The new term begins on {acceded['acceded_on']}; the street oversees the handover "
            "within ten days.",
        )
    )


async def _verify(stage: Stage, election: Electing) -> None:
    stage.chapter(Text("六、人人可验证", "6. Anyone can check it"))
    path = f"{ELECTIONS}/{election.id}/log/export"
    data = (await election.holder.request("GET", path)).content
    report = verify(data)
    for said in report.checked:
        stage.tell(Text(f"  ✓ {said.zh}", f"  ✓ {said.en}"))
    for fault in report.faults:
        stage.tell(Text(f"  ✗ {fault.zh}", f"  ✗ {fault.en}"))
    if report.faults:
        raise CannotGoOn(Text("选举日志未通过验证。", "The election's log is not right."))
    forged = data.replace(b'"votes":20', b'"votes":21', 1)
    caught = verify(forged).faults[0]
    stage.tell(
        Text(
            zh=f"把一个“20 票”改成“21 票”再验证：✗ {caught.zh}",
            en=f"With one “20 votes” changed into 21: ✗ {caught.en}",
        )
    )
