"""Write use cases of forms that come as a department's own workbook."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger import repository
from services.workstation.ledger.asking import Wanted, draft, submit
from services.workstation.ledger.domain import Scope
from services.workstation.ledger.models import LedgerForm
from services.workstation.ledger.planning import FORM
from services.workstation.ledger.workbooks import read_layout
from services.workstation.registry.public import Community
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act


async def begin(
    act: Act, department_id: UUID, *, title: str, purpose: str, as_of: date, content: bytes
) -> LedgerForm:
    """Begin a form with a workbook: a draft that proposes which column is which element. Raises
    Invalid for what is no such workbook."""
    elements = [
        element
        for element in (await repository.elements_by_code(act.session)).values()
        if element.scope is Scope.COMMUNITY and element.ended_on is None
    ]
    rule = act.rulebook.lookup("ledger.header_similarity", act.actor.district, act.today)
    names = await _names(act.session)
    layout = read_layout(content, elements, names, rule.fraction())
    return await draft(
        act, department_id,
        title=title, purpose=purpose, as_of=as_of, sheet=layout.stored(), id=new_id(),
    )  # fmt: skip


async def _names(session: AsyncSession) -> dict[str, UUID]:
    """Active communities by code and, where no other has it, by name."""
    query = select(Community.id, Community.code, Community.name)
    rows = (await session.execute(query.where(Community.state == "active"))).all()
    names = [row.name for row in rows]
    return {row.name: row.id for row in rows if names.count(row.name) == 1} | {
        row.code: row.id for row in rows
    }


async def submit_sheet(act: Act, form: LedgerForm, told: Sequence[Mapping[str, Any]]) -> None:
    """Submit a locked draft with a workbook, by the department's mapping where it gives one. Raises
    Conflict for a form without workbook or in another state, Invalid for a mapping that does not
    fit."""
    if form.sheet is None:
        raise Conflict(
            code="form_without_sheet",
            detail=Text(
                zh="这份报表不是由表格文件发起的。", en="This form did not begin with a workbook."
            ),
        )
    FORM.step(form.state, "submission", by=act.roles, reason=None)
    columns = _mapped(form.sheet, told)
    places = {line["community_id"] for line in form.sheet["lines"]} - {None}
    filled = [column for column in columns if column["element"] is not None]
    if not filled or not places:
        raise Invalid(issues=(_nothing_mapped(),))
    wanted = [Wanted(column["element"], column["period"]) for column in filled]
    periods = await submit(act, form, wanted, sorted(UUID(place) for place in places))
    for column, period in zip(filled, periods, strict=True):
        column["period"] = period
    form.sheet = {**form.sheet, "columns": columns}
    await act.session.flush()


def _mapped(sheet: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    columns = {column["column"]: dict(column) for column in sheet["columns"]}
    issues = []
    for at, one in enumerate(told):
        kept = columns.get(one["column"])
        if kept is None or one["column"] == sheet["community_column"]:
            issues.append(_column_unknown(one["column"], at))
        else:
            kept["element"], kept["period"] = one["element"], one["period"]
    if issues:
        raise Invalid(issues=issues)
    return list(columns.values())


def _column_unknown(column: int, at: int) -> Issue:
    return Issue(
        code="column_unknown",
        pointer=f"/columns/{at}/column",
        detail=Text(
            zh=f"表格中没有可填的第 {column} 列。", en=f"The sheet has no column {column} to fill."
        ),
        remedy=Text(
            zh="请按返回的 sheet.columns 填写。", en="Take the columns from `sheet.columns`."
        ),
    )


def _nothing_mapped() -> Issue:
    return Issue(
        code="nothing_mapped",
        pointer="/columns",
        detail=Text(
            zh="没有一列对应到数据项，或没有一行写明社区。",
            en="No column is mapped to an element, or no row names a community.",
        ),
        remedy=Text(
            zh="请在 columns 中指明各列的数据项，或更正表格中的社区名称后重新上传。",
            en="Say in `columns` which element each column is, or mend the communities' names and "
            "send the workbook again.",
        ),
    )
