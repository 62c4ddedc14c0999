"""What the screening of a request found: page by page, or as a spreadsheet."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from services.gateway.admission.public import Screening
from services.gateway.assessment.ledger import LedgerOfCaller
from services.gateway.assessment.requests import access, repository, submitting
from services.gateway.assessment.requests.domain import RequestState, Verdict
from services.gateway.assessment.requests.models import RequestItem, ScreeningVerdict
from services.gateway.assessment.requests.schemas import (
    VERDICT_COLUMNS,
    VERDICTS,
    ScreeningView,
    VerdictCounts,
    VerdictView,
)
from services.gateway.assessment.requests.screening import Known, Screened
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.files.checking import XLSX
from shared.kernel.text import Language
from shared.rulebook.in_force import ReadingRules
from shared.web.authentication import Reading, permits
from shared.web.errors import language_of
from shared.web.media import best_media_type
from shared.web.paging import Paging
from shared.web.workbooks import MOST_ROWS, download, workbook

JSON = "application/json"
router = APIRouter(prefix="/v1/assessment/requests", tags=["assessment"])


async def _filters(
    community_id: UUID | None = None,
    verdict: Verdict | None = None,
    code: Annotated[str | None, Query(max_length=40, pattern=r"^[^\x00]*$")] = None,
) -> tuple[UUID | None, Verdict | None, str | None]:
    return community_id, verdict, code


Filtering = Annotated[tuple[UUID | None, Verdict | None, str | None], Depends(_filters)]


@router.get(
    "/{id}/screening",
    operation_id="assessment_request_screening",
    response_model=ScreeningView,
    responses={200: {"content": {XLSX: {}}}},
)
async def screening(
    id: UUID,
    session: Reading,
    request: Request,
    page: Paging,
    rulebook: ReadingRules,
    ledger: LedgerOfCaller,
    reach: Annotated[Reach, permits(access.READ)],
    filters: Filtering,
    accept: Annotated[
        str, Header(max_length=500, description=f"{JSON} or {XLSX}", examples=[JSON])
    ] = JSON,
) -> ScreeningView | Response:
    """What stands against a request, and the verdict for each item in each community: as it was
    when submitted, of a draft as it would be today. As a spreadsheet with `Accept: …sheet`.
    自动审查结果。"""
    media = best_media_type(accept, (JSON, XLSX))
    row = await repository.one(session, reach, id)
    today = row.demo_today or request.app.state.clock.today()
    language = language_of(request)
    kept = row.screening
    binding = kept is not None and row.state != RequestState.DRAFT
    if binding:
        query = _kept_verdicts(row, filters)
        if media == XLSX:
            ordered = query.order_by(ScreeningVerdict.id).limit(MOST_ROWS + 1)
            every = [_verdict(one) for one in (await session.execute(ordered)).all()]
            return await _workbook(every, language)
        rows = (await session.execute(page.apply(query, ScreeningVerdict.id))).all()
        found = page.page(rows, lambda one: (one.id,), _verdict)
    else:
        _, known, live = await submitting.screened(session, row, ledger, rulebook, today)
        kept = submitting.stored_screening(live, today)
        every = _previewed(known, live, filters)
        if media == XLSX:
            return await _workbook(every, language)
        numbered = {f"{at:06d}": one for at, one in enumerate(every)}
        keys: Sequence[str] = page.keys_after(list(numbered))
        found = page.page(keys, lambda key: (key,), lambda key: numbered[key])
    return ScreeningView(
        items=found.items,
        next=found.next,
        binding=binding,
        screening=Screening.read(kept, language),
        verdicts=VerdictCounts(**kept["verdicts"]),
        communities=kept["communities"],
        communities_to_visit=kept["communities_to_visit"],
    )


def _kept_verdicts(row: Any, filters: tuple[UUID | None, Verdict | None, str | None]) -> Rows:
    query = repository.verdicts(row.id, row.submission)
    columns = (ScreeningVerdict.community_id, ScreeningVerdict.verdict, RequestItem.code)
    for column, value in zip(columns, filters, strict=True):
        if value is not None:
            query = query.where(column == value)
    return query


async def _workbook(rows: Sequence[VerdictView], language: Language) -> Response:
    made = await asyncio.to_thread(workbook, VERDICTS, VERDICT_COLUMNS, rows, language)
    return download(made, "screening")


def _verdict(row: Any) -> VerdictView:
    return VerdictView.model_validate(row, from_attributes=True)


def _previewed(
    known: Known, live: Screened, filters: tuple[UUID | None, Verdict | None, str | None]
) -> list[VerdictView]:
    community_id, verdict, code = filters
    return [
        VerdictView(
            code=one.code,
            title=known.resolved[one.code].title,
            community_id=one.community_id,
            community_name=known.communities[one.community_id].name,
            verdict=one.verdict,
            reason=one.reason,
            rule=one.rule,
            source_id=one.held.source_id if one.held else None,
            valid_until=one.held.valid_until if one.held else None,
        )
        for one in live.verdicts
        if community_id in {None, one.community_id}
        and verdict in {None, one.verdict}
        and code in {None, one.code}
    ]
