"""The burden."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from services.gateway.assessment.public import LedgerOfCaller
from services.gateway.burden import access, queries, sheet
from services.gateway.burden.schemas import Burden
from shared.auth.policy import Reach
from shared.files.checking import XLSX
from shared.web.authentication import Reading, permits
from shared.web.errors import language_of
from shared.web.media import best_media_type
from shared.web.workbooks import download

JSON = "application/json"
router = APIRouter(prefix="/v1/burden", tags=["burden"])


@router.get(
    "",
    operation_id="burden_burden",
    response_model=Burden,
    responses={200: {"content": {XLSX: {}}}},
)
async def burden(
    session: Reading,
    request: Request,
    ledger: LedgerOfCaller,
    reach: Annotated[Reach, permits(access.READ)],
    community: Annotated[UUID | None, Query(description="Only this community")] = None,
    street: Annotated[UUID | None, Query(description="Only this street's communities")] = None,
    year: Annotated[
        int | None, Query(ge=2000, le=2100, description="This year if left out")
    ] = None,
    accept: Annotated[
        str, Header(max_length=500, description=f"{JSON} or {XLSX}", examples=[JSON])
    ] = JSON,
) -> Burden | Response:
    """What was asked of communities in a year and how much of it reached them, before and after, by
    community, street and in all: inspections, items, forms, plaques, demands outside the catalogue;
    as JSON, or as a workbook by `Accept`. 社区减负情况。"""
    media = best_media_type(accept, (JSON, XLSX))
    today = request.app.state.clock.today()
    found = await queries.burden_of(
        session, ledger, reach,
        year=year or today.year, community=community, street=street, today=today,
    )  # fmt: skip
    if media == JSON:
        return found
    made = await asyncio.to_thread(sheet.sheet_of, found, language_of(request))
    return download(made, f"burden-{found.year}")
