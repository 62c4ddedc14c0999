"""HTTP of reporting."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from services.workstation.reporting import access
from services.workstation.reporting.document import Document
from services.workstation.reporting.queries import community_building_report
from services.workstation.reporting.schemas import ReportView
from services.workstation.reporting.sections import document_of
from shared.auth.policy import Reach
from shared.db.database import Database
from shared.rulebook.in_force import RulesInForce
from shared.web.authentication import CurrentPrincipal, permits
from shared.web.days import Day
from shared.web.errors import language_of
from shared.web.media import best_media_type

router = APIRouter(prefix="/v1/workstation/reports", tags=["reports"])
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
JSON = "application/json"
_ONE_AT_A_TIME = asyncio.Semaphore(1)


def _docx(document: Document) -> bytes:
    from services.workstation.reporting.docx import docx_of

    return docx_of(document)


def _pdf(document: Document) -> bytes:
    from services.workstation.reporting.pdf import pdf_of

    return pdf_of(document)


RENDERERS: Mapping[str, tuple[str, Callable[[Document], bytes]]] = {
    DOCX: ("docx", _docx),
    PDF: ("pdf", _pdf),
}


@router.get(
    "/community-building",
    operation_id="reporting_community_building",
    response_model=ReportView,
    responses={200: {"content": {DOCX: {}, PDF: {}}}},
)
async def community_building(
    request: Request,
    principal: CurrentPrincipal,
    _reach: Annotated[Reach, permits(access.READ)],
    day: Day,
    accept: Annotated[
        str, Header(max_length=500, description=f"{JSON}, {DOCX} or {PDF}", examples=[JSON])
    ] = JSON,
) -> ReportView | Response:
    """The community-building report of any day, computed from the records: JSON, docx or PDF by
    `Accept`. 社区建设情况报告。"""
    media = best_media_type(accept, (JSON, *RENDERERS))
    today: date = request.app.state.clock.today()
    database: Database = request.app.state.database
    rules: RulesInForce = request.app.state.rules
    async with database.read(principal.district) as session:  # given back before rendering
        rulebook = await rules.of(session, principal.district)
        report = await community_building_report(
            session, rulebook, principal.district, day, today=today
        )
    document = document_of(report, language_of(request))
    if media == JSON:
        return ReportView.of(report, document.title, document.language)
    suffix, render = RENDERERS[media]
    async with _ONE_AT_A_TIME:
        content = await asyncio.to_thread(render, document)
    name = quote(f"{document.title}-{report.facts.on}.{suffix}")
    return Response(
        content,
        media_type=media,
        headers={
            "Content-Disposition": f'attachment; filename="community-building-{report.facts.on}.'
            f"{suffix}\"; filename*=UTF-8''{name}"
        },
    )
