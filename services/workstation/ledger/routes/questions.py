"""What the owners of elements are asked for, and their answers."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.workstation.ledger import access, answering, form_repository
from services.workstation.ledger.domain import OwnerKind
from services.workstation.ledger.form_schemas import (
    AnswerList,
    AnswersRequest,
    AnswerView,
    QuestionView,
)
from services.workstation.ledger.models import LedgerElement, LedgerQuestion
from services.workstation.ledger.routes.entries import Collecting
from shared.auth.policy import Reach
from shared.procedures.acting import Acting
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging
from shared.web.shapes import Code
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/workstation/ledger/questions", tags=["ledger"], route_class=UnitOfWorkRoute
)


@router.get("", operation_id="ledger_questions")
async def questions(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Annotated[Reach, permits(access.READ_QUESTIONS)],
    element: Code | None = None,
    community_id: UUID | None = None,
    owner_kind: OwnerKind | None = None,
    overdue: Annotated[bool, Query(description="Only those whose day is over")] = False,
) -> Page[QuestionView]:
    """What is asked of a community, or of a department that owns elements, by the day it is due:
    each value once, however many forms wait. 待补采清单。"""
    today: date = request.app.state.clock.today()
    query = form_repository.questions(reach)
    for column, value in (
        (LedgerElement.code, element),
        (LedgerQuestion.community_id, community_id),
        (LedgerElement.owner_kind, owner_kind),
    ):
        if value is not None:
            query = query.where(column == value)
    if overdue:
        query = query.where(LedgerQuestion.due_on < today)
    order = (LedgerQuestion.due_on, LedgerQuestion.id)
    rows = (await session.execute(page.apply(query, *order))).all()

    def view(row: Any) -> QuestionView:
        own = {name: getattr(row, name) for name in QuestionView.model_fields if name != "overdue"}
        return QuestionView(**own, overdue=row.due_on < today)

    return page.page(rows, lambda row: (row.due_on, row.id), view)


@router.post("/answers", operation_id="ledger_answer", status_code=201)
async def answer(
    body: AnswersRequest,
    act: Acting,
    collector: Collecting,
    _reach: Annotated[Reach, permits(access.RECORD)],
) -> AnswerList:
    """Answer questions, all or none; every form that waits for them is filled. 补填数据。"""
    made = await answering.answer_questions(
        act, collector, [one.model_dump() for one in body.answers]
    )
    return AnswerList(
        items=[AnswerView(question_id=id, entry_id=entry) for id, entry in made.items()]
    )
