"""The ranking with its ties and grades, and a reward shared out to the fen and paid."""

import asyncio
import time
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from services.cli.demo.stories.assessment.asking import CAMPAIGNS
from services.cli.demo.stories.work.people import SECOND_FINANCE
from services.cli.speech import CannotGoOn
from services.cli.tours.assessment.play import Play
from shared.kernel.money import Money
from shared.kernel.text import Text

FUNDS = "/v1/workstation/funds"
BUDGET = 10_000_001
ARRIVAL_SECONDS = 30.0


async def rank_and_reward(here: Play) -> None:
    """Make all results final, rank, grant the reward once, and have one community paid."""
    here.chapter("六、排名和奖励", "6. Ranking and reward")
    path = f"{CAMPAIGNS}/{here.campaign}"
    listed = (await here.stage.get("leading", f"{path}/results?limit=200"))["items"]
    limit = max(date.fromisoformat(one["due_on"]) for one in listed if one["due_on"])
    await here.move(limit + timedelta(days=1))
    await here.stage.post("leading", f"{path}/results/finalisation")
    ranking = await here.stage.get("leading", f"{path}/ranking")
    share = next(
        Fraction(str(one["value"]))
        for one in ranking["rules"]
        if one["key"] == "inspection.excellent_share_max"
    )
    places = int(share * len(ranking["places"]))
    here.tell(
        f"申诉期于 {limit} 届满，结果全部确定。排名（同分同名次；优秀最多 {places} 名，两名同分超出名额，"
        "不拆分，都不评优秀）：",
        f"The limit for objections passed on {limit}; all results are final. The ranking (those that "
        f"tie share a rank; at most {places} may be excellent, and two that tie beyond that are not "
        "split: neither is):",
    )
    for place in ranking["places"]:
        line = f"    {place['rank']}  {place['score'] / 100:6.2f}  {place['grade']:<9}  {place['community_name']}"
        here.tell(line, line)
    await _grant(here, path)
    await _pay(here)


async def _grant(here: Play, path: str) -> None:
    scheme = {
        "budget": BUDGET,
        "basis": "grade",
        "source_line": "2080208 基层政权建设和社区治理",
        "document": f"沙社建组〔{here.today.year}〕演示3号",
    }
    rewards = await here.stage.post("leading", f"{path}/rewards", scheme)
    amounts = [Money(one["amount"]) for one in rewards["rewards"]]
    here.tell(
        f"奖金 {Money(BUDGET)} 元按等次分配：{'、'.join(map(str, amounts))}，"
        f"合计 {Money(sum(one.fen for one in amounts))} 元，余下的分按余数大小逐一分配。再发一次：",
        f"{Money(BUDGET)} yuan are shared out by grade: {', '.join(map(str, amounts))}, together "
        f"{Money(sum(one.fen for one in amounts))}; the fen left over go to the largest remainders. "
        "Granted once more:",
    )
    await here.refused("leading", f"{path}/rewards", scheme)


async def _pay(here: Play) -> None:
    """The workstation hears of the rewards by an event."""
    award = await _award(here)
    payment = {
        "appropriation_id": award["appropriation_id"],
        "community_id": award["community_id"],
        "amount": award["amount"],
        "payee": "社区工作站",
        "purpose": award["text"],
    }
    prepared = await here.stage.post("finance", f"{FUNDS}/payments", payment)
    paid = await here.stage.post(SECOND_FINANCE, f"{FUNDS}/payments/{prepared['id']}/approval")
    here.told.paid += paid["amount"]
    names = {one["id"]: one["name"] for one in here.communities}
    here.tell(
        f"财政局两人办理，向{names[award['community_id']]}支付 {Money(paid['amount'])} 元。",
        f"Two persons of the finance bureau pay {Money(paid['amount'])} yuan to "
        f"{names[award['community_id']]}.",
    )


async def _award(here: Play) -> dict[str, Any]:
    finance = here.stage.act_as("finance")
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while time.monotonic() < deadline:
        listed = await finance.everything(f"{FUNDS}/appropriations?source=reward&limit=200")
        own = next((one for one in listed if one["campaign_id"] == here.campaign), None)
        if own is not None:
            path = f"{FUNDS}/entries?kind=award&appropriation_id={own['id']}&limit=1"
            found: dict[str, Any] = (await here.stage.get("finance", path))["items"][0]
            return found
        await asyncio.sleep(0.2)
    raise CannotGoOn(
        Text(
            zh="奖励没有到达工作站，请查看 worker 日志。",
            en="The rewards did not reach the workstation; see the worker's log.",
        )
    )
