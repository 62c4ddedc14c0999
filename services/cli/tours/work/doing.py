"""An admitted item is dispatched within its bounds, worked on, accepted and paid."""

import asyncio
import time
from datetime import timedelta

from services.cli.api import Api
from services.cli.demo.accounts import FIRST_COMMUNITY
from services.cli.demo.stories.work.people import SECOND_FINANCE
from services.cli.speech import CannotGoOn
from services.cli.tours.stage import Stage
from services.cli.tours.work.told import Told
from shared.kernel.clock import SystemClock
from shared.kernel.money import Money
from shared.kernel.text import Text

DISPATCHES = "/v1/admission/dispatches"
TASKS = "/v1/workstation/tasks"
FUNDS = "/v1/workstation/funds"
ITEM = "WJ-02"
ELEMENT = "births_registered"
CASES = 6
ARRIVAL_SECONDS = 60.0


async def dispatch_and_pay(stage: Stage, system: Api, told: Told) -> None:
    """Four dispatches are refused, one reaches a community and is paid by two persons."""
    stage.chapter(Text("二、下派", "2. Work is dispatched"))
    found = await stage.act_as("civil").everything(
        "/v1/workstation/communities?limit=200&state=active"
    )
    community = next(one for one in found if one["code"] == FIRST_COMMUNITY)
    today = SystemClock().today()
    good = {
        "item_code": ITEM,
        "title": f"生育登记提醒（{today:%m月%d日}）",
        "content": "上门提醒新生儿家庭办理生育登记，发放优生手册。",
        "due_on": (today + timedelta(days=30)).isoformat(),
        "communities": [{"community_id": community["id"], "cases": CASES}],
    }
    for why, change in (
        (Text("清单外事项：", "Work that is in no catalogue:"), {"item_code": "WJ-999"}),
        (Text("期限已过：", "A day that is over:"), {"due_on": str(today - timedelta(days=1))}),
        (
            Text("超出经费：", "More than its money:"),
            {"communities": [{"community_id": community["id"], "cases": 90_000}]},
        ),
    ):
        stage.tell(why)
        told.refused(stage, await stage.refused_to(system, DISPATCHES, {**good, **change}))
    made = (await system.request("POST", DISPATCHES, json=good)).json()
    task = made["communities"][0]
    stage.tell(
        Text(
            zh=f"合格的下派：{made['title']}，{community['name']}，{CASES} 件，"
            f"预留 {Money(made['amount'])} 元。",
            en=f"A proper dispatch: {made['title']} for {community['name']}, {CASES} cases, "
            f"{Money(made['amount'])} yuan set aside.",
        )
    )
    await _work(stage, system, task["task_id"])
    await _pay(stage, told, task["task_id"])
    stage.tell(
        Text(
            zh="清单外的电话要求，社区直接反映给领导小组，部门看不到是谁反映的：",
            en="What is demanded by telephone outside the catalogue, the community reports to the "
            "Leading Group; the department does not learn who did:",
        )
    )
    told.refused(
        stage,
        await stage.refused_to(system, "/v1/admission/off-catalogue-reports", method="GET"),
    )


async def _work(stage: Stage, system: Api, task: str) -> None:
    stage.chapter(Text("三、办理和验收", "3. It is done and accepted"))
    await _until(stage, "clerk", f"{TASKS}/{task}")
    await stage.post("clerk", f"{TASKS}/{task}/acceptance")
    await stage.post("clerk", f"{TASKS}/{task}/start")
    done = {"result": f"已上门提醒 {CASES} 户，全部办理登记。", "figures": {ELEMENT: CASES}}
    await stage.post("clerk", f"{TASKS}/{task}/submission", done)
    review = {"outcome": "sending_back", "reason": "请补充一户的登记日期"}
    await system.request("POST", f"{TASKS}/{task}/review", json=review)
    await stage.post("clerk", f"{TASKS}/{task}/submission", done)
    await system.request("POST", f"{TASKS}/{task}/review", json={"outcome": "approval"})
    for step in await stage.get("clerk", f"{TASKS}/{task}/history"):
        told = f"  {step['action']} → {step['to_state']}"
        stage.tell(Text(told, told))


async def _pay(stage: Stage, told: Told, task: str) -> None:
    stage.chapter(Text("四、支付", "4. It is paid"))
    entries = await stage.get("finance", f"{FUNDS}/entries?task_id={task}&kind=release")
    entry = entries["items"][0]
    payment = {
        "appropriation_id": entry["appropriation_id"],
        "community_id": entry["community_id"],
        "amount": entry["amount"],
        "payee": "航空路社区工作站",
        "purpose": "生育登记提醒工作经费",
    }
    stage.tell(Text("超过拨款：", "More than was appropriated:"))
    more = {**payment, "amount": 10**12}
    told.refused(stage, await stage.refused("finance", f"{FUNDS}/payments", more))
    prepared = await stage.post("finance", f"{FUNDS}/payments", payment)
    path = f"{FUNDS}/payments/{prepared['id']}/approval"
    stage.tell(Text("自己复核自己：", "Approved by the one who prepared it:"))
    told.refused(stage, await stage.refused("finance", path))
    paid = await stage.post(SECOND_FINANCE, path)
    told.paid += paid["amount"]
    stage.tell(
        Text(
            zh=f"财政局另一人复核，已支付 {Money(paid['amount'])} 元给{paid['payee']}。",
            en=f"A second person approves it: {Money(paid['amount'])} yuan are paid to "
            f"{paid['payee']}.",
        )
    )


async def _until(stage: Stage, login: str, path: str) -> None:
    """The workstation hears of a dispatch by an event."""
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while (await stage.act_as(login).send("GET", path)).status_code == 404:
        if time.monotonic() > deadline:
            raise CannotGoOn(
                Text(
                    zh="任务没有到达工作站，请查看 worker 日志。",
                    en="The task did not reach the workstation; see the worker's log.",
                )
            )
        await asyncio.sleep(0.2)
