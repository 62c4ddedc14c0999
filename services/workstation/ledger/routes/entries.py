"""Entries of the ledger."""

import asyncio
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from services.workstation.ledger import access, queries, recording, repository, sheets
from services.workstation.ledger.access import Collector
from services.workstation.ledger.models import LedgerEntry
from services.workstation.ledger.queries import Filters, Reader
from services.workstation.ledger.routes.reading import Look, Looking
from services.workstation.ledger.schemas import (
    CorrectionRequest,
    EntryRequest,
    EntryView,
    PeriodText,
)
from shared.auth.policy import Reach
from shared.files.checking import XLSX
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act, Acting
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.errors import language_of
from shared.web.media import best_media_type
from shared.web.paging import Page, Paging
from shared.web.shapes import Code, ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

JSON, CSV = "application/json", "text/csv"
MOST_ROWS = 50_000
_SHEETS = {CSV: (sheets.as_csv, "csv"), XLSX: (sheets.as_workbook, "xlsx")}
_ALL = Reach(whole_district=True)

router = APIRouter(
    prefix="/v1/workstation/ledger/entries", tags=["ledger"], route_class=UnitOfWorkRoute
)
Record = Annotated[Reach, permits(access.RECORD)]


async def _collector(principal: CurrentPrincipal) -> Collector:
    return Collector.of(principal)


async def _filters(
    element: Annotated[
        list[Code] | None, Query(max_length=50, description="Codes of elements")
    ] = None,
    q: Annotated[
        str | None,
        Query(
            max_length=40, pattern=r"^[^\x00]*$", description="Part of an element's code or title"
        ),
    ] = None,
    community_id: UUID | None = None,
    household_id: UUID | None = None,
    resident_id: UUID | None = None,
    period: PeriodText | None = None,
    on: Annotated[
        date | None, Query(description="Those that counted on that day, as known then")
    ] = None,
    history: Annotated[bool, Query(description="Those that ended too")] = False,
) -> Filters:
    return Filters(element or [], q, community_id, household_id, resident_id, period, on, history)


Collecting = Annotated[Collector, Depends(_collector)]
Filtering = Annotated[Filters, Depends(_filters)]


async def _shown(act: Act, id: UUID) -> EntryView:
    """The entry as the one who has just entered it sees it."""
    row = (await act.session.execute(repository.entries(_ALL).where(LedgerEntry.id == id))).one()
    return Reader(_ALL, personal=_ALL).view(row)


@router.get(
    "",
    operation_id="ledger_entries",
    response_model=Page[EntryView],
    responses={200: {"content": {CSV: {"example": "数据项,名称,…"}, XLSX: {}}}},
)
async def entries(
    session: Reading,
    request: Request,
    page: Paging,
    look: Looking,
    filters: Filtering,
    accept: Annotated[
        str, Header(max_length=500, description=f"{JSON}, {CSV} or {XLSX}", examples=[JSON])
    ] = JSON,
) -> Page[EntryView] | Response:
    """Entries within reach, by element, what was recorded last first; a department sees those of elements that
    it owns or has a grant for, and each of its reads is logged. 台账条目。"""
    media = best_media_type(accept, (JSON, CSV, XLSX))
    wanted = await queries.asked_elements(session, look.reader, filters)
    query = queries.listed(look.reader, filters, wanted)
    if media != JSON:
        return await _sheet(session, request, look, query, filters, media)
    rows = (await session.execute(page.apply(query, *repository.LISTED, descending=True))).all()
    await look.log(*rows[: page.limit], asked=wanted if filters.element else (), **filters.told())
    return page.page(rows, lambda row: (row.element_id, row.recorded_on, row.id), look.reader.view)


async def _sheet(
    session: AsyncConnection, request: Request, look: Look, query: Any, filters: Filters, media: str
) -> Response:
    ordered = query.order_by(*(column.desc() for column in repository.LISTED))
    rows = (await session.execute(ordered.limit(MOST_ROWS + 1))).all()
    if len(rows) > MOST_ROWS:
        raise Invalid(issues=(_too_many(),))
    await look.log(*rows, **filters.told())
    make, suffix = _SHEETS[media]
    language = language_of(request)
    content = await asyncio.to_thread(
        lambda: make([look.reader.view(row) for row in rows], language)
    )
    return Response(
        content,
        media_type=media,
        headers={"Content-Disposition": f'attachment; filename="ledger.{suffix}"'},
    )


@router.post("", operation_id="ledger_record", status_code=201)
async def record(
    body: EntryRequest, act: Acting, collector: Collecting, _reach: Record
) -> EntryView:
    """Enter a value, by who collects the element there. 登记台账条目。"""
    made = await recording.record_entry(
        act.session, act.actor, collector, body.model_dump(), today=act.today
    )
    return await _shown(act, made.id)


@router.get("/{id}", operation_id="ledger_entry")
async def entry(id: UUID, session: Reading, look: Looking) -> EntryView:
    """One entry. 条目详情。"""
    row = await queries.one_entry(session, look.reader, id)
    await look.log(row, entry=str(id))
    return look.reader.view(row)


@router.get("/{id}/history", operation_id="ledger_entry_history")
async def history(id: UUID, session: Reading, look: Looking) -> list[EntryView]:
    """Everything that was said for the entry's element, subject and period, newest first, with who
    ended it and why. 更正经过。"""
    row = await queries.one_entry(session, look.reader, id)
    rows = await queries.versions_of(session, look.reader, row)
    await look.log(*rows, history_of=str(id))
    return [look.reader.view(one) for one in rows]


@router.post("/{id}/correction", operation_id="ledger_correct", status_code=201)
async def correct(
    id: UUID, body: CorrectionRequest, act: Acting, collector: Collecting, _reach: Record
) -> EntryView:
    """Put another value in the place of one that stands; the old one stays in the history.
    更正条目。"""
    found, element = await recording.collected_entry(act.session, act.actor, collector, id)
    made = await recording.correct(
        act.session, act.actor, found, element, body.model_dump(), today=act.today
    )
    return await _shown(act, made.id)


@router.post("/{id}/withdrawal", operation_id="ledger_withdraw_entry")
async def withdraw(
    id: UUID, body: ReasonRequest, act: Acting, collector: Collecting, _reach: Record
) -> EntryView:
    """End an entry that should not have been made. 撤销条目。"""
    found, element = await recording.collected_entry(act.session, act.actor, collector, id)
    await recording.withdraw(
        act.session, act.actor, found, element, reason=body.reason, today=act.today
    )
    return await _shown(act, id)


def _too_many() -> Issue:
    return Issue(
        code="export_too_large",
        pointer="/query",
        detail=Text(
            zh=f"符合条件的条目超过 {MOST_ROWS} 条，未导出。",
            en=f"More than {MOST_ROWS} entries match, so nothing was exported.",
        ),
        remedy=Text(
            zh="请按数据项、社区或期间缩小范围，分次导出。",
            en="Narrow it by element, community or period, and export in parts.",
        ),
    )
