"""What was found is shared: each department sees its own, the next request needs no visit, and the
year's burden shows what was spared."""

from typing import Any

from services.cli.demo.stories.assessment.standard import demo_year
from services.cli.tours.assessment.asking import REQUESTS
from services.cli.tours.assessment.play import BASE, EMPLOYMENT, POLICE, Play
from shared.kernel.text import Text


async def share(here: Play) -> None:
    """Share, ask again, and sum the year up."""
    here.chapter("七、成果共享", "7. Results are shared")
    await _views(here)
    await _ask_again(here)
    here.chapter("八、减负", "8. The burden, before → after")
    await _burden(here)


async def _views(here: Play) -> None:
    path = f"{BASE}/shared-results?campaign_id={here.campaign}&on={here.today}"
    own = (await here.system.request("GET", f"{path}&limit=200")).json()["items"]
    one = own[0]
    here.tell(
        f"卫健部门的系统读取自己要的 {len(own)} 个结果，用自己的项目代码，例如 {one['code']} 在"
        f"{one['community_name']} = {one['value']}（完全覆盖：{'是' if one['complete'] else '否'}，"
        f"有效至 {one['valid_until']}）。",
        f"The health bureau's system reads the {len(own)} results that it asked for, by its own "
        f"codes: {one['code']} in {one['community_name']} = {one['value']} (complete: "
        f"{one['complete']}, valid until {one['valid_until']}).",
    )
    partly = await here.stage.get(POLICE, f"{path}&limit=200")
    part = next(one for one in partly["items"] if not one["complete"])
    here.tell(
        f"政法委的 {part['code']} 只被 {part['item_code']} 部分覆盖：结果照样给，但注明不完整。",
        f"{part['code']} of the committee is only partly covered by {part['item_code']}: it is "
        "given the result, marked as incomplete.",
    )
    here.tell("政法委要看卫健部门的：", "The committee wants to see those of the health bureau:")
    await here.refused(POLICE, f"{path}&department_id={one['department_id']}", method="GET")


async def _ask_again(here: Play) -> None:
    employment = here.stage.act_as(EMPLOYMENT)
    request = {
        "reference": f"RS2-{here.number}",
        "title": "年底再查一遍",
        "kind": "inspection",
        "level": "district",
        "legal_basis": "演示：有关法律法规",
        "standard_id": here.standard["id"],
        "items": [{"code": "T1"}, {"code": "T2"}, {"code": "T3"}, {"code": "T4"}],
        "targets": {"communities": [one["id"] for one in here.communities]},
        "starts_on": here.day(30),
        "ends_on": here.day(60),
        "minutes_on_site": 60,
        "inspectors_per_day": 8,
    }
    made = (await employment.request("POST", REQUESTS, json=request)).json()
    seen = (await employment.request("POST", f"{REQUESTS}/{made['id']}/submission")).json()
    counts = seen["verdicts"]
    here.tell(
        f"人社部门再来查同样的内容：共享成果 {counts['shared']} 项次、台账 {counts['from_ledger']} 项次，"
        f"需上门 {counts['needs_visit']} 项次。",
        f"The employment bureau comes for the same again: {counts['shared']} answered by shared "
        f"results, {counts['from_ledger']} from the ledger, {counts['needs_visit']} need a visit.",
    )
    page = (
        await employment.request("GET", f"{REQUESTS}/{seen['id']}/screening?verdict=shared&limit=1")
    ).json()
    for one in page["items"]:
        line = f"    {one['code']} {one['community_name']} shared (§ {one['rule']}) → {one['valid_until']}"
        here.tell(line, line)


async def _burden(here: Play) -> None:
    year = demo_year()
    community = here.communities[0]
    streets = {
        one["id"]: one["name"]
        for one in await here.stage.act_as("leading").everything(
            "/v1/workstation/streets?limit=200"
        )
    }
    street = community["street_id"]
    for name, query in (
        (community["name"], f"community={community['id']}&"),
        (streets[street], f"street={street}&"),
        (here.stage.in_language(Text("全区", "The whole district")), ""),
    ):
        row = (await here.stage.get("leading", f"/v1/burden?{query}year={year}"))["total"]
        _told_row(here, name, year, row)


def _told_row(here: Play, name: str, year: int, row: dict[str, Any]) -> None:
    def arrow(key: str) -> str:
        return f"{row[key]['before']} → {row[key]['after']}"

    items = row["items"]
    here.tell(
        f"{name} {year} 年：检查 {arrow('inspections')} 次；项目 {arrow('items')}（共享 {items['shared']}、"
        f"台账 {items['from_ledger']}、拒绝 {items['refused']}）；报表数据 {arrow('values')}，"
        f"免填报表 {row['values']['forms_avoided']} 份；室外牌子 {arrow('plaques_outdoors')} 块；"
        f"清单外要求 {row['off_catalogue']['reported']} 件；无经费任务 {row['unfunded_tasks']} 件。",
        f"{name} in {year}: inspections {arrow('inspections')}; items {arrow('items')} (shared "
        f"{items['shared']}, from the ledger {items['from_ledger']}, refused {items['refused']}); "
        f"values of forms {arrow('values')}, {row['values']['forms_avoided']} forms avoided; plaques "
        f"outdoors {arrow('plaques_outdoors')}; demands outside the catalogue "
        f"{row['off_catalogue']['reported']}; tasks without money {row['unfunded_tasks']}.",
    )
