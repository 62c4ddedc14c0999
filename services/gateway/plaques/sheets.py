"""The inventory of many communities in one sheet, as it was found on the spot: what hangs, and what
was taken down since. Photographs follow."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.admission.public import Community
from services.gateway.identity.public import Department
from services.gateway.plaques.domain import Kind, Payer, Where
from services.gateway.plaques.models import Plaque
from shared.audit.record import Actor, record
from shared.auth.policy import Place, Reach
from shared.imports.bulk import insert_rows
from shared.imports.parsing import choice, civil_date, code, text, yuan
from shared.imports.records import ends_before_start, rejected, unknown
from shared.imports.table import Column, Counts, Rejected, Template
from shared.kernel.ids import new_id
from shared.kernel.text import Text

MOST_ROWS = 5_000
KINDS = {
    "党组织": Kind.PARTY_ORGANISATION.value,
    "居委会": Kind.COMMITTEE.value,
    "工作站": Kind.WORKSTATION.value,
    "其他": Kind.OTHER.value,
}
PLACES = {"室外": Where.OUTDOOR.value, "室内": Where.INDOOR.value, "照片": Where.PHOTO.value}
PAYERS = {
    "部门": Payer.DEPARTMENT.value,
    "街道": Payer.STREET.value,
    "社区": Payer.COMMUNITY.value,
    "不明": Payer.UNKNOWN.value,
}
_UNKNOWN = Text(zh="不清楚的可不填", en="empty when it is not known")
_HANGS = Text(zh="仍挂着的不填", en="empty while it hangs")

TEMPLATE = Template(
    "plaques",
    Text(zh="牌子清单", en="inventory of plaques"),
    (
        Column("community", Text("社区代码", "community"), code(), "421002001001"),
        Column("title", Text("牌子名称", "title"), text(120), "计划生育服务站"),
        Column("kind", Text("类别", "kind"), choice(KINDS), "其他"),
        Column("where", Text("位置", "where"), choice(PLACES), "室外"),
        Column("room", Text("功能室", "room"), text(120), "", required=False),
        Column(
            "department", Text("部门代码", "department"), code(), "health", _UNKNOWN,
            required=False,
        ),
        Column("payer", Text("出资", "payer"), choice(PAYERS), "社区", _UNKNOWN, required=False),
        Column("cost", Text("费用（元）", "cost (yuan)"), yuan, "180", _UNKNOWN, required=False),
        Column("hung_on", Text("挂牌日期", "hung on"), civil_date, "2019-05-01"),
        Column(
            "removed_on", Text("拆除日期", "removed on"), civil_date, "", _HANGS, required=False
        ),
        Column(
            "removed_because", Text("拆除原因", "removed because"), text(120), "", _HANGS,
            required=False,
        ),
    ),
)  # fmt: skip
COLUMNS = {
    "district": "char(6)", "id": "uuid", "community_id": "uuid", "department_id": "uuid",
    "kind": "text", "title": "text", "where": "text", "room": "text", "payer": "text",
    "cost": "bigint", "hung_on": "date", "removed_on": "date", "removed_because": "text",
    "recorded_by": "uuid", "version": "integer",
}  # fmt: skip
Key = tuple[UUID, str, date]


@dataclass(slots=True)
class Known:
    """Communities within reach and departments by code, and the plaques seen in the sheet."""

    communities: Mapping[str, UUID]
    departments: Mapping[str, UUID]
    seen: set[Key] = field(default_factory=set)


class InventorySheet:
    """How rows become plaques of communities within reach."""

    template = TEMPLATE

    def __init__(self, reach: Reach, today: date) -> None:
        self._reach, self._today = reach, today

    async def prepare(self, session: AsyncSession, district: str) -> Known:
        """What rows refer to."""
        places = await session.execute(select(Community.code, Community.id, Community.street_id))
        departments = await session.execute(select(Department.code, Department.id))
        return Known(
            {
                row.code: row.id
                for row in places
                if self._reach.covers(Place(street=row.street_id, community=row.id))
            },
            {row.code: row.id for row in departments},
        )

    def check(self, values: Mapping[str, Any], context: Known) -> dict[str, Any] | Rejected:
        """A row as a plaque, or all that is wrong with it."""
        faults: list[Rejected] = []
        for column, what, known in (
            ("community", Text(zh="社区", en="community"), context.communities),
            ("department", Text(zh="部门", en="department"), context.departments),
        ):
            if values[column] is not None and values[column] not in known:
                faults.append(unknown(column, what, values[column]))
        hung, removed = values["hung_on"], values["removed_on"]
        faults += [
            _in_future(column)
            for column in ("hung_on", "removed_on")
            if values[column] is not None and values[column] > self._today
        ]
        if removed is not None and removed < hung:
            faults.append(ends_before_start("removed_on"))
        if (removed is None) != (values["removed_because"] is None):
            faults.append(_REASON)
        community = context.communities.get(values["community"])
        if community is not None:
            key = (community, values["title"], hung)
            if key in context.seen:
                faults.append(_REPEATED)
            context.seen.add(key)
        if faults:
            return Rejected(tuple(issue for fault in faults for issue in fault.issues))
        return {
            "community_id": community,
            "department_id": context.departments.get(values["department"] or ""),
            "kind": values["kind"],
            "title": values["title"],
            "where": values["where"],
            "room": values["room"] or "",
            "payer": values["payer"] or Payer.UNKNOWN.value,
            "cost": values["cost"] or 0,
            "hung_on": hung,
            "removed_on": removed,
            "removed_because": values["removed_because"],
        }

    async def apply(
        self, session: AsyncSession, actor: Actor, rows: Sequence[Any], context: Known
    ) -> Counts:
        """Take in the rows that are new. A plaque that stands there with the same name since the
        same day is the one that was meant, whatever became of it since. Two sheets about a
        community wait for each other."""
        communities = {row["community_id"] for row in rows}
        await lock_communities(session, communities)
        there = await _there(session, communities)
        fresh = [row for row in rows if _key(row) not in there]
        values = [
            {
                "district": actor.district,
                "id": new_id(),
                "recorded_by": actor.id,
                "version": 1,
                **row,
            }
            for row in fresh
        ]
        table = Plaque.__tablename__
        await insert_rows(
            session, table, COLUMNS, [[row[name] for name in COLUMNS] for row in values]
        )
        for community in sorted({row["community_id"] for row in fresh}):
            own = sum(row["community_id"] == community for row in fresh)
            await record(
                session, actor, "plaque.inventory_taken", ("community", community),
                after={"plaques": own},
            )  # fmt: skip
        return Counts(created=len(fresh), unchanged=len(rows) - len(fresh))


async def lock_communities(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Lock communities, in one order."""
    query = select(Community.id).where(Community.id.in_(ids)).order_by(Community.id)
    await session.execute(query.with_for_update())


async def _there(session: AsyncSession, communities: Collection[UUID]) -> set[Key]:
    rows = await session.execute(
        select(Plaque.community_id, Plaque.title, Plaque.hung_on).where(
            Plaque.community_id.in_(communities)
        )
    )
    return {(row.community_id, row.title, row.hung_on) for row in rows}


def _key(row: Mapping[str, Any]) -> Key:
    return row["community_id"], row["title"], row["hung_on"]


def _in_future(column: str) -> Rejected:
    return rejected(
        column,
        "in_future",
        Text(zh="日期晚于今天。", en="The day lies in the future."),
        Text(zh="请填写实际日期。", en="Give the actual day."),
    )


_REASON = rejected(
    "removed_because",
    "removal_incomplete",
    Text(
        zh="拆除日期和拆除原因须同时填写或同时不填。",
        en="The day and the reason of a removal go together.",
    ),
    Text(zh="请补充或都不填。", en="Give both, or neither."),
)
_REPEATED = rejected(
    "title",
    "repeated",
    Text(zh="同一社区同日同名的牌子在表中重复。", en="This plaque stands twice in the sheet."),
    Text(zh="请删除重复行，或在名称中区分。", en="Remove one, or tell them apart by their titles."),
)
