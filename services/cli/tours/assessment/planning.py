"""Approved requests are brought together: a campaign, its plan, what cannot be served and why, the
announcement, and a calendar that a phone reads."""

from datetime import date
from typing import Any

from services.cli.demo.stories.assessment.asking import CAMPAIGNS, ended
from services.cli.tours.assessment.play import BASE, POLICE, Play

LINES = 9
"""Of a calendar that are shown."""


async def plan(here: Play) -> None:
    """Plan, announce, read the calendar, and go to the last visit's day."""
    here.chapter("三、整合部署", "3. Brought together into few visits")
    body = {
        "title": f"社区联合检查（演示 {here.number}）",
        "request_ids": list(here.approved.values()),
    }
    here.campaign = (await here.stage.post("leading", CAMPAIGNS, body))["id"]
    path = f"{CAMPAIGNS}/{here.campaign}"
    leading = here.stage.act_as("leading")
    asked = await here.stage.post("leading", f"{path}/plan", {"seed": 1, "work": 2})
    seen: list[str] = []

    def progress(job: dict[str, Any]) -> None:
        step = f"{job['state']} {job['done']}/{job['total']}"
        if not seen or seen[-1] != step:
            seen.append(step)

    await ended(leading, asked["id"], progress)
    here.tell(f"编制方案（后台任务）：{' → '.join(seen)}", f"The plan, a job: {' → '.join(seen)}")
    made = await here.stage.get("leading", f"{path}/plan")
    await _told_plan(here, made)
    announcement = {"plan_id": made["id"], "document": f"沙社建组〔{here.today.year}〕演示2号"}
    await here.stage.post("leading", f"{path}/announcement", announcement)
    here.visits = await leading.everything(f"{path}/visits?limit=200")
    first, last = here.visits[0]["on_day"], here.visits[-1]["on_day"]
    here.tell(
        f"部署：{first} 至 {last} 共 {len(here.visits)} 次联合检查，通知社区和部门。",
        f"Announced: {len(here.visits)} joint visits from {first} to {last}; communities and "
        "departments are told.",
    )
    await _calendar(here)
    await here.move(date.fromisoformat(last))


async def _told_plan(here: Play, made: dict[str, Any]) -> None:
    pairs = 0
    for id in here.approved.values():
        found = await here.stage.get("leading", f"{BASE}/requests/{id}")
        pairs += found["communities_to_visit"]
    visits, unserved = made["objective"]["visits"], made["objective"]["unserved"]
    here.tell(
        f"申请上门 {pairs} 次 → 计划联合检查 {made['visits']} 次（下界 {visits['bound']}，"
        f"差距 {visits['gap']:.1%}）；无法安排 {unserved['value']} 次（下界 {unserved['bound']}）。",
        f"{pairs} visits requested → {made['visits']} joint visits planned (bound "
        f"{visits['bound']}, gap {visits['gap']:.1%}); {unserved['value']} cannot be served "
        f"(bound {unserved['bound']}).",
    )
    path = f"{CAMPAIGNS}/{here.campaign}/plan/unserved"
    page = await here.stage.get("leading", f"{path}?limit=200")
    for one in page["items"][:1]:
        why = ", ".join(one["constraints"])
        here.tell(
            f"  {one['reference']} 在{one['community_name']}：无法安排，最接近的 {one['day']} 受限于 {why}",
            f"  {one['reference']} in {one['community_name']}: not served; what forbids it on "
            f"{one['day']}, the nearest day, is {why}",
        )


async def _calendar(here: Play) -> None:
    visit, own = next(
        (visit["id"], served["department_id"])
        for visit in here.visits
        for served in visit["requests"]
        if served["reference"].startswith("ZF-")
    )
    path = f"{BASE}/calendar-feeds"
    made = await here.stage.post(POLICE, path, {"department_id": own})
    lines = (await here.stage.read(made["url"])).splitlines()
    here.tell(
        f"政法委的日历订阅（iCalendar，无须登录，凭地址）：{lines.count('BEGIN:VEVENT')} 场：",
        "The committee's calendar feed (iCalendar, opened by its address alone): "
        f"{lines.count('BEGIN:VEVENT')} events:",
    )
    uid = next(at for at, line in enumerate(lines) if line.startswith(f"UID:{visit}"))
    start = max(at for at in range(uid) if lines[at] == "BEGIN:VEVENT")
    for line in lines[start : start + LINES]:
        here.tell(f"    {line}", f"    {line}")
    await here.stage.post(POLICE, f"{path}/{made['id']}/revocation")
