"""Which communities have a value of which elements."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.workstation.ledger import access, queries
from services.workstation.ledger.schemas import Coverage
from shared.auth.policy import Reach
from shared.web.authentication import Reading, permits
from shared.web.days import Day
from shared.web.shapes import Code

router = APIRouter(prefix="/v1/workstation/ledger/coverage", tags=["ledger"])


@router.get("", operation_id="ledger_coverage")
async def coverage(
    session: Reading,
    day: Day,
    _reach: Annotated[Reach, permits(access.READ_COVERAGE)],
    element: Annotated[
        list[Code], Query(min_length=1, max_length=50, description="Codes of elements")
    ],
    community_id: Annotated[
        list[UUID] | None, Query(max_length=500, description="Only these; all if left out")
    ] = None,
) -> Coverage:
    """For each element, the communities with a value that counts on the day, without values;
    needs no grant. 数据项覆盖情况。"""
    on: date = day
    return await queries.coverage_of(session, element, on, community_id)
