"""The burden."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.gateway.assessment.public import LedgerOfCaller
from services.gateway.burden import access, queries
from services.gateway.burden.schemas import Burden
from shared.auth.policy import Reach
from shared.web.authentication import Reading, permits

router = APIRouter(prefix="/v1/burden", tags=["burden"])


@router.get("", operation_id="burden_burden")
async def burden(
    session: Reading,
    request: Request,
    ledger: LedgerOfCaller,
    reach: Annotated[Reach, permits(access.READ)],
    community: Annotated[UUID | None, Query(description="Only this community")] = None,
    year: Annotated[
        int | None, Query(ge=2000, le=2100, description="This year if left out")
    ] = None,
) -> Burden:
    """What was asked of communities in a year and how much of it reached them, before and after:
    inspections, items, forms, plaques, demands outside the catalogue. 社区减负情况。"""
    today = request.app.state.clock.today()
    return await queries.burden_of(
        session, ledger, reach, year=year or today.year, community=community, today=today
    )
