"""Files that the registry takes in: streets, communities, their history, grid cells, households."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.registry.domain import (
    AdjustmentKind,
    CommunityKind,
    CommunityState,
    StreetKind,
    adjustment_issues,
)
from services.workstation.registry.events import tell_of_communities
from services.workstation.registry.models import (
    Adjustment,
    AdjustmentPart,
    Community,
    GridCell,
    Household,
    Street,
)
from shared.imports.parsing import choice, civil_date, code, integer, text
from shared.imports.records import Records, Values, ends_before_start, rejected, unknown
from shared.imports.table import Column, Rejected, Template
from shared.kernel.ids import new_id
from shared.kernel.text import Text

STREET = Text(zh="街道", en="street")
COMMUNITY = Text(zh="社区", en="community")
NOTHING = Text(zh="", en="")


def _column(
    name: str,
    zh: str,
    en: str,
    parse: Any,
    example: str,
    note: Text = NOTHING,
    *,
    required: bool = True,
) -> Column:
    return Column(name, Text(zh=zh, en=en), parse, example, note, required)


STREET_KINDS = {"街道": StreetKind.STREET.value, "乡镇": StreetKind.TOWNSHIP.value}
COMMUNITY_KINDS = {
    "城市": CommunityKind.URBAN.value,
    "厂居": CommunityKind.FACTORY.value,
    "村改居": CommunityKind.VILLAGE_CONVERTED.value,
    "近郊": CommunityKind.SUBURBAN.value,
}
STATES = {
    "拟设": CommunityState.PROPOSED.value,
    "现设": CommunityState.ACTIVE.value,
    "已撤": CommunityState.ENDED.value,
}
ADJUSTMENT_KINDS = {
    "新建": AdjustmentKind.CREATE.value,
    "合并": AdjustmentKind.MERGE.value,
    "拆分": AdjustmentKind.SPLIT.value,
    "撤销": AdjustmentKind.ABOLISH.value,
    "改设": AdjustmentKind.CONVERT.value,
}
GRID_KINDS = {"网格": "grid", "楼栋": "building"}


async def street_ids(session: AsyncSession) -> dict[str, Any]:
    """Ids of the district's streets by code."""
    rows = await session.execute(select(Street.code, Street.id))
    return {row.code: row.id for row in rows}


async def community_ids(session: AsyncSession) -> dict[str, Any]:
    """Ids of the district's communities by code."""
    rows = await session.execute(select(Community.code, Community.id))
    return {row.code: row.id for row in rows}


def _community(values: Mapping[str, Any], streets: Mapping[str, Any]) -> Values | Rejected:
    street = streets.get(values["street_code"])
    if street is None:
        return unknown("street_code", STREET, values["street_code"])
    ended = values["state"] == CommunityState.ENDED
    if ended != (values["ended_on"] is not None):
        return rejected(
            "ended_on",
            "ended_on_mismatch",
            Text(
                zh="只有“已撤”的社区才有、且必须有撤销日期。",
                en="Exactly the ended communities have a date of their end.",
            ),
            Text(zh="请更正状态或撤销日期。", en="Mend the state or the date."),
        )
    if ended and values["ended_on"] < values["established_on"]:
        return ends_before_start("ended_on")
    kept = {name: value for name, value in values.items() if name != "street_code"}
    return {**kept, "street_id": street}


def _grid_cell(values: Mapping[str, Any], communities: Mapping[str, Any]) -> Values | Rejected:
    community = communities.get(values["community_code"])
    if community is None:
        return unknown("community_code", COMMUNITY, values["community_code"])
    return {
        "community_id": community,
        "code": values["code"],
        "name": values["name"],
        "kind": values["kind"],
    }


async def _places(session: AsyncSession) -> tuple[dict[str, Any], dict[Any, Any]]:
    cells = await session.execute(select(GridCell.community_id, GridCell.code, GridCell.id))
    return await community_ids(session), {(row.community_id, row.code): row.id for row in cells}


def _household(values: Mapping[str, Any], places: Any) -> Values | Rejected:
    communities, cells = places
    community = communities.get(values["community_code"])
    if community is None:
        return unknown("community_code", COMMUNITY, values["community_code"])
    cell = None
    if values["grid_cell_code"] is not None:
        cell = cells.get((community, values["grid_cell_code"]))
        if cell is None:
            what = Text(zh="网格或楼栋", en="grid cell")
            return unknown("grid_cell_code", what, values["grid_cell_code"])
    return {
        "community_id": community,
        "code": values["code"],
        "address": values["address"],
        "grid_cell_id": cell,
    }


async def _lives(session: AsyncSession) -> dict[str, Any]:
    rows = await session.execute(
        select(Community.code, Community.id, Community.established_on, Community.ended_on)
    )
    return {row.code: row for row in rows}


def _adjustment(values: Mapping[str, Any], communities: Mapping[str, Any]) -> Values | Rejected:
    sides = {
        side: [
            part for part in (values[f"{side}_codes"] or "").replace("；", ";").split(";") if part
        ]
        for side in ("before", "after")
    }
    issues = adjustment_issues(AdjustmentKind(values["kind"]), sides["before"], sides["after"])
    if issues:
        return Rejected(tuple((f"{issue.pointer[1:]}_codes", issue) for issue in issues))
    parts = []
    for side, codes in sides.items():
        for item in codes:
            life = communities.get(item)
            if life is None:
                return unknown(f"{side}_codes", COMMUNITY, item)
            day = life.ended_on if side == "before" else life.established_on
            if day != values["decided_on"]:
                return rejected(
                    f"{side}_codes",
                    "adjustment_date",
                    Text(
                        zh=f"社区“{item}”的{'撤销' if side == 'before' else '设立'}日期与调整日期不一致。",
                        en=f"The community “{item}” did not "
                        f"{'end' if side == 'before' else 'begin'} on the day of the adjustment.",
                    ),
                    Text(zh="请更正其中一个日期。", en="Mend one of the dates."),
                )
            parts.append((life.id, side))
    kept = {
        name: value for name, value in values.items() if name not in {"before_codes", "after_codes"}
    }
    return {**kept, "parts": parts}


class Adjustments(Records):
    """Acts of adjustment with the communities they took from and gave."""

    async def apply(
        self, session: AsyncSession, actor: Any, rows: Sequence[Values], context: Any
    ) -> Any:
        """Write the acts, then their parts; a part that stands is left alone."""
        parts = {row["code"]: row["parts"] for row in rows}
        plain = [{k: v for k, v in row.items() if k != "parts"} for row in rows]
        counts = await super().apply(session, actor, plain, context)
        ids = await session.execute(
            select(Adjustment.code, Adjustment.id).where(Adjustment.code.in_(parts))
        )
        values = [
            {
                "district": actor.district,
                "id": new_id(),
                "adjustment_id": row.id,
                "community_id": community,
                "side": side,
            }
            for row in ids
            for community, side in parts[row.code]
        ]
        await session.execute(insert(AdjustmentPart).on_conflict_do_nothing(), values)
        return counts


STREETS = Records(
    template=Template(
        "streets",
        STREET,
        (
            _column("code", "街道代码", "Street code", code(), "421002001"),
            _column("name", "街道名称", "Name", text(40), "解放街道"),
            _column("kind", "类别", "Kind", choice(STREET_KINDS), "街道"),
        ),
    ),
    model=Street,
    key=("code",),
)
COMMUNITIES = Records(
    template=Template(
        "communities",
        COMMUNITY,
        (
            _column("code", "社区代码", "Community code", code(), "421002001001"),
            _column("name", "社区名称", "Name", text(60), "航空路社区"),
            _column("kind", "类别", "Kind", choice(COMMUNITY_KINDS), "城市"),
            _column("street_code", "街道代码", "Street code", code(), "421002001"),
            _column("state", "状态", "State", choice(STATES), "现设"),
            _column("established_on", "设立日期", "Established on", civil_date, "2003-05-20"),
            _column("ended_on", "撤销日期", "Ended on", civil_date, "", required=False),
            _column(
                "household_count",
                "户数",
                "Households",
                integer(0, 200_000),
                "2500",
                Text(zh="民政统计户数", en="The official number"),
            ),
        ),
    ),
    model=Community,
    key=("code",),
    load=street_ids,
    resolve=_community,
    changed=tell_of_communities,
)
ADJUSTMENTS = Adjustments(
    template=Template(
        "adjustments",
        Text(zh="社区调整", en="adjustments"),
        (
            _column("code", "调整编号", "Adjustment code", code(), "2003-01"),
            _column("round", "轮次", "Round", integer(1, 99), "1"),
            _column("kind", "类别", "Kind", choice(ADJUSTMENT_KINDS), "合并"),
            _column("decided_on", "日期", "Decided on", civil_date, "2003-05-20"),
            _column("document", "文件", "Document", text(200), "沙区政发〔2003〕12号"),
            _column(
                "before_codes",
                "调整前社区",
                "Before",
                text(2000),
                "421002001101;421002001102",
                Text(zh="代码，用分号分隔", en="Codes, separated by semicolons"),
                required=False,
            ),
            _column(
                "after_codes", "调整后社区", "After", text(2000), "421002001001", required=False
            ),
        ),
    ),
    model=Adjustment,
    key=("code",),
    load=_lives,
    resolve=_adjustment,
)
GRID_CELLS = Records(
    template=Template(
        "grid_cells",
        Text(zh="网格与楼栋", en="grid cells"),
        (
            _column("community_code", "社区代码", "Community code", code(), "421002001001"),
            _column("code", "网格代码", "Grid cell code", code(), "01"),
            _column("name", "名称", "Name", text(60), "第一网格"),
            _column("kind", "类别", "Kind", choice(GRID_KINDS), "网格"),
        ),
    ),
    model=GridCell,
    key=("community_id", "code"),
    load=community_ids,
    resolve=_grid_cell,
)
HOUSEHOLDS = Records(
    template=Template(
        "households",
        Text(zh="家庭户", en="households"),
        (
            _column("community_code", "社区代码", "Community code", code(), "421002001001"),
            _column("code", "户编号", "Household code", code(), "000001"),
            _column("address", "地址", "Address", text(200), "航空路12号3栋2单元501室"),
            _column("grid_cell_code", "网格代码", "Grid cell code", code(), "01", required=False),
        ),
    ),
    model=Household,
    key=("community_id", "code"),
    load=_places,
    resolve=_household,
)
