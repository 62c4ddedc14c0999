"""Reports of off-catalogue demands."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.admission import access, reports, repository
from services.gateway.admission.dispatch_schemas import ReportDecision, ReportRequest, ReportView
from services.gateway.admission.domain import ReportState
from services.gateway.admission.models import OffCatalogueReport
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.procedures.acting import Acting
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/admission/off-catalogue-reports", tags=["admission"], route_class=UnitOfWorkRoute
)
Read = Annotated[Reach, permits(access.READ_REPORTS)]


def _report(row: Any, today: date) -> ReportView:
    own = {name: getattr(row, name) for name in ReportView.model_fields if name != "overdue"}
    return ReportView(**own, overdue=row.due_on is not None and row.due_on < today)


async def _shown(session: AsyncSession, id: UUID, today: date) -> ReportView:
    query = repository.reports(Reach(whole_district=True)).where(OffCatalogueReport.id == id)
    return _report((await session.execute(query)).one(), today)


@router.post("", operation_id="admission_report", status_code=201)
async def report(
    body: ReportRequest, act: Acting, reach: Annotated[Reach, permits(access.REPORT)]
) -> ReportView:
    """Tell the Leading Group of work that was demanded outside the catalogue. No department can
    read who reported. 反映清单外事项。"""
    made = await reports.report(
        act.session, act.actor, reach, **dict(body), rulebook=act.rulebook, today=act.today
    )
    return await _shown(act.session, made.id, act.today)


@router.get("", operation_id="admission_reports")
async def list_reports(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Read,
    state: ReportState | None = None,
    community_id: UUID | None = None,
    department_id: UUID | None = None,
) -> Page[ReportView]:
    """Reports within reach, newest first. 清单外事项反映。"""
    query = repository.reports(reach)
    if state is not None:
        query = query.where(OffCatalogueReport.state == state)
    if community_id is not None:
        query = query.where(OffCatalogueReport.community_id == community_id)
    if department_id is not None:
        query = query.where(OffCatalogueReport.department_id == department_id)
    rows = (await session.execute(page.apply(query, OffCatalogueReport.id, descending=True))).all()
    today = request.app.state.clock.today()
    return page.page(rows, lambda row: (row.id,), lambda row: _report(row, today))


@router.get("/{id}", operation_id="admission_report_detail")
async def report_detail(id: UUID, session: Reading, request: Request, reach: Read) -> ReportView:
    """One report. 清单外事项反映详情。"""
    query = repository.reports(reach).where(OffCatalogueReport.id == id)
    row = await the_row(session, query)
    return _report(row, request.app.state.clock.today())


@router.post("/{id}/decision", operation_id="admission_decide_report")
async def decide_report(
    id: UUID,
    body: ReportDecision,
    act: Acting,
    _reach: Annotated[Reach, permits(access.DECIDE_REPORTS)],
) -> ReportView:
    """The Leading Group upholds or dismisses a report and answers the community.
    核实清单外事项。"""
    found = await reports.decide(
        act.session, act.actor, id,
        outcome=body.outcome, reply=body.reply,
        by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    await act.session.flush()
    return await _shown(act.session, found.id, act.today)
