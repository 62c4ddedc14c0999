"""What the residents' talk hall handed over to the workstation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.workstation.tasks import access, hall_working
from services.workstation.tasks.domain import TaskState
from services.workstation.tasks.hall_domain import HALL_ENDED, HALL_TASK
from services.workstation.tasks.hall_schemas import (
    HallTaskView,
    PublishedProgress,
    PublishedReason,
    PublishedResult,
)
from services.workstation.tasks.models import HallTask
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import Reading, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/workstation/hall-tasks", tags=["work"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ_HALL)]
Work = Annotated[Reach, permits(access.WORK)]


async def _shown(act: Act, reach: Reach, id: UUID, request: Request) -> HallTaskView:
    await act.session.flush()
    query = hall_working.hall_tasks(reach).where(HallTask.id == id)
    row = (await act.session.execute(query)).one()
    return HallTaskView.of(row, language_of(request), act.today)


@router.get("", operation_id="tasks_hall_tasks")
async def hall_tasks(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Read,
    state: TaskState | None = None,
    community_id: UUID | None = None,
    overdue: Annotated[bool, Query(description="Only those that are late")] = False,
) -> Page[HallTaskView]:
    """What the talk hall handed over within reach, the earliest deadline first. 居民说事交办。"""
    today = request.app.state.clock.today()
    query = hall_working.hall_tasks(reach)
    if state is not None:
        query = query.where(HallTask.state == state)
    if community_id is not None:
        query = query.where(HallTask.community_id == community_id)
    if overdue:
        ended = [one.value for one in HALL_ENDED]
        query = query.where(HallTask.due_on < today, HallTask.state.not_in(ended))
    rows = (await session.execute(page.apply(query, HallTask.deadline, HallTask.id))).all()
    language = language_of(request)
    return page.page(
        rows,
        lambda row: (row.deadline.isoformat(), row.id),
        lambda row: HallTaskView.of(row, language, today),
    )


@router.get("/{id}", operation_id="tasks_hall_task")
async def hall_task(id: UUID, session: Reading, request: Request, reach: Read) -> HallTaskView:
    """One of them. 居民说事交办详情。"""
    query = hall_working.hall_tasks(reach).where(HallTask.id == id)
    row = await the_row(session, query)
    return HallTaskView.of(row, language_of(request), request.app.state.clock.today())


@router.get("/{id}/history", operation_id="tasks_hall_task_history")
async def history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of one, oldest first. 办理经过。"""
    if (await session.execute(hall_working.hall_tasks(reach).where(HallTask.id == id))).first():
        return await steps_of(session, HALL_TASK, id)
    raise NotFound


@router.post("/{id}/acceptance", operation_id="tasks_accept_hall_task")
async def accept(id: UUID, act: Acting, request: Request, reach: Work) -> HallTaskView:
    """Sign for it and begin; the hall is told. 签收。"""
    await hall_working.move(act, reach, id, "acceptance", text=None)
    return await _shown(act, reach, id, request)


@router.post("/{id}/return", operation_id="tasks_return_hall_task")
async def return_(
    id: UUID, body: PublishedReason, act: Acting, request: Request, reach: Work
) -> HallTaskView:
    """Send it back to the committee with the reason. 退回居委会。"""
    await hall_working.move(act, reach, id, "return", text=body.reason, pointer="/reason")
    return await _shown(act, reach, id, request)


@router.post("/{id}/progress", operation_id="tasks_report_hall_task")
async def report(
    id: UUID, body: PublishedProgress, act: Acting, request: Request, reach: Work
) -> HallTaskView:
    """Say how the work goes on; residents read it in the hall. 报进展。"""
    await hall_working.report(act, reach, id, body.body)
    return await _shown(act, reach, id, request)


@router.post("/{id}/result", operation_id="tasks_complete_hall_task")
async def complete(
    id: UUID, body: PublishedResult, act: Acting, request: Request, reach: Work
) -> HallTaskView:
    """Report the result, which who raised the matter judges in the hall. 报结果。"""
    await hall_working.move(act, reach, id, "completion", text=body.result, pointer="/result")
    return await _shown(act, reach, id, request)
