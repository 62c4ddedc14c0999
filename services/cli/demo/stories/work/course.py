"""What was dispatched, how far the workstations are with it, and what was paid."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from services.cli.api import Api
from services.cli.demo.stories.work.people import (
    SECOND_FINANCE,
    STATIONS,
    District,
    Person,
    at_once,
    post,
    rows_of,
)
from services.cli.speech import CannotGoOn
from shared.kernel.clock import SystemClock
from shared.kernel.text import Text

TURNS = 16
"""A dispatch names one community in so many of those that its item covers."""
FIRST_DUE, BETWEEN = 35, 70
"""Days from today."""
AT_A_TIME = 100
ARRIVAL_SECONDS = 60.0
PAID = 12
WITH_FIGURES = 20
ROUND = "（第{}批）"
TASKS = "/v1/workstation/tasks"
DISPATCHES = "/v1/admission/dispatches"
OFF_CATALOGUE = (
    ("publicity", "工作群要求三天内装订文明城市迎检资料三份", "工作群消息"),
    ("economy", "电话要求社区上报空置商铺招商线索", "电话"),
)


async def tell_course(person: Person, district: District) -> None:
    """Dispatch the year's work, take part of it to its end, and pay what was accepted."""
    leading = person("leading")
    rows = [row for row in rows_of("work_items") if row["times"] != "0"]
    planned = [
        (district.logins[row["department"]], body)
        for at, row in enumerate(rows)
        for body in _dispatches(row, at, district)
    ]
    known = {one["title"] for one in await leading.everything(f"{DISPATCHES}?limit=200")}

    async def dispatch(one: tuple[str, Mapping[str, Any]]) -> None:
        login, body = one
        await post(person(login), DISPATCHES, body)

    await at_once(dispatch, [one for one in planned if one[1]["title"] not in known])
    await _until_arrived(leading, sum(len(body["communities"]) for _, body in planned))
    closed = await leading.request("GET", f"{TASKS}?state=closed&limit=1")
    if closed.json()["items"]:
        return
    await _work(person(STATIONS), rows)
    await _review(person, district)
    await _pay(person("finance"), person(SECOND_FINANCE))
    await _report(person("clerk"), leading, district)


def _dispatches(row: Mapping[str, str], at: int, district: District) -> Sequence[Mapping[str, Any]]:
    kinds = row["kinds"].split(";") if row["kinds"] else []
    streets = {district.streets[code] for code in row["streets"].split(";") if code}
    covered = [
        one
        for one in district.communities
        if (not kinds or one["kind"] in kinds) and (not streets or one["street_id"] in streets)
    ]
    today = SystemClock().today()
    return [
        {
            "item_code": row["code"],
            "title": row["title"] + ROUND.format(turn + 1),
            "content": row["content"],
            "due_on": (today + timedelta(days=FIRST_DUE + turn * BETWEEN)).isoformat(),
            "communities": [
                {
                    "community_id": one["id"],
                    "cases": 5 + (at + place) % 20 if row["basis"] == "per_case" else 1,
                }
                for place, one in enumerate(covered)
                if (place + turn + at) % min(TURNS, len(covered)) == 0
            ],
        }
        for turn in range(int(row["times"]))
    ]


async def _until_arrived(leading: Api, expected: int) -> None:
    """The workstation hears of dispatches by events."""
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while True:
        workload = await leading.request("GET", f"{TASKS}/workload?by=department")
        if workload.json()["total"]["tasks"] >= expected:
            return
        if time.monotonic() > deadline:
            raise CannotGoOn(
                Text(
                    zh="下派的任务未全部到达工作站，请查看 worker 日志。",
                    en="Not all dispatched tasks reached the workstations; see the worker's log.",
                )
            )
        await asyncio.sleep(0.2)


async def _work(stations: Api, rows: Sequence[Mapping[str, str]]) -> None:
    """Accept everything but what is given back; begin the first round, and submit most of it, with
    figures where the item feeds the ledger."""
    received = await stations.everything(f"{TASKS}?state=received&limit=200")
    back = [one["id"] for one in received if _turn(one) == 0]
    await _step(stations, "return", back, reason="本社区没有此类人员，请核对名单")
    await _step(stations, "acceptance", [one["id"] for one in received if _turn(one) != 0])
    accepted = await stations.everything(f"{TASKS}?state=accepted&limit=200")
    first = [one for one in accepted if one["title"].endswith(ROUND.format(1))]
    await _step(stations, "start", [one["id"] for one in first])
    fed = {row["code"]: row["elements"].split(";") for row in rows if row["elements"]}
    plain = [one["id"] for one in first if one["item_code"] not in fed]
    await _step(stations, "submission", plain, result="按要求入户办理，名单逐一核对完毕。")

    async def submit(task: Mapping[str, Any]) -> None:
        figures = {code: 5 + _turn(task) for code in fed[task["item_code"]]}
        done = {"result": "入户核对完毕，数据见附表。", "figures": figures}
        await stations.request("POST", f"{TASKS}/{task['id']}/submission", json=done)

    await at_once(submit, [one for one in first if one["item_code"] in fed][:WITH_FIGURES])


def _turn(task: Mapping[str, Any]) -> int:
    return int(str(task["id"]).replace("-", ""), 16) % 29


async def _step(api: Api, action: str, ids: Sequence[str], **said: Any) -> None:
    parts = [ids[at : at + AT_A_TIME] for at in range(0, len(ids), AT_A_TIME)]
    for part in parts:
        await post(api, f"{TASKS}/actions", {"action": action, "task_ids": part, **said})


async def _review(person: Person, district: District) -> None:
    """Each department accepts most of what was submitted to it and sends a little back."""

    async def review(login: str) -> None:
        department = person(login)
        submitted = await department.everything(f"{TASKS}?state=submitted&limit=200")
        back = [task["id"] for task in submitted if _turn(task) == 1]
        good = [task["id"] for task in submitted if _turn(task) > 2]
        await _step(department, "approval", good)
        await _step(department, "sending_back", back, reason="缺少入户照片，请补充")

    await at_once(review, district.logins.values())


async def _pay(finance: Api, second: Api) -> None:
    """Two persons of the finance bureau pay a few communities for accepted work."""
    listed = await finance.everything("/v1/workstation/funds/entries?kind=release&limit=200")

    async def pay(entry: Mapping[str, Any]) -> None:
        payment = {
            "appropriation_id": entry["appropriation_id"],
            "community_id": entry["community_id"],
            "amount": entry["amount"],
            "payee": "社区工作站",
            "purpose": entry["text"],
        }
        prepared = await post(finance, "/v1/workstation/funds/payments", payment)
        approval = f"/v1/workstation/funds/payments/{prepared['id']}/approval"
        await second.request("POST", approval)

    await at_once(pay, listed[:PAID])


async def _report(clerk: Api, leading: Api, district: District) -> None:
    """A community tells what was asked of it outside the catalogue; one report is upheld."""
    community = district.communities[0]["id"]
    path = "/v1/admission/off-catalogue-reports"
    made = [
        await post(
            clerk,
            path,
            {
                "community_id": community,
                "department_id": district.departments[department],
                "demand": demand,
                "channel": channel,
                "demanded_on": SystemClock().today().isoformat(),
            },
        )
        for department, demand, channel in OFF_CATALOGUE
    ]
    reply = {"outcome": "upholding", "reply": "已责成该部门停止，并纳入年度考核"}
    await leading.request("POST", f"{path}/{made[0]['id']}/decision", json=reply)
