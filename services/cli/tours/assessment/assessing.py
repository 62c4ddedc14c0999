"""On the visits: findings with evidence and a second assessor, a device that was offline, residents'
ratings, and the results with their derivation."""

import base64
from typing import Any

from services.cli.api import Api
from services.cli.demo.accounts import PASSWORD
from services.cli.demo.stories.assessment.asking import CAMPAIGNS
from services.cli.demo.stories.work.people import at_once, post
from services.cli.tours.assessment.play import (
    BASE,
    ELEMENT,
    EMERGENCY,
    ENTRIES,
    HEALTH,
    ITEMS,
    POLICE,
    Play,
)
from shared.auth.principal import Role
from shared.kernel.ids import new_id

RATERS = 10
ASSESSORS = {"ZF": POLICE, "WJ": HEALTH, "YJ": EMERGENCY}
"""Who goes for whose request."""
FOUND = {"ZF": ("T1", "T4"), "WJ": ("T2",), "YJ": ("T4",)}
"""What they look at; what one has found the next does not look at again."""
VALUES = (
    {"T1": 1, "T2": 8750, "T4": 4},
    {"T1": 0, "T2": 9000, "T4": 4},
    {"T1": 1, "T2": 10_000, "T4": 5},
    {"T1": 1, "T2": 10_000, "T4": 5},
    {"T1": 1, "T2": 9500, "T4": 4},
    {"T1": 1, "T2": 7000, "T4": 3},
    {"T1": 0, "T2": 8000, "T4": 2},
    {"T1": 1, "T2": 6500, "T4": 4},
)
"""What is found in each of the eight communities; two are alike."""
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
)
OBJECTED = 1
"""The place of the community that objects."""


async def assess(here: Play) -> None:
    """Find, confirm, rate, publish, object, and make final."""
    here.chapter("四、现场认定", "4. What is found on the visits")
    found: set[tuple[str, str]] = set()
    places = {one["id"]: at for at, one in enumerate(here.communities)}
    for visit in here.visits:
        await _visit(here, visit, VALUES[places[visit["community_id"]]], found)
    await _rate(here)
    await _publish(here)
    await _object(here)


async def _visit(
    here: Play, visit: dict[str, Any], values: dict[str, int], found: set[tuple[str, str]]
) -> None:
    """The findings of a visit, by the department whose request needs each of them."""
    path = f"{BASE}/visits/{visit['id']}"
    served = {one["reference"].partition("-")[0] for one in visit["requests"]}
    for prefix in [one for one in FOUND if one in served]:
        codes = [one for one in FOUND[prefix] if (visit["community_id"], one) not in found]
        if not codes:
            continue
        first = prefix == "ZF" and "T1" not in {code for _, code in found}
        found |= {(visit["community_id"], one) for one in codes}
        batch = [_finding(visit, code, values[code]) for code in codes]
        if first:
            await _with_evidence(here, visit, batch)
        login = ASSESSORS[prefix]
        answer = await here.stage.post(login, f"{path}/findings", {"findings": batch})
        if first:
            await _told_batch(here, path, batch, answer)
        for one in batch:
            if one["code"] == "T1":
                if first:
                    here.tell("录入人自己确认：", "Confirmed by the one who recorded it:")
                    await here.refused(POLICE, f"{path}/findings/{one['id']}/confirmation", {})
                await here.stage.post("civil", f"{path}/findings/{one['id']}/confirmation", {})


def _finding(visit: dict[str, Any], code: str, value: int) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "code": code,
        "value": value,
        "observed_at": f"{visit['on_day']}T09:30:00+08:00",
    }


async def _with_evidence(here: Play, visit: dict[str, Any], batch: list[dict[str, Any]]) -> None:
    """Cite the ledger and a photograph."""
    police = here.stage.act_as(POLICE)
    path = f"{BASE}/visits/{visit['id']}/evidence"
    photo = await police.request("POST", path, files={"file": ("警务室值守.png", PHOTO)})
    batch[0]["evidence"] = [photo.json()["id"]]
    query = f"element={ELEMENT}&community_id={visit['community_id']}&limit=1"
    entries = (await here.stage.get("civil", f"{ENTRIES}?{query}"))["items"]
    batch[0]["entries"] = [{"element": ELEMENT, "entry_id": one["id"]} for one in entries]


async def _told_batch(
    here: Play, path: str, batch: list[dict[str, Any]], answer: dict[str, Any]
) -> None:
    again = await here.stage.post(POLICE, f"{path}/findings", {"findings": batch})
    here.tell(
        f"政法委的检查员在现场没有网络，回来后上传 {len(batch)} 条：录入 {answer['recorded']}；"
        f"不确定又发一次：重复 {again['repeated']}，录入 {again['recorded']}。",
        f"The committee's assessor was offline on site and sends {len(batch)} findings: "
        f"{answer['recorded']} recorded; unsure, once more: {again['repeated']} repeated, "
        f"{again['recorded']} recorded.",
    )
    listed = (await here.stage.get(POLICE, f"{path}/findings?limit=200"))["items"]
    one = next(found for found in listed if found["id"] == batch[0]["id"])
    here.tell(
        f"  {one['code']} {one['title']} = {one['value']}：引用台账 {len(one['entries'])} 条、"
        f"照片 {len(one['evidence'])} 张，状态 {one['state']}",
        f"  {one['code']} {one['title']} = {one['value']}: cites {len(one['entries'])} entry of "
        f"the ledger and {len(one['evidence'])} photograph, is {one['state']}",
    )


async def _rate(here: Play) -> None:
    """Residents of the first community rate; nobody is shown who."""
    community = here.communities[0]
    admin = here.stage.act_as("admin")
    known = {one["login"] for one in await admin.everything("/v1/accounts?limit=200")}
    logins = [f"resident.{community['code'][-6:]}.{at}" for at in range(RATERS)]

    async def rate(at: int) -> None:
        if logins[at] not in known:
            await _resident(admin, logins[at], community["id"])
        rating = {"ratings": [{"code": "T5", "value": 4 + at % 2}]}
        await here.stage.post(logins[at], f"{CAMPAIGNS}/{here.campaign}/ratings", rating)

    await at_once(rate, range(RATERS))
    here.tell(
        f"{community['name']} {RATERS} 位居民评价服务满意度；其他社区不足 {RATERS} 人，该项不计分。",
        f"{RATERS} residents of {community['name']} rate its services; elsewhere they are too few, "
        "and the item is left out.",
    )


async def _resident(admin: Api, login: str, community: str) -> None:
    account = {"login": login, "display_name": "居民（演示）", "password": PASSWORD}
    made = await post(admin, "/v1/accounts", account)
    grant = {"account_id": made["id"], "role": Role.RESIDENT, "scope_id": community}
    await post(admin, "/v1/grants", grant)


async def _publish(here: Play) -> None:
    here.chapter("五、结果和申诉", "5. Results, and an objection")
    path = f"{CAMPAIGNS}/{here.campaign}/results"
    await here.stage.post("leading", path)
    detail = await _result_of(here, here.communities[0]["id"])
    here.tell(
        f"公布结果。{detail['community_name']}得 {_points(detail['score'])} 分，由来：",
        f"The results are published. {detail['community_name']} has {_points(detail['score'])} "
        "points, derived from:",
    )
    weights = {one["code"]: one["weight"] for one in ITEMS}
    for line in detail["lines"]:
        made = (
            f"    {line['code']} {line['title']}: {line['source']} {line['value'] or line['note']}"
        )
        earned = f" → {line['share']} × {_points(weights[line['code']])} = {line['points']}"
        told = made + (earned if line["share"] is not None else "")
        here.tell(told, told)
    visit = here.visits[0]
    here.tell("结果公布以后再来补录：", "A finding that comes after the results:")
    late = {"findings": [_finding(visit, "T2", 9000)]}
    await here.refused(HEALTH, f"{BASE}/visits/{visit['id']}/findings", late)


async def _object(here: Play) -> None:
    objecting = here.communities[OBJECTED]
    before = await _result_of(here, objecting["id"])
    path = f"{BASE}/results/{before['id']}"
    objection = {"items": ["T1"], "reason": "检查当日值班人员出警处理警情，有接处警记录。"}
    await here.stage.post("stations", f"{path}/objection", objection)
    review = {
        "outcome": "upholding",
        "reply": "经核查接处警记录属实",
        "corrections": [{"code": "T1", "value": 1, "reason": "接处警记录属实"}],
    }
    after = await here.stage.post("leading", f"{path}/review", review)
    here.tell(
        f"{objecting['name']}对 T1 申诉，领导小组复核成立：{_points(before['score'])} → "
        f"{_points(after['score'])} 分，{after['state']}；原结果仍留存。",
        f"{objecting['name']} objects to T1; the review upholds it: {_points(before['score'])} → "
        f"{_points(after['score'])} points, {after['state']}; the former result stays on record.",
    )


async def _result_of(here: Play, community: str) -> Any:
    path = f"{CAMPAIGNS}/{here.campaign}/results?limit=200"
    listed = (await here.stage.get("leading", path))["items"]
    one = next(found for found in listed if found["community_id"] == community)
    return await here.stage.get("leading", f"{BASE}/results/{one['id']}")


def _points(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}"
