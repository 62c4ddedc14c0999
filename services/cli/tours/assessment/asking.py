"""Departments ask: what is refused and why, what needs no visit, what the Leading Group decides."""

from typing import Any

from services.cli.api import Api
from services.cli.demo.stories.assessment.standard import STANDARDS
from services.cli.tours.assessment.play import (
    BASE,
    EMERGENCY,
    EMPLOYMENT,
    POLICE,
    Play,
)
from shared.kernel.text import Text

REQUESTS = f"{BASE}/requests"
OWN = {"code": "TOUR-WJ", "title": "老年人建档情况", "content": "抽查老年人健康档案。"}
PARTLY = {"code": "TOUR-ZF", "title": "一村一警落实情况", "content": "查看值守、巡逻和走访记录。"}
FIRST, LAST = 30, 43
"""Days from the tour's beginning within which departments want to come."""


async def ask(here: Play) -> None:
    """The health bureau's system as it used to and then properly; then the others."""
    here.chapter("二、部门申请，自动审查", "2. Departments ask, and are answered at once")
    police = here.stage.act_as(POLICE)
    await _map(here, here.system, OWN, "T2", "equal")
    await _map(here, police, PARTLY, "T1", "subset")
    await _badly(here)
    await _twice_the_same_material(here)
    await _others(here, police)
    await _decide(here)


async def _map(here: Play, api: Api, own: dict[str, str], code: str, relation: str) -> None:
    known = await api.everything(f"{BASE}/department-items?limit=200")
    made = next((one for one in known if one["code"] == own["code"]), None)
    if made is None:
        made = (await api.request("POST", f"{BASE}/department-items", json=own)).json()
    mapping = {"department_item_id": made["id"], "item_code": code, "relation": relation}
    await api.request("POST", f"{STANDARDS}/{here.standard['id']}/mappings", json=mapping)


def _request(here: Play, reference: str, title: str, *items: Any, **changed: Any) -> dict[str, Any]:
    return {
        "reference": f"{reference}-{here.number}",
        "title": title,
        "kind": "inspection",
        "level": "district",
        "legal_basis": "演示：有关法律法规",
        "standard_id": here.standard["id"],
        "items": [{"code": one} if isinstance(one, str) else one for one in items],
        "targets": {"communities": [one["id"] for one in here.communities]},
        "starts_on": here.day(FIRST),
        "ends_on": here.day(LAST),
        "minutes_on_site": 60,
        "inspectors_per_day": 8,
        **changed,
    }


async def _badly(here: Play) -> None:
    title = "卫生健康工作检查"
    hasty = _request(
        here, "WJ", title, "T9", {"code": OWN["code"], "veto": True},
        legal_basis="", starts_on=here.day(3), ends_on=here.day(5),
    )  # fmt: skip
    made = (await here.system.request("POST", REQUESTS, json=hasty)).json()
    seen = await _submit(here.system, made["id"])
    here.tell(
        f"卫健部门的系统申请“{title}”，没有依据，三天后就要开始，查标准里没有的项目，还要一票否决：",
        f"The health bureau's system asks for “{title}” without a legal basis, to start in three "
        "days, with an item that no standard has and another as a veto:",
    )
    _told_returned(here, seen)
    proper = _request(here, "WJ", title, {"code": OWN["code"], "material": True}, "T3")
    mended = {name: proper[name] for name in ("legal_basis", "items", "starts_on", "ends_on")}
    found = await here.system.request("GET", f"{REQUESTS}/{made['id']}")
    await here.system.request(
        "PATCH",
        f"{REQUESTS}/{made['id']}",
        json=mended,
        headers={"If-Match": found.headers["etag"]},
    )
    seen = await _submit(here.system, made["id"])
    here.tell("按提示改正后重新提交：", "Mended as told and submitted again:")
    await _told_verdicts(here, here.system, seen)
    await _approve(here, seen)


async def _twice_the_same_material(here: Play) -> None:
    again = _request(here, "RS", "老年人情况报送", {"code": "T2", "material": True})
    seen = await _asked(here, here.stage.act_as(EMPLOYMENT), again)
    here.tell(
        "人社部门又要求社区报送同一份材料：",
        "The employment bureau wants the same material from communities again:",
    )
    _told_returned(here, seen)


async def _others(here: Play, police: Api) -> None:
    told = "政法委要查“一村一警”，统一标准只覆盖其中一部分，所以不能算已有："
    here.tell(
        told,
        "The political and legal committee asks for an item of which the standard's is only a "
        "part: what is partly covered never counts as covered:",
    )
    seen = await _asked(
        here, police, _request(here, "ZF", "综合治理检查", PARTLY["code"], "T1", "T4")
    )
    await _told_verdicts(here, police, seen)
    await _approve(here, seen)
    emergency = here.stage.act_as(EMERGENCY)
    narrow = _request(
        here, "YJ", "消防夜查", "T4",
        ends_on=here.day(FIRST + 4), minutes_on_site=240, inspectors_per_day=2,
    )  # fmt: skip
    seen = await _asked(here, emergency, narrow)
    here.tell(
        "应急局只有一个组，要在几天内查完八个社区，每处半天：",
        "The emergency bureau has one team, a few days, and half a day for each community:",
    )
    await _told_verdicts(here, emergency, seen)
    await _approve(here, seen)


async def _asked(here: Play, api: Api, request: dict[str, Any]) -> dict[str, Any]:
    made = (await api.request("POST", REQUESTS, json=request)).json()
    return await _submit(api, made["id"])


async def _submit(api: Api, id: str) -> dict[str, Any]:
    seen: dict[str, Any] = (await api.request("POST", f"{REQUESTS}/{id}/submission")).json()
    return seen


def _told_returned(here: Play, seen: dict[str, Any]) -> None:
    problem = {
        "status": seen["state"],
        "detail": here.stage.in_language(Text("退回修改。", "To be mended.")),
        "errors": seen["screening"]["issues"],
        "rules": seen["screening"]["rules"],
    }
    here.told.refused(here.stage, problem)


async def _told_verdicts(here: Play, api: Api, seen: dict[str, Any]) -> None:
    counts = ", ".join(f"{name} {number}" for name, number in seen["verdicts"].items() if number)
    here.tell(
        f"  {seen['reference']}：{seen['state']}；{seen['communities']} 个社区的结论：{counts}；"
        f"需上门的社区 {seen['communities_to_visit']} 个。",
        f"  {seen['reference']}: {seen['state']}; verdicts in {seen['communities']} communities: "
        f"{counts}; a visit is needed in {seen['communities_to_visit']}.",
    )
    page = (await api.request("GET", f"{REQUESTS}/{seen['id']}/screening?limit=200")).json()
    shown: set[tuple[str, str]] = set()
    for one in page["items"]:
        if (one["code"], one["verdict"]) not in shown:
            shown.add((one["code"], one["verdict"]))
            until = f" → {one['valid_until']}" if one["valid_until"] else ""
            line = f"    {one['code']} {one['verdict']} ({one['reason']}, § {one['rule']}){until}"
            here.tell(line, line)


async def _decide(here: Play) -> None:
    path = f"{REQUESTS}/{next(iter(here.approved.values()))}/decision"
    here.tell("已经批准的，另一位再来否决：", "What was approved, somebody else comes to reject:")
    await here.refused("leading", path, {"outcome": "rejection", "reason": "演示"})
    known = await here.stage.act_as("stations").everything(f"{BASE}/campaigns?limit=200")
    ours = [one for one in known if one["standard_id"] == here.standard["id"]]
    here.tell(
        f"领导小组批准 {len(here.approved)} 件。部署之前，社区看得到的：{len(ours)} 件。",
        f"The Leading Group approves {len(here.approved)}. Before the announcement communities see "
        f"{len(ours)} of it.",
    )


async def _approve(here: Play, seen: dict[str, Any]) -> None:
    decision = {"outcome": "approval", "document": f"沙社建组〔{here.today.year}〕演示号"}
    await here.stage.post("leading", f"{REQUESTS}/{seen['id']}/decision", decision)
    here.approved[seen["reference"]] = seen["id"]
