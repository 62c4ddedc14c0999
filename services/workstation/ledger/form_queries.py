"""Read use cases of forms and reuse."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.workstation.ledger import form_repository, workbooks
from services.workstation.ledger.domain import ValueType, show_value
from services.workstation.ledger.form_schemas import (
    FormAnswer,
    FormDetail,
    FormView,
    Reuse,
    ReuseRow,
)
from services.workstation.ledger.models import LedgerForm
from services.workstation.ledger.planning import FormState
from services.workstation.ledger.workbooks import Filled
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.files.store import FileStore
from shared.kernel.text import Language

_SUMS = ("forms", "forms_avoided", "from_ledger", "joined", "asked")


def form_view(row: Any, today: date) -> FormView:
    """A form in a list."""
    return FormView(**_own(row, today))


def form_detail(row: Any, today: date) -> FormDetail:
    """A form with its workbook's mapping."""
    return FormDetail(**_own(row, today), sheet=row.sheet)


def _own(row: Any, today: date) -> dict[str, Any]:
    made = {"overdue", "with_sheet"}
    own = {name: getattr(row, name) for name in FormView.model_fields if name not in made}
    late = row.state == FormState.OPEN and row.due_on is not None and row.due_on < today
    return {**own, "overdue": late, "with_sheet": row.sheet is not None}


def sheet_key(district: str, form_id: UUID) -> str:
    """Where a form's workbook is kept."""
    return f"{district}/ledger-forms/{form_id}"


async def one_form(session: AsyncConnection, reach: Reach, id: UUID) -> Any:
    """A form within reach. Raises NotFound."""
    query = form_repository.forms(reach).where(LedgerForm.id == id)
    return await the_row(session, query)


def answer_view(row: Any) -> FormAnswer:
    """A cell of a form."""
    made = {"value", "corrected"}
    own = {name: getattr(row, name) for name in FormAnswer.model_fields if name not in made}
    return FormAnswer(**own, value=_value(row), corrected=row.ended_on is not None)


def _value(row: Any) -> bool | int | str | None:
    return None if row.value is None else show_value(ValueType(row.type), row.value)


async def filled_workbook(
    files: FileStore, form: Any, rows: Sequence[Any], language: Language
) -> bytes:
    """The form's own workbook filled in, or a grid where it came as a list."""
    values: Filled = {
        (row.element, row.period, row.community_id): value
        for row in rows
        if (value := _value(row)) is not None
    }
    if form.sheet is not None:
        chunks = [chunk async for chunk in files.chunks(sheet_key(form.district, form.id))]
        return await asyncio.to_thread(workbooks.fill, b"".join(chunks), form.sheet, values)
    heads = {(row.element, row.period): f"{row.element_title}（{row.period}）" for row in rows}
    communities = {row.community_id: row.community_name for row in rows}
    return await asyncio.to_thread(
        workbooks.grid,
        [(*key, heading) for key, heading in heads.items()],
        list(communities.items()),
        values,
        language,
    )


async def reuse_of(
    session: AsyncConnection, reach: Reach, year: int, community_id: UUID | None
) -> Reuse:
    """A year's reuse within reach."""
    found = await form_repository.reuse(session, reach, year, community_id)
    rows = [_reuse(row.community_id, row.community_name, row._mapping) for row in found]
    sums = {name: sum(getattr(row, name) for row in rows) for name in _SUMS}
    return Reuse(year=year, rows=rows, total=_reuse(None, None, sums))


def _reuse(community_id: UUID | None, name: str | None, counted: Any) -> ReuseRow:
    counts = {key: int(counted[key]) for key in _SUMS}
    values = counts["from_ledger"] + counts["joined"] + counts["asked"]
    return ReuseRow(community_id=community_id, community_name=name, values=values, **counts)
