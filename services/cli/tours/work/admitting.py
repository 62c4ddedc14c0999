"""An item is refused with all its reasons, mended, admitted, and taken out again."""

from datetime import timedelta
from typing import Any

from services.cli.api import Api
from services.cli.tours.stage import Stage
from services.cli.tours.work.told import Told
from shared.kernel.clock import SystemClock
from shared.kernel.text import Text

ITEMS = "/v1/admission/items"
PREFIX = "TOUR-"
TITLE = "社区急救培训场地协助"


async def apply(stage: Stage, system: Api, told: Told) -> None:
    """The health bureau applies as it used to, then properly."""
    stage.chapter(Text("一、申请准入", "1. An item is applied for"))
    await _take_out_earlier(stage, system)
    today = SystemClock().today()
    code = f"{PREFIX}{SystemClock().now():%Y%m%d%H%M%S%f}"
    item = {
        "code": code,
        "title": TITLE,
        "list": "assistance",
        "content": "提供活动室并通知居民参加急救培训，登记到场人数。",
        "standard": "每场到场不少于二十人",
        "starts_on": (today + timedelta(days=3)).isoformat(),
        "ends_on": (today + timedelta(days=300)).isoformat(),
    }
    made = (await system.request("POST", ITEMS, json=item)).json()
    seen = await _submit(system, made["id"])
    stage.tell(
        Text(
            zh=f"卫健部门申请“{TITLE}”，没有依据、没有经费、三天后就要开始。自动审查退回：",
            en=f"The health bureau applies for “{TITLE}” without a legal basis, without money, to "
            "start in three days. The screening returns it:",
        )
    )
    told.refused(stage, _as_problem(stage, seen))
    mended = {
        "legal_basis": "基本医疗卫生与健康促进法 27",
        "funding": {
            "basis": "per_community",
            "amount": 80_000,
            "total": 6_640_000,
            "source_line": "2100408 基本公共卫生服务",
        },
        "starts_on": (today + timedelta(days=75)).isoformat(),
    }
    found = await system.request("GET", f"{ITEMS}/{made['id']}")
    await system.request(
        "PATCH", f"{ITEMS}/{made['id']}", json=mended, headers={"If-Match": found.headers["etag"]}
    )
    seen = await _submit(system, made["id"])
    stage.tell(
        Text(
            zh=f"按提示补齐后重新提交：{seen['state']}，领导小组须在 {seen['due_on']} 前决定。",
            en=f"Mended as told and submitted again: {seen['state']}, to be decided by "
            f"{seen['due_on']}.",
        )
    )
    decision = {"outcome": "admission", "document": f"沙社建组〔{today.year}〕演示号"}
    await stage.post("leading", f"{ITEMS}/{made['id']}/decision", decision)
    catalogue = await stage.get("leading", f"/v1/admission/catalogue?on={mended['starts_on']}")
    stage.tell(
        Text(
            zh=f"领导小组准入；{mended['starts_on']} 起列入公开目录（"
            f"{len(catalogue['items'])} 项起）。现在下派还早：",
            en=f"The Leading Group admits it; it stands in the public catalogue from "
            f"{mended['starts_on']} on. To dispatch it now is too early:",
        )
    )
    early = {
        "item_code": code,
        "title": "第一场急救培训",
        "content": "提供活动室一间。",
        "due_on": (today + timedelta(days=120)).isoformat(),
    }
    told.refused(stage, await stage.refused_to(system, "/v1/admission/dispatches", early))
    await _exit(system, made["id"])


async def _submit(system: Api, id: str) -> dict[str, Any]:
    await system.request("POST", f"{ITEMS}/{id}/submission")
    seen: dict[str, Any] = (await system.request("GET", f"{ITEMS}/{id}")).json()
    return seen


async def _take_out_earlier(stage: Stage, system: Api) -> None:
    """What a tour that was cut off left in the way."""
    for item in await system.everything(f"{ITEMS}?limit=200"):
        if not item["code"].startswith(PREFIX):
            continue
        if item["state"] == "admitted":
            await _exit(system, item["id"])
        elif item["state"] == "with_leading_group":
            reason = {"outcome": "rejection", "reason": "演示中断"}
            await stage.post("leading", f"{ITEMS}/{item['id']}/decision", reason)


async def _exit(system: Api, id: str) -> None:
    await system.request("POST", f"{ITEMS}/{id}/exit", json={"reason": "演示结束"})


def _as_problem(stage: Stage, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": item["state"],
        "detail": stage.in_language(Text("退回修改。", "To be mended.")),
        "errors": item["screening"]["issues"],
        "rules": item["screening"]["rules"],
    }
