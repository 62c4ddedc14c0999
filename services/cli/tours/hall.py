"""One matter from being said to being settled: 说事、议事、办事、评事, through both services."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from services.cli.tours.stage import Stage
from shared.kernel.text import Text

HALL = "/v1/committee/hall"
TITLE = "7号楼后门路灯不亮"
CONTENT = "7号楼后门两盏路灯坏了半个多月，晚上老人下楼容易摔倒，请尽快修好。"


async def play(stage: Stage) -> None:
    """Play it with the demo's resident, representative, committee, clerk and supervisor."""
    me = await stage.get("resident", "/v1/me")
    community = next(grant["scope_id"] for grant in me["grants"] if grant["scope_id"])
    matter = await _say(stage, community)
    await _deliberate(stage, community, matter)
    await _do(stage, matter)
    await _judge(stage, matter)


async def _say(stage: Stage, community: str) -> str:
    stage.chapter(Text("一、说事", "1. A resident speaks"))
    for old in (await stage.get("resident", f"{HALL}/own-matters"))["items"]:
        if old["title"] == TITLE and old["state"] in {"raised", "accepted"}:
            await stage.post("resident", f"{HALL}/matters/{old['id']}/withdrawal")
    alike = await stage.get(
        "resident", f"{HALL}/similar-matters?community_id={community}&text={CONTENT}"
    )
    stage.tell(
        Text(
            f"写的时候，平台提示相似事项 {len(alike)} 件。",
            f"While it is written, {len(alike)} matters that are alike are suggested.",
        )
    )
    body = {
        "community_id": community,
        "title": TITLE,
        "content": f"{CONTENT}联系电话13912345678。",
        "category": "facilities",
        "place": "7号楼后门",
        "anonymous": True,
    }
    stage.tell_refusal(await stage.refused("resident", f"{HALL}/matters", body))
    made = await stage.post("resident", f"{HALL}/matters", {**body, "content": CONTENT})
    stage.tell(
        Text(
            f"{made['code']}“{made['title']}”已提出，公开页面不显示说事人；{made['due_on']} 前答复。",
            f"{made['code']} “{made['title']}” is raised. Nobody sees by whom; it is answered by "
            f"{made['due_on']}.",
        )
    )
    id: str = made["id"]
    supported = await stage.post("representative", f"{HALL}/matters/{id}/support")
    await stage.post("representative", f"{HALL}/matters/{id}/comments", {"body": "我也摔过一跤。"})
    accepted = await stage.post("committee", f"{HALL}/matters/{id}/acceptance", {})
    stage.tell(
        Text(
            f"附议 {supported['supporters']} 人；居委会已受理，{accepted['due_on']} 前办结、议事或交办。",
            f"{supported['supporters']} support it. The committee accepts it, and settles it, "
            f"deliberates or hands it over by {accepted['due_on']}.",
        )
    )
    return id


async def _deliberate(stage: Stage, community: str, matter: str) -> None:
    stage.chapter(Text("二、议事", "2. The community deliberates"))
    today = (datetime.now(UTC) + timedelta(hours=8)).date().isoformat()
    where = f"{HALL}/sittings?community_id={community}&since={today}&until={today}"
    found = [
        one
        for one in (await stage.get("resident", where))["items"]
        if one["state"] in {"planned", "live"}
    ]
    if found:
        sitting = found[0]
    else:
        body = {"community_id": community, "topic": "7号楼夜间照明", "held_on": today}
        refused = await stage.act_as("committee").send("POST", f"{HALL}/sittings", json=body)
        if refused.status_code == 409:
            stage.tell_refusal(refused.json())
            return
        if refused.status_code == 422:
            stage.tell_refusal(refused.json())
            body["extraordinary"] = "涉及夜间出行安全，临时召开"
            sitting = await stage.post("committee", f"{HALL}/sittings", body)
        else:
            sitting = refused.json()
    path = f"{HALL}/sittings/{sitting['id']}"
    await stage.post("committee", f"{path}/agenda", {"matter_id": matter})
    if sitting["state"] == "planned":
        await stage.post("committee", f"{path}/opening")
    listening = asyncio.create_task(_listen(stage, sitting["id"]))
    opinion = {"matter_id": matter, "body": "建议换成太阳能路灯，省电又亮。"}
    await stage.post("resident", f"{path}/opinions", opinion)
    for login, choice in (("resident", "agree"), ("representative", "agree")):
        await stage.post(login, f"{path}/votes", {"matter_id": matter, "choice": choice})
    resolution = {
        "sitting_id": sitting["id"],
        "text": "由社区工作站协调供电公司修复两盏路灯。",
        "floor": {"agree": 15, "reserve": 2},
    }
    made = await stage.post("committee", f"{HALL}/matters/{matter}/resolution", resolution)
    await stage.post("committee", f"{path}/ending", {})
    minutes = {"minutes": "到会居民十九人，就路灯修复达成一致，交社区工作站办理。"}
    await stage.post("committee", f"{path}/minutes", minutes)
    for event, data in await listening:
        stage.tell(Text(f"  ⇠ {event} {_short(data)}", f"  ⇠ {event} {_short(data)}"))
    stage.tell(
        Text(
            f"决议：赞成 {made['agree']}、保留 {made['reserve']}、反对 {made['oppose']}（{made['consensus']}）。",
            f"Resolved: {made['agree']} agree, {made['reserve']} have reservations, "
            f"{made['oppose']} are against ({made['consensus']}).",
        )
    )


async def _listen(stage: Stage, sitting: str) -> list[tuple[str, dict[str, Any]]]:
    me = await stage.get("resident", "/v1/me")
    path = f"{HALL}/live/{sitting}?district={me['district']}"
    return [told async for told in stage.listen(path)]


def _short(data: dict[str, Any]) -> str:
    shown = {name: data[name] for name in data if name not in {"at", "matter_id", "comment_id"}}
    return ", ".join(f"{name}={value}" for name, value in shown.items() if value is not None)


async def _do(stage: Stage, matter: str) -> None:
    stage.chapter(Text("三、办事", "3. Someone does it"))
    path = f"{HALL}/matters/{matter}"
    body = {"handler": "workstation", "request": "请联系供电公司修复两盏路灯。"}
    seen = await stage.post("committee", f"{path}/handover", body)
    stage.tell(
        Text(
            f"已交社区工作站，{seen['due_on']} 前签收。",
            f"It is with the workstation, which signs for it by {seen['due_on']}.",
        )
    )
    handover = (await stage.get("committee", f"{path}/handovers"))[-1]["id"]
    task = f"/v1/workstation/hall-tasks/{handover}"
    await _until(stage, "clerk", task, "received")
    await stage.post("clerk", f"{task}/acceptance")
    await stage.post("clerk", f"{task}/progress", {"body": "供电公司已勘查，明日施工。"})
    await stage.post("clerk", f"{task}/result", {"result": "两盏路灯已更换，夜间照明恢复。"})
    seen = await _until(stage, "resident", path, "result")
    said = (await stage.get("resident", f"{path}/comments"))["items"]
    for one in said:
        stage.tell(Text(f"  {one['kind']}: {one['body']}", f"  {one['kind']}: {one['body']}"))
    stage.tell(
        Text(
            f"结果已公布，{seen['due_on']} 前由说事人评议，逾期按规则办结。",
            f"The result is public; who raised it judges it by {seen['due_on']}, or it is closed "
            "by the rule.",
        )
    )


async def _until(stage: Stage, login: str, path: str, state: str) -> dict[str, Any]:
    for _ in range(100):
        answer = await stage.act_as(login).send("GET", path)
        if answer.status_code == 200 and answer.json()["state"] == state:
            found: dict[str, Any] = answer.json()
            return found
        await asyncio.sleep(0.2)
    return dict(await stage.get(login, path))


async def _judge(stage: Stage, matter: str) -> None:
    stage.chapter(Text("四、评事", "4. Residents judge"))
    path = f"{HALL}/matters/{matter}"
    stage.tell_refusal(await stage.refused("committee", f"{path}/rating", {"score": 5}))
    closed = await stage.post("resident", f"{path}/rating", {"score": 5, "word": "修得很快。"})
    stage.tell(
        Text(
            f"说事人评 5 分，“{closed['title']}”{closed['state_name']}。",
            f"Who raised it gives 5 of 5; “{closed['title']}” is {closed['state_name']}.",
        )
    )
    for step in await stage.get("resident", f"{path}/history"):
        line = f"  {step['at'][:16]} {step['action_name']} → {step['state_name']}"
        stage.tell(Text(line, line))
