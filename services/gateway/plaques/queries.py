"""Read use cases: which communities keep to the rules, as JSON and as a workbook."""

import io
from typing import Any

import xlsxwriter
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.plaques import repository
from services.gateway.plaques.domain import Rules, counts, to_be_removed
from services.gateway.plaques.schemas import Compliance, ComplianceRow
from shared.auth.policy import Reach
from shared.kernel.text import Language, Text
from shared.web.problem import RuleView

_HEADS = (
    Text("社区", "Community"),
    Text("室外", "Outdoors"),
    Text("室内", "Indoors"),
    Text("照片留存", "On file"),
    Text("未经批准", "Unapproved"),
    Text("应拆除", "To be removed"),
    Text("应由部门承担（元）", "Owed by departments (yuan)"),
)
_NUMBERS = ("outdoor", "indoor", "on_file", "unapproved", "to_be_removed")


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


def workbook(found: Compliance, language: Language) -> bytes:
    """The communities as XLSX; texts are never formulas."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": True}) as book:
        money = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(Text("牌子", "Plaques").in_language(language))
        sheet.set_column(0, len(_HEADS), 16)
        for at, head in enumerate(_HEADS):
            sheet.write_string(0, at, head.in_language(language))
        for line, row in enumerate(found.communities, start=1):
            sheet.write_string(line, 0, row.community_name)
            for at, name in enumerate(_NUMBERS, start=1):
                sheet.write_number(line, at, getattr(row, name))
            sheet.write_number(line, len(_NUMBERS) + 1, row.due_fen / 100, money)
    return content.getvalue()
