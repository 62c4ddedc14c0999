"""Shared results."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from services.gateway.assessment.requests.models import Request as InspectionRequest
from services.gateway.assessment.requests.repository import requests
from services.gateway.assessment.results import access, sharing
from services.gateway.assessment.results.models import Result, ResultLine
from services.gateway.assessment.results.schemas import SharedResult
from services.gateway.assessment.standards.domain import COVERING, Relation
from shared.auth.policy import Place, Reach
from shared.db.base import Rows
from shared.db.reading import the_row
from shared.files.checking import XLSX
from shared.web.authentication import Reading, permits
from shared.web.days import Day
from shared.web.errors import language_of
from shared.web.media import best_media_type
from shared.web.paging import Page, Paging
from shared.web.workbooks import MOST_ROWS, download, workbook

JSON = "application/json"
router = APIRouter(prefix="/v1/assessment/shared-results", tags=["assessment"])


def _view(row: Any) -> SharedResult:
    own = {name: getattr(row, name) for name in SharedResult.model_fields if name != "complete"}
    return SharedResult(**own, complete=Relation(row.relation) in COVERING)


@router.get(
    "",
    operation_id="assessment_shared_results",
    response_model=Page[SharedResult],
    responses={200: {"content": {XLSX: {}}}},
)
async def shared_results(
    session: Reading,
    request: Request,
    page: Paging,
    day: Day,
    reach: Annotated[Reach, permits(access.SHARE)],
    department_id: UUID | None = None,
    request_id: UUID | None = None,
    campaign_id: UUID | None = None,
    community_id: UUID | None = None,
    history: Annotated[bool, Query(description="Those that are no longer valid too")] = False,
    accept: Annotated[
        str, Header(max_length=500, description=f"{JSON} or {XLSX}", examples=[JSON])
    ] = JSON,
) -> Page[SharedResult] | Response:
    """Final results of what a department's approved requests asked for, by its own codes and in its
    own communities; nothing of others. As a spreadsheet with `Accept: …sheet`. 共享成果。"""
    media = best_media_type(accept, (JSON, XLSX))
    departments = None if reach.whole_district else reach.departments
    if department_id is not None:
        reach.require(Place(department=department_id))
        departments = frozenset({department_id})
    if request_id is not None:
        await the_row(session, requests(reach).where(InspectionRequest.id == request_id))
    query = sharing.shared_results(departments)
    for column, value in (
        (InspectionRequest.id, request_id),
        (Result.campaign_id, campaign_id),
        (ResultLine.community_id, community_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if not history:
        query = sharing.valid_on(query, day)
    if media == XLSX:
        return await _workbook(session, request, query)
    rows = (await session.execute(page.apply(query, *sharing.ORDER))).all()
    return page.page(rows, lambda row: (row.verdict_id, row.line_id), _view)


async def _workbook(session: AsyncConnection, request: Request, query: Rows) -> Response:
    ordered = query.order_by(*sharing.ORDER).limit(MOST_ROWS + 1)
    rows = [_view(row) for row in (await session.execute(ordered)).all()]
    made = await asyncio.to_thread(
        workbook, sharing.TITLE, sharing.COLUMNS, rows, language_of(request)
    )
    return download(made, "shared-results")
