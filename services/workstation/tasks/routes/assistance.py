"""Assistance asked of the residents' committee."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from services.workstation.tasks import access, assisting, repository
from services.workstation.tasks.domain import ASSISTANCE, AssistanceState
from services.workstation.tasks.models import Assistance
from services.workstation.tasks.schemas import AnswerRequest, AssistanceRequest, AssistanceView
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/workstation", tags=["work"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ_ASSISTANCE)]
Work = Annotated[Reach, permits(access.WORK)]
Answer = Annotated[Reach, permits(access.ANSWER_ASSISTANCE)]


def _view(row: Any) -> AssistanceView:
    return AssistanceView.model_validate(row, from_attributes=True)


async def _shown(act: Act, reach: Reach, id: UUID) -> AssistanceView:
    await act.session.flush()
    query = repository.assistance(reach).where(Assistance.id == id)
    return _view((await act.session.execute(query)).one())


@router.post("/tasks/{id}/assistance", operation_id="tasks_ask_assistance", status_code=201)
async def ask(id: UUID, body: AssistanceRequest, act: Acting, reach: Work) -> AssistanceView:
    """Ask the community's committee for help with a task; it may decline. 请居委会协助。"""
    task = await repository.locked_task(act.session, reach, id)
    made = await assisting.ask(act, task, request=body.request, wanted_by=body.wanted_by)
    return await _shown(act, reach, made.id)


@router.get("/assistance", operation_id="tasks_assistance_requests")
async def requests(
    session: Reading,
    page: Paging,
    reach: Read,
    state: AssistanceState | None = None,
    community_id: UUID | None = None,
    task_id: UUID | None = None,
) -> Page[AssistanceView]:
    """Requests for assistance within reach, newest first. 协助请求。"""
    query = repository.assistance(reach)
    for column, value in (
        (Assistance.state, state),
        (Assistance.community_id, community_id),
        (Assistance.task_id, task_id),
    ):
        if value is not None:
            query = query.where(column == value)
    rows = (await session.execute(page.apply(query, Assistance.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _view)


@router.get("/assistance/{id}", operation_id="tasks_assistance")
async def request(id: UUID, session: Reading, reach: Read) -> AssistanceView:
    """One request for assistance. 协助请求详情。"""
    query = repository.assistance(reach).where(Assistance.id == id)
    row = await the_row(session, query)
    return _view(row)


@router.get("/assistance/{id}/history", operation_id="tasks_assistance_history")
async def history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of a request, oldest first. 办理经过。"""
    query = repository.assistance(reach).where(Assistance.id == id)
    if (await session.execute(query)).first() is None:
        raise NotFound
    return await steps_of(session, ASSISTANCE, id)


@router.post("/assistance/{id}/answer", operation_id="tasks_answer_assistance")
async def answer(id: UUID, body: AnswerRequest, act: Acting, reach: Answer) -> AssistanceView:
    """The committee accepts, declines, or has helped. 答复协助请求。"""
    await assisting.answer(act, reach, id, body.outcome, body.reply)
    return await _shown(act, reach, id)


@router.post("/assistance/{id}/cancellation", operation_id="tasks_cancel_assistance")
async def cancel(id: UUID, body: ReasonRequest, act: Acting, reach: Work) -> AssistanceView:
    """The workstation takes its request back. 取消协助请求。"""
    await assisting.cancel(act, reach, id, body.reason)
    return await _shown(act, reach, id)
