"""Who plays where and when: eight communities with visits to spare in a quarter, a standard of the
tour's own with its clock, and what all parts of the tour need."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from services.cli.api import Api
from services.cli.demo.stories.assessment.standard import STANDARDS, demo_year, publish
from services.cli.demo.stories.work.people import rows_of, system_of
from services.cli.speech import CannotGoOn
from services.cli.tours.stage import Stage
from services.cli.tours.work.told import Told
from shared.kernel.clock import SystemClock
from shared.kernel.text import Text

BASE = "/v1/assessment"
PREFIX = "tour-"
COMMUNITIES = 8
SPARE = 1
"""Visits that a community must still have in the quarter."""
MOST_VISITS = "inspection.visits_per_community_per_quarter_max"
QUARTERS = ((1, 8), (4, 8), (7, 8), (10, 9))
"""Month and day on which the tour's clock begins in each quarter."""
ELEMENT = "building_heads"
ENTRIES = "/v1/workstation/ledger/entries"
ITEMS: tuple[dict[str, Any], ...] = (
    {"code": "T1", "title": "警务室有专人值守", "subject": "综合治理", "kind": "boolean",
     "weight": 3000, "verification": "on_site", "two_person": True},
    {"code": "T2", "title": "老年人健康档案更新", "subject": "卫生", "kind": "ratio",
     "weight": 2500, "verification": "on_site"},
    {"code": "T3", "title": "楼栋长配备", "subject": "综合治理", "kind": "count", "full_at": 10,
     "weight": 1000, "verification": "ledger", "element": ELEMENT},
    {"code": "T4", "title": "消防通道畅通", "subject": "消防安全", "kind": "scale", "full_at": 5,
     "weight": 2000, "verification": "on_site"},
    {"code": "T5", "title": "居民满意", "subject": "居民评价", "kind": "scale", "full_at": 5,
     "weight": 1500, "verification": "residents"},
)  # fmt: skip
POLICE, EMERGENCY, EMPLOYMENT = "dept.politics_law", "dept.emergency", "dept.employment"
HEALTH = "department"


@dataclass
class Play:
    """One playing of the tour."""

    stage: Stage
    told: Told
    system: Api
    standard: dict[str, Any]
    communities: Sequence[dict[str, Any]]
    today: date
    campaign: str = ""
    visits: list[dict[str, Any]] = field(default_factory=list)
    approved: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """What tells this playing from others."""
        return str(self.standard["code"]).removeprefix(PREFIX)

    def day(self, days: int) -> str:
        """So many days from today on."""
        return (self.today + timedelta(days=days)).isoformat()

    async def move(self, day: date) -> None:
        """Move the standard's clock."""
        self.today = day
        path = f"{STANDARDS}/{self.standard['id']}/demo-clock"
        await self.stage.post("leading", path, {"today": day.isoformat()})

    def chapter(self, zh: str, en: str) -> None:
        """Begin a part."""
        self.stage.chapter(Text(zh, en))

    def tell(self, zh: str, en: str) -> None:
        """Say what happened."""
        self.stage.tell(Text(zh, en))

    async def refused(
        self, login: str, path: str, body: Any = None, *, method: str = "POST"
    ) -> None:
        """Something that the platform refuses, told with its reasons."""
        problem = await self.stage.refused(login, path, body, method=method)
        self.told.refused(self.stage, problem)


async def begin(stage: Stage) -> Play:
    """Find where and when, and publish the tour's standard."""
    leading = stage.act_as("leading")
    communities, start = await _where_and_when(stage)
    for left in await leading.everything(f"{STANDARDS}?state=published&limit=200"):
        if left["code"].startswith(PREFIX):
            await _retire(stage, left["id"])
    body = {
        "code": f"{PREFIX}{SystemClock().now():%Y%m%d%H%M%S%f}",
        "title": "社区综合考核统一标准（演示）",
        "demo_today": start.isoformat(),
    }
    draft = await stage.post("leading", STANDARDS, body)
    names = {row["code"]: row["name"] for row in rows_of("departments")}
    here = Play(
        stage=stage,
        told=Told(),
        system=await stage.act_as_system(system_of(names["health"])),
        standard=await publish(leading, draft, ITEMS),
        communities=communities,
        today=start,
    )
    here.chapter("一、统一标准", "1. One standard")
    here.tell(
        f"领导小组发布统一标准：{len(ITEMS)} 项，满分 100 分。这是演示，按自己的时钟 {start} 进行，与系统时间无关；"
        f"对象是{'、'.join(one['name'] for one in communities)}。",
        f"The Leading Group publishes one standard of {len(ITEMS)} items for 100 points. It is a "
        f"demonstration with a clock of its own, at {start}; the system's clock is not touched. "
        f"It is about {len(communities)} communities, the first of them {communities[0]['name']}.",
    )
    await here.refused(
        "leading", f"{STANDARDS}/{here.standard['id']}/demo-clock", {"today": here.day(-1)}
    )
    return here


async def end(here: Play) -> None:
    """Take the standard out of force, so that the next request is screened by the year's own."""
    await _retire(here.stage, here.standard["id"])
    grounds = ", ".join(f"{code} ×{n}" for code, n in sorted(here.told.refusals.items()))
    here.tell(
        f"本次演示拒绝 {sum(here.told.refusals.values())} 处：{grounds}。",
        f"This tour met {sum(here.told.refusals.values())} grounds of refusal: {grounds}.",
    )


async def _retire(stage: Stage, id: str) -> None:
    await stage.post("leading", f"{STANDARDS}/{id}/retirement", {"reason": "演示结束"})


async def _where_and_when(stage: Stage) -> tuple[list[dict[str, Any]], date]:
    """The last quarter of the year that is told, and eight neighbouring communities, whose visits
    of that quarter leave room for the tour's, and of which the ledger holds what the tour asks."""
    leading = stage.act_as("leading")
    listed = await leading.everything("/v1/workstation/communities?limit=200&state=active")
    entries = await leading.everything(f"{ENTRIES}?element={ELEMENT}&limit=200")
    held = {one["community_id"] for one in entries}
    listed = sorted((one for one in listed if one["id"] in held), key=lambda one: str(one["code"]))
    groups = [listed[at : at + COMMUNITIES] for at in range(0, len(listed), COMMUNITIES)]
    rule = await stage.get("leading", f"/v1/rules/{MOST_VISITS}")
    for month, day in reversed(QUARTERS):
        start = date(demo_year(), month, day)
        first = date(start.year, month, 1)
        last = (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)
        window = f"since={first}&until={last}&state=announced&limit=200"
        visits = await leading.everything(f"{BASE}/visits?{window}")
        made = Counter(one["community_id"] for one in visits)
        for group in groups:
            most = max(made[one["id"]] for one in group)
            if len(group) == COMMUNITIES and most + SPARE <= rule["value"]:
                return group, start
    raise CannotGoOn(
        Text(
            zh="各社区本年度每季度的联合检查次数已用完，不能再演示。用 ./shequ up --reset 重新开始。",
            en="Every community has had all the visits of each quarter that the rule allows. Begin "
            "anew with ./shequ up --reset.",
        )
    )
