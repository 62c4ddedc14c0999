"""Statements."""

import asyncio
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from services.workstation.funding import access, queries, repository
from services.workstation.funding.domain import Source
from services.workstation.funding.models import Appropriation, JournalEntry
from services.workstation.funding.schemas import Statement
from services.workstation.registry.public import Community
from shared.auth.policy import Reach
from shared.files.checking import XLSX
from shared.web.authentication import Reading, permits
from shared.web.errors import language_of
from shared.web.media import best_media_type

JSON = "application/json"
MOST_ENTRIES = 100_000

router = APIRouter(prefix="/v1/workstation/funds", tags=["money"])


@router.get(
    "/statement",
    operation_id="funding_statement",
    response_model=Statement,
    responses={200: {"content": {XLSX: {}}}},
)
async def statement(
    session: Reading,
    request: Request,
    reach: Annotated[Reach, permits(access.READ)],
    year: Annotated[
        int | None, Query(ge=2000, le=2100, description="This year if left out")
    ] = None,
    by: Literal["community", "street", "department", "source"] = "community",
    community_id: UUID | None = None,
    department_id: UUID | None = None,
    source: Source | None = None,
    accept: Annotated[
        str, Header(max_length=500, description=f"{JSON} or {XLSX}", examples=[JSON])
    ] = JSON,
) -> Statement | Response:
    """A year's money within reach: opening, granted, paid, closing, each explained by its entries;
    as JSON, or as a workbook with the entries by `Accept`. 经费决算表。"""
    media = best_media_type(accept, (JSON, XLSX))
    today: date = request.app.state.clock.today()
    wanted = year or today.year
    language = language_of(request)
    conditions: list[Any] = [
        column == value
        for column, value in (
            (JournalEntry.community_id, community_id),
            (Appropriation.department_id, department_id),
            (Appropriation.source, source),
        )
        if value is not None
    ]
    found = await queries.statement_of(
        session, reach,
        year=wanted, by=by, conditions=conditions, whole=not conditions, this_year=today.year,
        language=language,
    )  # fmt: skip
    if media == JSON:
        return found
    query = (
        repository.entries(reach)
        .add_columns(Community.name.label("community_name"))
        .outerjoin(
            Community,
            (Community.district == JournalEntry.district)
            & (Community.id == JournalEntry.community_id),
        )
        .where(
            JournalEntry.posted_on >= date(wanted, 1, 1),
            JournalEntry.posted_on <= date(wanted, 12, 31),
            *conditions,
        )
        .order_by(JournalEntry.id)
        .limit(MOST_ENTRIES)
    )
    entries = (await session.execute(query)).all()
    content = await asyncio.to_thread(queries.workbook, found, entries, language)
    return Response(
        content,
        media_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="statement-{wanted}.xlsx"'},
    )
