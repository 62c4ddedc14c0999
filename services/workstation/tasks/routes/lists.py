"""The work list, one task, its history, and the workload."""

import asyncio
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from services.workstation.tasks import access, queries, repository
from services.workstation.tasks.domain import TASK, TaskState
from services.workstation.tasks.models import Task
from services.workstation.tasks.repository import Wanted
from services.workstation.tasks.schemas import TaskDetail, TaskView, Workload
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.files.checking import XLSX
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import Reading, permits
from shared.web.errors import language_of
from shared.web.media import best_media_type
from shared.web.paging import Page, Paging

router = APIRouter(prefix="/v1/workstation", tags=["work"])
Read = Annotated[Reach, permits(access.READ)]
JSON = "application/json"
MOST_EXPORTED = 20_000
_SHORT = r"^[^\x00]*$"


async def _wanted(
    state: Annotated[list[TaskState], Query(max_length=8, description="One or several")] = [],  # noqa: B006
    open: Annotated[bool | None, Query(description="Not ended yet, or ended")] = None,
    overdue: Annotated[bool, Query(description="Only those that are late")] = False,
    reminded: Annotated[bool, Query(description="Only those reminded of")] = False,
    escalated: Annotated[bool, Query(description="Only those raised to the street")] = False,
    due_before: Annotated[date | None, Query(description="Next due before that day")] = None,
    department_id: UUID | None = None,
    community_id: UUID | None = None,
    street_id: UUID | None = None,
    dispatch_id: UUID | None = None,
    item_code: Annotated[str | None, Query(max_length=40, pattern=_SHORT)] = None,
    q: Annotated[
        str | None, Query(max_length=40, pattern=_SHORT, description="Part of a title")
    ] = None,
) -> Wanted:
    return Wanted(
        tuple(state), open, overdue, reminded, escalated, due_before, department_id,
        community_id, street_id, dispatch_id, item_code, q,
    )  # fmt: skip


@router.get(
    "/tasks",
    operation_id="tasks_work_list",
    response_model=Page[TaskView],
    responses={200: {"content": {XLSX: {}}}},
)
async def work_list(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Read,
    wanted: Annotated[Wanted, Depends(_wanted)],
    accept: Annotated[
        str, Header(max_length=500, description=f"{JSON} or {XLSX}", examples=[JSON])
    ] = JSON,
) -> Page[TaskView] | Response:
    """Tasks within reach by the day they are due next; all that match as a workbook by `Accept`.
    任务清单。"""
    today = request.app.state.clock.today()
    dispatches = await repository.named_dispatches(session, wanted)
    query = repository.work_list(reach, wanted, today, dispatches)
    if best_media_type(accept, (JSON, XLSX)) == JSON:
        rows = (await session.execute(page.apply(query, Task.next_due_on, Task.id))).all()
        return page.page(
            rows, lambda row: (row.next_due_on, row.id), lambda row: queries.shown(row, today)
        )
    ordered = query.order_by(Task.next_due_on, Task.id).limit(MOST_EXPORTED + 1)
    rows = (await session.execute(ordered)).all()
    if len(rows) > MOST_EXPORTED:
        raise Invalid(issues=(_TOO_MANY,))
    content = await asyncio.to_thread(queries.workbook, rows, today, language_of(request))
    name = f'attachment; filename="tasks-{today}.xlsx"'
    return Response(content, media_type=XLSX, headers={"Content-Disposition": name})


@router.get("/tasks/workload", operation_id="tasks_workload")
async def workload(
    session: Reading,
    request: Request,
    reach: Read,
    by: Literal["community", "street", "department"] = "community",
    year: Annotated[
        int | None, Query(ge=2000, le=2100, description="Of dispatch; this year if left out")
    ] = None,
) -> Workload:
    """How much work communities, streets or departments have within reach. 工作量统计。"""
    today = request.app.state.clock.today()
    return await queries.workload_of(
        session, reach, by=by, year=year or today.year, today=today, language=language_of(request)
    )


@router.get("/tasks/{id}", operation_id="tasks_task")
async def task(id: UUID, session: Reading, request: Request, reach: Read) -> TaskDetail:
    """One task: what is to be done, what was done, and what may follow. 任务详情。"""
    row = await the_row(session, repository.tasks(reach).where(Task.id == id))
    evidence = await repository.evidence_of(session, id)
    today = request.app.state.clock.today()
    return queries.shown_whole(row, evidence, today, language_of(request))


@router.get("/tasks/{id}/history", operation_id="tasks_history")
async def history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of a task, oldest first. 办理经过。"""
    if (await session.execute(repository.tasks(reach).where(Task.id == id))).first() is None:
        raise NotFound
    return await steps_of(session, TASK, id)


_TOO_MANY = Issue(
    code="too_many_rows",
    pointer="/query",
    detail=Text(
        zh=f"符合条件的任务超过 {MOST_EXPORTED} 条，不能一次导出。",
        en=f"More than {MOST_EXPORTED} tasks match, too many for one workbook.",
    ),
    remedy=Text(
        zh="请用 due_before、state、street_id 等条件缩小范围，分次导出。",
        en="Narrow it down by due_before, state, street_id or others, and export in parts.",
    ),
)
