"""Steps of tasks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from services.workstation.tasks import access, queries, repository, working
from services.workstation.tasks.domain import DEPARTMENTS_ACTIONS
from services.workstation.tasks.models import Task
from services.workstation.tasks.schemas import (
    ReviewRequest,
    RowView,
    SeveralRequest,
    SeveralView,
    SubmissionRequest,
    TaskDetail,
)
from services.workstation.tasks.working import Said
from shared.auth.policy import Reach
from shared.kernel.errors import DomainError
from shared.kernel.text import Language
from shared.procedures.acting import Act, Acting
from shared.web.authentication import CurrentPrincipal, permits
from shared.web.errors import language_of, problem_of
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/workstation/tasks", tags=["work"], route_class=UnitOfWorkRoute)
Work = Annotated[Reach, permits(access.WORK)]
Review = Annotated[Reach, permits(access.REVIEW)]
_NOTHING = Said()


async def _taken(
    act: Act, request: Request, reach: Reach, id: UUID, action: str, said: Said = _NOTHING
) -> TaskDetail:
    await working.step(act, reach, id, action, said)
    row = (await act.session.execute(repository.tasks(reach).where(Task.id == id))).one()
    evidence = await repository.evidence_of(act.session, id)
    return queries.shown_whole(row, evidence, act.today, language_of(request))


@router.post("/{id}/acceptance", operation_id="tasks_accept")
async def accept(id: UUID, act: Acting, request: Request, reach: Work) -> TaskDetail:
    """Take a task on. 接收任务。"""
    return await _taken(act, request, reach, id, "acceptance")


@router.post("/{id}/return", operation_id="tasks_return")
async def return_(
    id: UUID, body: ReasonRequest, act: Acting, request: Request, reach: Work
) -> TaskDetail:
    """Give a task back to its department with the reason; its money is freed. 退回部门。"""
    return await _taken(act, request, reach, id, "return", Said(reason=body.reason))


@router.post("/{id}/start", operation_id="tasks_start")
async def start(id: UUID, act: Acting, request: Request, reach: Work) -> TaskDetail:
    """Begin the work. 开始办理。"""
    return await _taken(act, request, reach, id, "start")


@router.post("/{id}/submission", operation_id="tasks_submit")
async def submit(
    id: UUID, body: SubmissionRequest, act: Acting, request: Request, reach: Work
) -> TaskDetail:
    """Submit the work with its result, evidence and figures for review. 提交验收。"""
    said = Said(result=body.result, figures=body.figures)
    return await _taken(act, request, reach, id, "submission", said)


@router.post("/{id}/recall", operation_id="tasks_recall")
async def recall(id: UUID, act: Acting, request: Request, reach: Work) -> TaskDetail:
    """Take a submission back before it is reviewed. 撤回提交。"""
    return await _taken(act, request, reach, id, "recall")


@router.post("/{id}/review", operation_id="tasks_review")
async def review(
    id: UUID, body: ReviewRequest, act: Acting, request: Request, reach: Review
) -> TaskDetail:
    """The department accepts the work, which releases its money, or sends it back with the reason.
    部门验收。"""
    return await _taken(act, request, reach, id, body.outcome, Said(reason=body.reason))


@router.post("/{id}/withdrawal", operation_id="tasks_withdraw")
async def withdraw(
    id: UUID, body: ReasonRequest, act: Acting, request: Request, reach: Review
) -> TaskDetail:
    """The department takes a task back before it is submitted; its money is freed. 撤回任务。"""
    return await _taken(act, request, reach, id, "withdrawal", Said(reason=body.reason))


@router.post("/actions", operation_id="tasks_act_on_several")
async def act_on_several(
    body: SeveralRequest,
    act: Acting,
    request: Request,
    principal: CurrentPrincipal,
    _may: Annotated[Reach, permits(access.ACT)],
) -> SeveralView:
    """Take the same step of up to 100 tasks; each succeeds or fails for itself, and is answered
    for itself. 批量办理。"""
    policy = access.REVIEW if body.action in DEPARTMENTS_ACTIONS else access.WORK
    reach = policy.reach(principal)
    said = Said(reason=body.reason, result=body.result, figures=body.figures)
    found = await working.steps(act, reach, body.task_ids, body.action, said)
    rows = [_row(id, found[id], language_of(request)) for id in body.task_ids]
    refused = sum(row.problem is not None for row in rows)
    return SeveralView(done=len(rows) - refused, refused=refused, rows=rows)


def _row(id: UUID, found: Task | DomainError, language: Language) -> RowView:
    if isinstance(found, DomainError):
        return RowView(task_id=id, state=None, problem=problem_of(found, language))
    return RowView.model_validate({"task_id": id, "state": found.state, "problem": None})
