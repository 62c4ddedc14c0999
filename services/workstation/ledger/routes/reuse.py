"""How often a value that is entered once is used."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.workstation.ledger import access, form_queries
from services.workstation.ledger.form_schemas import Reuse
from shared.auth.policy import Reach
from shared.web.authentication import Reading, permits

router = APIRouter(prefix="/v1/workstation/ledger/reuse", tags=["ledger"])


@router.get("", operation_id="ledger_reuse")
async def reuse(
    session: Reading,
    request: Request,
    reach: Annotated[Reach, permits(access.READ_REUSE)],
    year: Annotated[
        int | None, Query(ge=2000, le=2100, description="This year if left out")
    ] = None,
    community_id: UUID | None = None,
) -> Reuse:
    """Of a year's form requests: values asked, answered from the ledger, joined to a question that
    stood, asked anew; and forms that a community did not have to fill in. 数据复用统计。"""
    wanted = year or request.app.state.clock.today().year
    return await form_queries.reuse_of(session, reach, wanted, community_id)
