"""Removal notices."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Query, Request, UploadFile
from starlette.responses import StreamingResponse

from services.gateway.plaques import access, inspecting, photographs, repository
from services.gateway.plaques.domain import NOTICE, NoticeState
from services.gateway.plaques.models import RemovalNotice
from services.gateway.plaques.schemas import InspectionRequest, InspectionView, NoticeView
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.db.reading import the_row
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/plaques/removal-notices", tags=["plaques"], route_class=UnitOfWorkRoute
)
Read = Annotated[Reach, permits(access.READ_INVENTORY)]
Record = Annotated[Reach, permits(access.RECORD)]
Inspect = Annotated[Reach, permits(access.INSPECT)]


def _view(row: Any, today: date) -> NoticeView:
    own = {name: getattr(row, name) for name in NoticeView.model_fields if name != "overdue"}
    return NoticeView(**own, overdue=row.due_on is not None and row.due_on < today)


def _one(reach: Reach, id: UUID) -> Rows:
    return repository.notices(reach).where(RemovalNotice.id == id)


async def _shown(act: Act, id: UUID) -> NoticeView:
    await act.session.flush()
    return _view(await the_row(act.session, _one(Reach(whole_district=True), id)), act.today)


@router.get("", operation_id="plaques_notices")
async def notices(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Read,
    state: NoticeState | None = None,
    community_id: UUID | None = None,
    department_id: UUID | None = None,
    overdue: Annotated[bool, Query(description="Only those whose day has passed")] = False,
) -> Page[NoticeView]:
    """Removal notices within reach, newest first. 拆除通知。"""
    today = request.app.state.clock.today()
    query = repository.notices(reach)
    for column, value in (
        (RemovalNotice.state, state),
        (RemovalNotice.community_id, community_id),
        (RemovalNotice.department_id, department_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if overdue:
        query = query.where(RemovalNotice.due_on < today)
    rows = (await session.execute(page.apply(query, RemovalNotice.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), lambda row: _view(row, today))


@router.post("", operation_id="plaques_inspect", status_code=201)
async def inspect(body: InspectionRequest, act: Acting, _reach: Inspect) -> InspectionView:
    """Inspect the inventory: a notice for every plaque that must come down and has none.
    检查牌子并下达拆除通知。"""
    return InspectionView(issued=len(await inspecting.inspect(act, body.communities)))


@router.get("/{id}", operation_id="plaques_notice")
async def notice(id: UUID, session: Reading, request: Request, reach: Read) -> NoticeView:
    """One notice. 拆除通知详情。"""
    return _view(await the_row(session, _one(reach, id)), request.app.state.clock.today())


@router.get("/{id}/history", operation_id="plaques_notice_history")
async def history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of a notice, oldest first. 办理经过。"""
    await the_row(session, _one(reach, id))
    return await steps_of(session, NOTICE, id)


@router.get(
    "/{id}/photograph",
    operation_id="plaques_notice_photograph",
    response_class=StreamingResponse,
    responses={200: {"content": {media: {} for media in photographs.IMAGES}}},
)
async def photograph(
    id: UUID, session: Reading, request: Request, principal: CurrentPrincipal, reach: Read
) -> StreamingResponse:
    """The photograph of the removal. 拆除照片。"""
    row = await the_row(session, _one(reach, id))
    return await photographs.show(request, principal.district, row.photograph)


@router.post(
    "/{id}/removal", operation_id="plaques_notice_removal", max_body_size=photographs.FORM_BYTES
)
async def removal(
    id: UUID,
    photograph: Annotated[UploadFile, File(examples=["挂牌.jpg"])],
    act: Acting,
    request: Request,
    reach: Record,
) -> NoticeView:
    """Report with a photograph that the plaque is down. 报告已拆除。"""
    found = await inspecting.locked_notice(act.session, reach, id)
    kept = await photographs.keep(request, act.actor.district, photograph, pointer="/photograph")
    await inspecting.report_removal(act, found, kept)
    return await _shown(act, id)


@router.post("/{id}/confirmation", operation_id="plaques_confirm_removal")
async def confirm(id: UUID, act: Acting, reach: Inspect) -> NoticeView:
    """Confirm the removal; the plaque has ended. 核实拆除。"""
    await inspecting.step(
        act, await inspecting.locked_notice(act.session, reach, id), "confirmation"
    )
    return await _shown(act, id)


@router.post("/{id}/sending-back", operation_id="plaques_send_back_removal")
async def send_back(id: UUID, body: ReasonRequest, act: Acting, reach: Inspect) -> NoticeView:
    """The plaque is not down; it must be, within the limit anew. 退回重办。"""
    found = await inspecting.locked_notice(act.session, reach, id)
    await inspecting.step(act, found, "sending_back", body.reason)
    return await _shown(act, id)


@router.post("/{id}/withdrawal", operation_id="plaques_withdraw_notice")
async def withdraw(id: UUID, body: ReasonRequest, act: Acting, reach: Inspect) -> NoticeView:
    """Withdraw a notice; the plaque stays. 撤销通知。"""
    found = await inspecting.locked_notice(act.session, reach, id)
    await inspecting.step(act, found, "withdrawal", body.reason)
    return await _shown(act, id)
