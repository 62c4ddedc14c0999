"""Dispatches and refusals."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from services.gateway.admission import access, dispatches, repository
from services.gateway.admission.dispatch_schemas import (
    DispatchDetail,
    DispatchedCommunity,
    DispatchRequest,
    DispatchView,
    RefusalView,
)
from services.gateway.admission.dispatching import Wanted
from services.gateway.admission.models import Dispatch, DispatchCommunity, Refusal
from services.gateway.identity.public import department_for
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.kernel.issue import Decision, Issue
from shared.kernel.text import Language, Text
from shared.procedures.acting import Acting
from shared.web.authentication import Reading, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.problem import ProblemError, problem_response
from shared.web.request_context import request_id
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/admission", tags=["admission"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ_DISPATCHES)]
_REFUSED = Text(
    zh="下派未获准，没有到达任何社区。原因和办法见 errors，所依据的规则见 rules。",
    en="The dispatch was refused and reached no community. `errors` says why and what would make "
    "it acceptable, `rules` on which grounds.",
)


def _refusal(decision: Decision[tuple[Issue, ...]], language: Language) -> Response:
    return problem_response(
        status=403,
        code="dispatch_refused",
        detail=_REFUSED,
        language=language,
        request_id=request_id.get(),
        issues=decision.value,
        rules=decision.rules,
    )


def _dispatch(row: Any) -> DispatchView:
    return DispatchView.model_validate(row, from_attributes=True)


@router.post(
    "/dispatches",
    operation_id="admission_dispatch",
    status_code=201,
    response_model=DispatchDetail,
)
async def dispatch(
    body: DispatchRequest,
    act: Acting,
    request: Request,
    reach: Annotated[Reach, permits(access.DISPATCH)],
) -> DispatchDetail | Response:
    """Give admitted work to communities: each gets a task, its money is reserved. Refused with
    403 where the catalogue in force forbids it. 下派任务。"""
    department = await department_for(act.session, reach, body.department_id)
    wanted = None
    if body.communities is not None:
        wanted = [Wanted(one.community_id, one.cases) for one in body.communities]
    found = await dispatches.dispatch(
        act.session, act.actor, department,
        item_code=body.item_code, title=body.title, content=body.content, due_on=body.due_on,
        communities=wanted, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    if isinstance(found, Decision):
        return _refusal(found, language_of(request))
    own = {
        name: getattr(found.dispatch, name)
        for name in DispatchView.model_fields
        if name != "item_code"
    }
    return DispatchDetail(
        **own,
        item_code=found.item_code,
        communities=[_community(part) for part in found.communities],
    )


def _community(part: Any) -> DispatchedCommunity:
    own = {
        name: getattr(part, name) for name in DispatchedCommunity.model_fields if name != "task_id"
    }
    return DispatchedCommunity(task_id=part.id, **own)


@router.get("/dispatches", operation_id="admission_dispatches")
async def list_dispatches(
    session: Reading,
    page: Paging,
    reach: Read,
    department_id: UUID | None = None,
    item_id: UUID | None = None,
) -> Page[DispatchView]:
    """Dispatches within reach, newest first. 下派记录。"""
    query = repository.dispatches(reach)
    if department_id is not None:
        query = query.where(Dispatch.department_id == department_id)
    if item_id is not None:
        query = query.where(Dispatch.item_id == item_id)
    rows = (await session.execute(page.apply(query, Dispatch.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _dispatch)


@router.get("/dispatches/{id}", operation_id="admission_dispatch_detail")
async def dispatch_detail(id: UUID, session: Reading, reach: Read) -> DispatchDetail:
    """One dispatch with its communities and what became of their money. 下派详情。"""
    row = await the_row(session, repository.dispatches(reach).where(Dispatch.id == id))
    parts = await session.execute(
        select(*DispatchCommunity.__table__.columns)
        .where(DispatchCommunity.dispatch_id == id)
        .order_by(DispatchCommunity.id)
    )
    return DispatchDetail(
        **dict(_dispatch(row)), communities=[_community(part) for part in parts.all()]
    )


@router.get("/dispatch-refusals", operation_id="admission_refusals")
async def refusals(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Read,
    department_id: UUID | None = None,
) -> Page[RefusalView]:
    """Dispatches that were refused, newest first. 被拒绝的下派。"""
    query = repository.refusals(reach)
    if department_id is not None:
        query = query.where(Refusal.department_id == department_id)
    rows = (await session.execute(page.apply(query, Refusal.id, descending=True))).all()
    language = language_of(request)
    return page.page(rows, lambda row: (row.id,), lambda row: _refused(row, language))


def _refused(row: Any, language: Language) -> RefusalView:
    own = {name: getattr(row, name) for name in RefusalView.model_fields if name != "reasons"}
    return RefusalView(
        **own,
        reasons=[
            ProblemError(
                pointer=reason["pointer"],
                code=reason["code"],
                detail=reason["detail"][language],
                remedy=reason["remedy"][language],
            )
            for reason in row.reasons
        ],
    )
