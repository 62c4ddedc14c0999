"""Read use cases: which communities keep to the rules, as JSON and as a workbook."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.plaques import repository
from services.gateway.plaques.domain import Rules, counts, to_be_removed
from services.gateway.plaques.schemas import Compliance, ComplianceRow
from shared.auth.policy import Reach
from shared.kernel.money import Money
from shared.kernel.text import Language, Text
from shared.web.problem import RuleView
from shared.web.workbooks import Columns, workbook

_TITLE = Text("牌子", "Plaques")
_COLUMNS: Columns[ComplianceRow] = (
    (Text("社区", "Community"), lambda row: row.community_name),
    (Text("室外", "Outdoors"), lambda row: row.outdoor),
    (Text("室内", "Indoors"), lambda row: row.indoor),
    (Text("照片留存", "On file"), lambda row: row.on_file),
    (Text("未经批准", "Unapproved"), lambda row: row.unapproved),
    (Text("应拆除", "To be removed"), lambda row: row.to_be_removed),
    (Text("应由部门承担（元）", "Owed by departments (yuan)"), lambda row: Money(row.due_fen)),
)


async def compliance_of(session: AsyncConnection, reach: Reach, rule: Rules) -> Compliance:
    """Every community within reach judged by today's rules, in two queries."""
    places = await session.execute(repository.communities(reach).order_by("code"))
    hanging = await repository.hanging_by_community(session, None)
    rows = [_row(place, [one for one, _ in hanging.get(place.id, [])], rule) for place in places]
    return Compliance(
        communities=rows,
        plaques=sum(row.outdoor + row.indoor + row.on_file for row in rows),
        outdoor=sum(row.outdoor for row in rows),
        to_be_removed=sum(row.to_be_removed for row in rows),
        due_fen=sum(row.due_fen for row in rows),
        rules=[RuleView.of(one) for one in to_be_removed([], rule=rule).rules],
    )


def _row(place: Any, hanging: list[Any], rule: Rules) -> ComplianceRow:
    found = counts(hanging)
    down = len(to_be_removed(hanging, rule=rule).value)
    return ComplianceRow(
        community_id=place.id,
        community_code=place.code,
        community_name=place.name,
        outdoor=found.outdoor,
        indoor=found.indoor,
        on_file=found.on_file,
        unapproved=found.unapproved,
        to_be_removed=down,
        by_payer=found.by_payer,
        due_fen=found.due_fen,
        compliant=down == 0 and found.due_fen == 0,
    )


def sheet_of(found: Compliance, language: Language) -> bytes:
    """The communities as XLSX."""
    return workbook(_TITLE, _COLUMNS, found.communities, language)
