"""A year's inspections: asked for by sheets, screened, decided, brought together into two campaigns
and announced."""

import asyncio
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from services.cli.api import POLL_SECONDS, Api
from services.cli.demo.stories.assessment.standard import STANDARDS
from services.cli.demo.stories.work.people import Person, at_once, post, rows_of, send_sheet
from services.cli.speech import CannotGoOn
from shared.kernel.clock import SystemClock
from shared.kernel.text import Text

REQUESTS = "/v1/assessment/requests"
CAMPAIGNS = "/v1/assessment/campaigns"
JOURNAL = ("batch", "department", "decision")
HALVES = (("上半年", ("1", "2"), (1, 6)), ("下半年", ("3", "4"), (7, 8)))
"""A half year's name, its batches of requests, and the month and day on which they are asked for."""
REJECTED = {"outcome": "rejection", "reason": "与综合治理考核内容重复，结果共享使用，不再单独验收"}
WORK = 2


async def tell_requests(person: Person, standard: Mapping[str, Any]) -> None:
    """Ask, decide, plan and announce by the standard's own clock, then let it go by the calendar.
    Begun and interrupted, it goes on where it was."""
    leading = person("leading")
    year = int(standard["published_on"][:4])
    clock = f"{STANDARDS}/{standard['id']}/demo-clock"
    today = SystemClock().today()
    titles = {one["title"]: one for one in await leading.everything(f"{CAMPAIGNS}?limit=200")}
    for half, batches, (month, day) in HALVES:
        title = f"{year}年{half}社区联合检查"
        if title in titles and titles[title]["state"] != "draft":
            continue
        await post(leading, clock, {"today": min(date(year, month, day), today).isoformat()})
        for batch in batches:
            await _ask(person, batch, year)
            await _decide(leading, batch)
        campaign = titles.get(title) or await _begin(leading, title, batches)
        await announce(leading, campaign["id"], f"沙社建组〔{year}〕{month + 9}号", work=WORK)
    await post(leading, clock, {"today": None})


def _rows(batches: Sequence[str]) -> list[dict[str, str]]:
    return [row for row in rows_of("inspection_requests") if row["batch"] in batches]


async def _ask(person: Person, batch: str, year: int) -> None:
    logins = {row["code"]: row["login"] for row in rows_of("departments")}
    rows = _rows([batch])

    async def of_department(code: str) -> None:
        own = [row for row in rows if row["department"] == code]
        sheet = _sheet(own, year)
        await send_sheet(
            person(logins[code]), f"{REQUESTS}/sheets", "检查申请.csv", sheet, submit="true"
        )

    await at_once(of_department, dict.fromkeys(row["department"] for row in rows))


def _sheet(rows: Sequence[Mapping[str, str]], year: int) -> bytes:
    columns = [name for name in rows[0] if name not in JOURNAL]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        dates = {name: f"{year}-{row[name]}" for name in ("开始日期", "最后一日")}
        writer.writerow({**row, **dates})
    return text.getvalue().encode()


async def _decide(leading: Api, batch: str) -> None:
    decisions = {row["编号"]: row["decision"] for row in _rows([batch])}
    waiting = await leading.everything(f"{REQUESTS}?state=with_leading_group&limit=200")
    for one in sorted(waiting, key=lambda one: str(one["id"])):
        decision = decisions.get(one["reference"])
        if decision:
            approval = {"outcome": "approval", "document": "沙社建组检查审批"}
            told = approval if decision == "approval" else REJECTED
            await leading.request("POST", f"{REQUESTS}/{one['id']}/decision", json=told)


async def _begin(leading: Api, title: str, batches: Sequence[str]) -> Any:
    references = {row["编号"] for row in _rows(batches)}
    approved = await leading.everything(f"{REQUESTS}?state=approved&limit=200")
    wanted = [
        one["id"]
        for one in approved
        if one["reference"] in references and one["communities_to_visit"]
    ]
    return await post(leading, CAMPAIGNS, {"title": title, "request_ids": wanted})


async def announce(leading: Api, campaign: str, document: str, *, work: int) -> dict[str, Any]:
    """Have a campaign planned, wait for the plan, and announce it; the plan."""
    path = f"{CAMPAIGNS}/{campaign}"
    asked = await post(leading, f"{path}/plan", {"seed": 1, "work": work})
    job = await ended(leading, asked["id"])
    if job["state"] != "succeeded":
        raise CannotGoOn(
            Text(
                zh=f"联合检查的方案未能编制：{job['error']}",
                en=f"The campaign's plan was not made: {job['error']}",
            )
        )
    plan: dict[str, Any] = (await leading.request("GET", f"{path}/plan")).json()
    await post(leading, f"{path}/announcement", {"plan_id": plan["id"], "document": document})
    return plan


async def ended(
    api: Api, job: str, progress: Callable[[dict[str, Any]], None] = lambda _job: None
) -> dict[str, Any]:
    """A job once it has ended, told of each time it is looked at."""
    while True:
        found: dict[str, Any] = (await api.request("GET", f"/v1/jobs/{job}")).json()
        progress(found)
        if found["state"] not in {"queued", "running"}:
            return found
        await asyncio.sleep(POLL_SECONDS)
