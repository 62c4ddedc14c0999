"""A form is filled from the ledger; what is missing is asked once for two departments."""

from typing import Any

from services.cli.api import Api
from services.cli.demo.accounts import FIRST_COMMUNITY
from services.cli.tours.stage import Stage
from services.cli.tours.work.told import Told
from shared.kernel.clock import SystemClock
from shared.kernel.text import Text

LEDGER = "/v1/workstation/ledger"
MISSING = "ebike_hazards"
OTHER = "dept.politics_law"
AGAIN = "dept.emergency"
VALUE = 14
WANTED = 12


async def ask(stage: Stage, system: Api, told: Told) -> None:
    """The health bureau asks for what others asked before; two others for what nobody knows."""
    stage.chapter(Text("五、报表", "5. A form"))
    found = await stage.act_as("civil").everything(
        "/v1/workstation/communities?limit=200&state=active"
    )
    community = next(one["id"] for one in found if one["code"] == FIRST_COMMUNITY)
    period = _this_half()
    await _withdraw_earlier(stage, community, period)
    listed = await system.everything(f"{LEDGER}/entries?community_id={community}&limit=200")
    known = sorted({(one["element"], one["period"]) for one in listed if one["period"] != period})
    wanted = [{"element": element, "period": last} for element, last in known[:WANTED]]
    form = await _form(system, "社区卫生基础情况表", wanted, community)
    stage.tell(
        Text(
            zh=f"卫健部门要 {len(wanted)} 个数据：台账立即提供 {form['from_ledger']} 个，"
            f"社区不用填，状态 {form['state']}。",
            en=f"The health bureau asks for {len(wanted)} values: the ledger gives "
            f"{form['from_ledger']} at once, the community fills in nothing; it is "
            f"{form['state']}.",
        )
    )
    stage.tell(
        Text(
            zh="部门想另造一个相近的数据项，重新采集：",
            en="The bureau wants a similar element of its own, to be collected anew:",
        )
    )
    me = (await system.request("GET", "/v1/me")).json()
    double = _double(me["grants"][0]["scope_id"])
    told.refused(stage, await stage.refused_to(system, f"{LEDGER}/elements", double))
    missing = [{"element": MISSING, "period": period}]
    first = await _form(stage.act_as(OTHER), "电动车隐患统计表", missing, community)
    second = await _form(stage.act_as(AGAIN), "消防隐患统计表", missing, community)
    questions = await stage.act_as("clerk").everything(f"{LEDGER}/questions?element={MISSING}")
    question = next(one for one in questions if one["period"] == period)
    stage.tell(
        Text(
            zh=f"政法委和应急局都要“{question['element_title']}”（{period}）：社区只被问一次，"
            f"{question['forms']} 份报表等同一个答案。",
            en=f"Two departments want “{question['element_title']}” ({period}): the community is "
            f"asked once, {question['forms']} forms wait for the same answer.",
        )
    )
    answer = {"answers": [{"question_id": question["id"], "value": VALUE, "unit": "处"}]}
    await stage.post("clerk", f"{LEDGER}/questions/answers", answer)
    for login, form in ((OTHER, first), (AGAIN, second)):
        cells = await stage.get(login, f"{LEDGER}/forms/{form['id']}/answers")
        stage.tell(
            Text(
                zh=f"  {login}：{cells['items'][0]['value']} {cells['items'][0]['unit']}，已填齐",
                en=f"  {login}: {cells['items'][0]['value']} {cells['items'][0]['unit']}, filled",
            )
        )
    await _withdraw_earlier(stage, community, period)


def _double(department: str) -> dict[str, Any]:
    return {
        "code": "elderly_over_65_health",
        "title": "65岁以上老年人",
        "definition": "年满65周岁并在本社区居住的老人。",
        "type": "integer",
        "unit": "人",
        "frequency": "half_year",
        "owner": {"kind": "department", "department_id": department, "name": "卫生健康局"},
    }


def _this_half() -> str:
    today = SystemClock().today()
    return f"{today.year}-H{1 if today.month <= 6 else 2}"


async def _form(api: Api, title: str, wanted: list[Any], community: str) -> dict[str, Any]:
    form = {
        "title": title,
        "purpose": "部门年度工作",
        "elements": wanted,
        "communities": [community],
    }
    made: dict[str, Any] = (await api.request("POST", f"{LEDGER}/forms", json=form)).json()
    return made


async def _withdraw_earlier(stage: Stage, community: str, period: str) -> None:
    """The tour's own value, so that it can be asked for again."""
    clerk = stage.act_as("clerk")
    path = f"{LEDGER}/entries?community_id={community}&element={MISSING}&limit=200"
    for entry in await clerk.everything(path):
        if entry["period"] == period and entry["ended_on"] is None:
            reason = {"reason": "演示数据，已撤销"}
            await clerk.request("POST", f"{LEDGER}/entries/{entry['id']}/withdrawal", json=reason)
