"""Many requests in one sheet, a row each: every fault named by row and column."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.admission.public import Community
from services.gateway.assessment.requests import applying
from services.gateway.assessment.requests.domain import Level, RequestKind
from services.gateway.assessment.requests.models import Request
from services.gateway.assessment.requests.objections import LONGEST_WINDOW, window_too_long
from services.gateway.identity.public import Department
from shared.audit.record import Actor
from shared.imports.parsing import choice, civil_date, code, integer, text, yes_no
from shared.imports.records import ends_before_start, rejected, unknown
from shared.imports.table import Column, Counts, Finding, Rejected, Template
from shared.kernel.text import Text

MOST_ROWS = 300
KINDS = {
    "检查": RequestKind.INSPECTION.value,
    "考核": RequestKind.ASSESSMENT.value,
    "验收": RequestKind.ACCEPTANCE.value,
    "创建": RequestKind.CAMPAIGN.value,
}
LEVELS = {
    "省": Level.PROVINCE.value,
    "市": Level.CITY.value,
    "区": Level.DISTRICT.value,
}
_BETWEEN = re.compile(r"[\s,，;；、]+")
_LIST = Text(zh="多个之间用逗号或顿号分隔", en="several separated by commas")
_ALL = Text(zh="留空即全区；多个之间用逗号或顿号分隔", en="empty: all; separated by commas")


def _listed(longest: int) -> Any:
    parse = text(longest)
    return lambda cell: [one for one in _BETWEEN.split(parse(cell)) if one]


TEMPLATE = Template(
    "inspection_requests",
    Text(zh="检查考核申请", en="inspection requests"),
    (
        Column("reference", Text("编号", "reference"), code(), "GA-2026-03"),
        Column("title", Text("名称", "title"), text(120), "社区警务工作检查"),
        Column("kind", Text("类型", "kind"), choice(KINDS), "检查"),
        Column(
            "comprehensive", Text("综合性", "comprehensive"), yes_no, "否", required=False
        ),
        Column("level", Text("级别", "level"), choice(LEVELS), "区"),
        Column(
            "legal_basis", Text("依据", "legal basis"), text(500), "公安机关社区警务工作规范",
            required=False,
        ),
        Column("items", Text("项目代码", "items"), _listed(2000), "GA-07、GA-08", _LIST),
        Column(
            "material_items", Text("需报材料的项目", "items with material"), _listed(2000), "",
            _LIST, required=False,
        ),
        Column(
            "communities", Text("社区代码", "communities"), _listed(8000), "", _ALL,
            required=False,
        ),
        Column("streets", Text("街道", "streets"), _listed(1000), "", _ALL, required=False),
        Column("starts_on", Text("开始日期", "starts on"), civil_date, "2026-12-14"),
        Column("last_on", Text("最后一日", "last day"), civil_date, "2026-12-28"),
        Column(
            "minutes_on_site", Text("现场分钟", "minutes on site"), integer(10, 480), "60"
        ),
        Column(
            "inspectors_per_day", Text("每日检查人员", "inspectors per day"), integer(1, 200),
            "4",
        ),
        Column("team", Text("检查组", "team"), text(500), "治安大队二中队", required=False),
    ),
)  # fmt: skip


@dataclass(slots=True)
class Places:
    """What rows refer to, and the references seen in the sheet."""

    communities: Mapping[str, UUID]
    streets: Mapping[str, UUID]
    seen: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that is a request: a new draft, or one that was there as it stands in the sheet."""

    row: int
    request: Request
    created: bool


class RequestSheet:
    """How rows become requests of one department."""

    template = TEMPLATE

    def __init__(self, department: Department) -> None:
        self._department = department

    async def prepare(self, session: AsyncSession, district: str) -> Places:
        """The district's communities by code and streets by name."""
        rows = (
            await session.execute(
                select(Community.code, Community.id, Community.street_name, Community.street_id)
            )
        ).all()
        return Places(
            {row.code: row.id for row in rows}, {row.street_name: row.street_id for row in rows}
        )

    def check(self, values: Mapping[str, Any], context: Places) -> dict[str, Any] | Rejected:
        """A row as a request's values, or all that is wrong with it."""
        faults: list[Rejected] = []
        if values["reference"] in context.seen:
            faults.append(
                rejected(
                    "reference",
                    "repeated",
                    Text(zh="编号在表中重复。", en="The reference stands twice in the sheet."),
                    Text(zh="请改为不同的编号。", en="Use another one."),
                )
            )
        context.seen.add(values["reference"])
        if values["last_on"] < values["starts_on"]:
            faults.append(ends_before_start("last_on"))
        if values["last_on"] - values["starts_on"] >= LONGEST_WINDOW:
            long = window_too_long()
            faults.append(rejected("last_on", long.code, long.detail, long.remedy))
        ids: dict[str, list[UUID]] = {}
        for column, what, known in (
            ("communities", Text(zh="社区", en="community"), context.communities),
            ("streets", Text(zh="街道", en="street"), context.streets),
        ):
            named = values[column] or []
            faults += [unknown(column, what, one) for one in named if one not in known]
            ids[column] = [known[one] for one in named if one in known]
        material = set(values["material_items"] or [])
        faults += [
            unknown("material_items", Text(zh="项目", en="item"), one)
            for one in sorted(material - set(values["items"]))
        ]
        if faults:
            return Rejected(tuple(issue for fault in faults for issue in fault.issues))
        return {
            "reference": values["reference"],
            "title": values["title"],
            "kind": values["kind"],
            "comprehensive": bool(values["comprehensive"]),
            "level": values["level"],
            "legal_basis": values["legal_basis"] or "",
            "items": [
                {"code": one, "veto": False, "material": one in material, "legal_basis": ""}
                for one in values["items"]
            ],
            "targets": {"communities": ids["communities"], "kinds": [], "streets": ids["streets"]},
            "starts_on": values["starts_on"],
            "ends_on": values["last_on"] + timedelta(days=1),
            "minutes_on_site": values["minutes_on_site"],
            "inspectors_per_day": values["inspectors_per_day"],
            "team": values["team"] or "",
        }

    async def apply(
        self, session: AsyncSession, actor: Actor, rows: Sequence[Any], context: Places
    ) -> Counts:
        """Draft the rows that are new."""
        taken = await self.take(session, actor, list(enumerate(rows)))
        created = sum(isinstance(one, Taken) and one.created for one in taken)
        return Counts(created=created, unchanged=len(taken) - created)

    async def take(
        self, session: AsyncSession, actor: Actor, rows: Sequence[tuple[int, Any]]
    ) -> list[Taken | Finding]:
        """Draft the rows that are new; one whose reference stands for something else is a fault."""
        found = await session.scalars(
            select(Request).where(
                Request.department_id == self._department.id,
                Request.reference.in_([values["reference"] for _, values in rows]),
            )
        )
        known = {one.reference: one for one in found}
        taken: list[Taken | Finding] = []
        for number, values in rows:
            there = known.get(values["reference"])
            if there is None:
                made = await applying.draft(session, actor, self._department, values)
                taken.append(Taken(number, made, True))
            elif _same(there, values):
                taken.append(Taken(number, there, False))
            else:
                taken.append(Finding(number, "reference", _TAKEN.issues[0][1]))
        return taken


_TAKEN = rejected(
    "reference",
    "reference_taken",
    Text(zh="该编号已用于另一个内容不同的申请。", en="The reference stands for another request."),
    Text(zh="请换一个编号，或在原申请上修改。", en="Use another one, or change that request."),
)


def _same(request: Request, values: Mapping[str, Any]) -> bool:
    return all(getattr(request, name) == value for name, value in applying.stored(values).items())
