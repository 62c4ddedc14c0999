"""The first community's groups and representatives, its supervision, and a recall up to its vote."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from services.cli.api import Api
from services.cli.demo.accounts import FIRST_COMMUNITY
from shared.kernel.clock import SystemClock

C = "/v1/committee"
GROUPS = (
    ("第一居民小组", 90, ("周玉兰", "钱进")),
    ("第二居民小组", 110, ("孙秀英", "李卫东")),
    ("第三居民小组", 80, ("吴桂香", "郑国强")),
)
REASONS = "连续三个月未按规定公布居务收支，经居务监督委员会两次书面督促仍未改正。"
DEFENCE = "公示栏七月因施工拆除，收支情况已在居民代表会议上逐项报告，有会议记录为证；今后按月公布。"
VOTE_IN_DAYS = 14


async def load(person: Callable[[str], Api]) -> None:
    """Tell it once; who of the demo acts is given by login."""
    supervisor, member = person("supervisor"), person("committee")
    if await supervisor.everything(f"{C}/recalls"):
        return
    listed = await member.everything(f"{C}/committees?limit=200")
    committee = next(one for one in listed if one["code"] == FIRST_COMMUNITY)
    base = f"{C}/committees/{committee['id']}"
    members = await member.everything(f"{base}/members?all=true&limit=200")
    number = max(one["term_number"] for one in members)
    seated = [one for one in members if one["term_number"] == number and not one["left_on"]]
    representatives = await _groups(member, committee["id"], number)
    await _bodies(member, base, number, seated, len(representatives))
    await _recall(person, seated[-1]["id"], representatives)


async def _post(who: Api, path: str, body: dict[str, Any] | None = None) -> Any:
    return (await who.request("POST", path, json=body)).json()


async def _groups(member: Api, committee: str, number: int) -> list[str]:
    """Three groups, each led by its first representative; the representatives' ids."""
    found = await member.everything(f"{C}/representatives?limit=200")
    own = {one["id"] for one in await member.everything(f"{C}/groups?committee_id={committee}")}
    if own:
        return [one["id"] for one in found if one["group_id"] in own]
    chosen = []
    for at, (name, households, people) in enumerate(GROUPS, 1):
        group = await _post(
            member,
            f"{C}/groups",
            {
                "committee_id": committee,
                "code": f"G{at:02d}",
                "name": name,
                "households": households,
                "formed_on": "2021-12-01",
            },
        )
        path = f"{C}/groups/{group['id']}"
        made = [
            await _post(
                member,
                f"{path}/representatives",
                {
                    "name": one,
                    "sex": "male" if place else "female",
                    "term_number": number,
                    "chosen_on": "2021-12-10",
                },
            )
            for place, one in enumerate(people)
        ]
        await _post(member, f"{path}/leader", {"representative_id": made[0]["id"]})
        chosen += [one["id"] for one in made]
    return chosen


async def _bodies(
    member: Api, base: str, number: int, seated: list[dict[str, Any]], entitled: int
) -> None:
    """A sub-committee led by a member, and a supervision committee."""
    if await member.everything(f"{base}/sub-committees"):
        return
    body = {"kind": "mediation", "name": "人民调解委员会", "established_on": "2021-12-20"}
    made = await _post(member, f"{base}/sub-committees", body)
    head = {"member_id": seated[1]["id"], "name": seated[1]["name"], "head": True}
    path = f"{C}/sub-committees/{made['id']}/members"
    await _post(member, path, {**head, "began_on": "2021-12-20"})
    meeting = {
        "kind": "representatives_meeting",
        "held_on": "2026-01-18",
        "entitled": entitled,
        "present": entitled,
        "in_favour": entitled,
        "document": "居民代表会议纪要〔2026〕1号",
    }
    for name, leads in (("罗建军", True), ("何秀珍", False), ("谢文", False)):
        person = {"name": name, "sex": "female" if name == "何秀珍" else "male", "head": leads}
        chosen = {**person, "term_number": number, "meeting": meeting}
        await _post(member, f"{base}/supervisors", chosen)


async def _recall(person: Callable[[str], Api], member_id: str, representatives: list[str]) -> None:
    """A third of the representatives petition; the member defends themselves; the vote is ahead."""
    today = SystemClock().today()
    supervisor, election = person("supervisor"), person("election")
    petition = {
        "member_id": member_id,
        "basis": "representatives",
        "form": "resident_representatives",
        "reasons": REASONS,
        "representatives": len(representatives),
        "roll_document": "第八届居民代表名单公告〔2021〕3号",
    }
    recall = await _post(person("representative"), f"{C}/recalls", petition)
    path = f"{C}/recalls/{recall['id']}"
    for id in representatives[: -(-len(representatives) // 3)]:
        signed = {"representative_id": id, "signed_on": today.isoformat()}
        await _post(supervisor, f"{path}/signatures", signed)
    await _post(person("representative"), f"{path}/submission")
    await _post(election, f"{path}/decision", {"outcome": "acceptance"})
    await _post(person("committee"), f"{path}/defence", {"statement": DEFENCE})
    vote = {
        "vote_on": (today + timedelta(days=VOTE_IN_DAYS)).isoformat(),
        "place": "航空路社区活动中心",
    }
    await _post(election, f"{path}/announcement", vote)
