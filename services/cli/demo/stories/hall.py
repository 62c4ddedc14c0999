"""The talk hall today: what residents say at present, a sitting to come, work in progress. The year
before is an ordinary file of settled matters."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from services.cli.api import Api

HALL = "/v1/committee/hall"
SHANGHAI = timedelta(hours=8)
SITTING_DAYS = (5, 15, 25)
MATTERS: tuple[dict[str, Any], ...] = (
    {
        "title": "5号楼一层下水道反水",
        "content": "下水道这几天反水到厨房，气味很大，请尽快疏通。",
        "category": "facilities",
        "place": "5号楼一层",
        "channel": "phone",
        "contact": {"name": "刘先生", "phone": "13900000001"},
    },
    {
        "title": "小广场广场舞音量太大",
        "content": "晚上九点以后音响还很大，孩子没法写作业，希望商量一个时间和音量。",
        "category": "noise",
        "place": "小广场",
        "channel": "in_person",
        "anonymous": True,
    },
    {
        "title": "楼道电动车充电有隐患",
        "content": "12栋一单元有人把电动车推进楼道充电，希望建集中充电棚。",
        "category": "safety",
        "place": "12栋一单元",
        "channel": "phone",
    },
    {
        "title": "希望老年食堂周末也开",
        "content": "独居老人周末做饭不方便，希望周末也能供应午餐。",
        "category": "care",
        "channel": "in_person",
    },
    {
        "title": "南门停车堵住消防通道",
        "content": "南门两侧晚上停满车，消防车进不来，请划禁停线。",
        "category": "parking",
        "place": "南门",
        "channel": "in_person",
    },
)


async def load(act_as: Callable[[str], Api]) -> None:
    """Tell it once."""
    clerk, member = act_as("clerk"), act_as("committee")
    told = await clerk.everything(f"{HALL}/matters?limit=1&q={MATTERS[0]['title']}")
    if told:
        return
    place = await _community(clerk)
    ids = []
    for matter in MATTERS:
        made = await _post(clerk, "matters", {"community_id": place, **matter})
        ids.append(made["id"])
    drain, dance, charging, canteen, _parking = ids
    for id in (drain, dance, charging, canteen):
        await _post(member, f"matters/{id}/acceptance", {})
    for login, id in (("resident", dance), ("representative", dance), ("resident", charging)):
        await _post(act_as(login), f"matters/{id}/support")
    body = {"handler": "workstation", "request": "请联系疏通队，当天到场。"}
    await _post(member, f"matters/{drain}/handover", body)
    await _post(
        act_as("representative"), f"matters/{canteen}/comments", {"body": "我家老人也需要。"}
    )
    sitting = {
        "community_id": place,
        "topic": "小广场活动时间与充电棚选址",
        "held_on": _next_sitting_day(),
        "place": "社区一楼议事厅",
    }
    made = await _post(member, "sittings", sitting)
    for id in (dance, charging):
        await _post(member, f"sittings/{made['id']}/agenda", {"matter_id": id})
    guest = {"kind": "department", "name": "陈工", "organisation": "区消防救援大队"}
    await _post(member, f"sittings/{made['id']}/participants", guest)


async def _community(api: Api) -> str:
    me = (await api.request("GET", "/v1/me")).json()
    found: str = next(grant["scope_id"] for grant in me["grants"] if grant["scope_id"])
    return found


async def _post(api: Api, path: str, body: Any = None) -> Any:
    return (await api.request("POST", f"{HALL}/{path}", json=body)).json()


def _next_sitting_day() -> str:
    day = (datetime.now(UTC) + SHANGHAI).date() + timedelta(days=1)
    while day.day not in SITTING_DAYS:
        day += timedelta(days=1)
    return day.isoformat()
