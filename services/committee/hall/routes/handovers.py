"""Handing over, results, judgement."""

from collections.abc import Awaitable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from services.committee.hall import access, handing_over, judging, repository
from services.committee.hall.models.matters import Handover, Matter, Rating
from services.committee.hall.routes.matters import shown
from services.committee.hall.schemas.handovers import (
    HandoverRequest,
    HandoverView,
    ProgressRequest,
    RatingRequest,
    RatingView,
    ResultRequest,
)
from services.committee.hall.schemas.matters import MatterView, PublicReasonRequest
from shared.auth.policy import Reach
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act, Acting
from shared.web.authentication import PublicReading, Reading, open_to_all, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee/hall", tags=["hall"], route_class=UnitOfWorkRoute)
_PUBLIC = [open_to_all(access.READ)]
Work = Annotated[Reach, permits(access.WORK)]
Handle = Annotated[Reach, permits(access.HANDLE)]
Judge = Annotated[Reach, permits(access.JUDGE)]


async def _done(
    use: Awaitable[Any], act: Act, id: UUID, request: Request, response: Response
) -> MatterView:
    await use
    return await shown(act, id, request, response)


@router.get("/matters/{id}/handovers", operation_id="hall_handovers", dependencies=_PUBLIC)
async def handovers(id: UUID, session: PublicReading) -> list[HandoverView]:
    """In whose hands a matter was and is, oldest first. 交办记录。"""
    await _require_there(session, id)
    rows = await session.execute(
        select(*Handover.__table__.columns).where(Handover.matter_id == id).order_by(Handover.id)
    )
    return [HandoverView.model_validate(row, from_attributes=True) for row in rows]


@router.get("/matters/{id}/ratings", operation_id="hall_ratings", dependencies=_PUBLIC)
async def ratings(id: UUID, session: PublicReading) -> list[RatingView]:
    """How who raised it judged the results. 评议。"""
    await _require_there(session, id)
    rows = await session.execute(
        select(*Rating.__table__.columns).where(Rating.matter_id == id).order_by(Rating.round)
    )
    return [RatingView.model_validate(row, from_attributes=True) for row in rows]


@router.get("/handed-over", operation_id="hall_handed_over")
async def handed_over(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Annotated[Reach, permits(access.READ_HANDOVERS)],
    overdue: bool = False,
) -> Page[MatterView]:
    """Matters that are in somebody's hands within reach: a department's own, a community's, a
    street's; the earliest due first. 交办中的事项。"""
    today = request.app.state.clock.today()
    query = repository.within(repository.matters(), reach).where(Handover.id.is_not(None))
    if overdue:
        query = repository.late(query, today)
    query = page.apply(query, Matter.due_on, Matter.id)
    language = language_of(request)
    return page.page(
        (await session.execute(query)).all(),
        lambda row: (row.due_on.isoformat(), row.id),
        lambda row: MatterView.of(row, language, today),
    )


@router.post("/matters/{id}/handover", operation_id="hall_hand_over")
async def hand_over(
    id: UUID, body: HandoverRequest, act: Acting, request: Request, response: Response, reach: Work
) -> MatterView:
    """Hand a matter to the committee itself, the workstation (it becomes a task there), a
    department, the residents' meeting, or mediation. 交办。"""
    values = {name: getattr(body, name) for name in ("handler", "department_id", "department_name")}
    use = handing_over.hand_over(
        act, reach, id, **values, request=body.request, mask=body.mask_personal_data
    )
    return await _done(use, act, id, request, response)


@router.post("/matters/{id}/handover/signing", operation_id="hall_sign")
async def sign(
    id: UUID, act: Acting, request: Request, response: Response, reach: Handle
) -> MatterView:
    """Take on what was handed over. 签收。"""
    return await _done(handing_over.sign(act, reach, id), act, id, request, response)


@router.post("/matters/{id}/handover/refusal", operation_id="hall_refuse")
async def refuse(
    id: UUID,
    body: PublicReasonRequest,
    act: Acting,
    request: Request,
    response: Response,
    reach: Handle,
) -> MatterView:
    """Send back what was handed over, with the reason. 退回交办。"""
    use = handing_over.refuse(act, reach, id, body.reason, mask=body.mask_personal_data)
    return await _done(use, act, id, request, response)


@router.post("/matters/{id}/handover/recall", operation_id="hall_recall")
async def recall(
    id: UUID, body: ReasonRequest, act: Acting, request: Request, response: Response, reach: Work
) -> MatterView:
    """The committee takes a matter back from whoever has it. 收回交办。"""
    return await _done(handing_over.recall(act, reach, id, body.reason), act, id, request, response)


@router.post("/matters/{id}/progress", operation_id="hall_report")
async def report(
    id: UUID,
    body: ProgressRequest,
    act: Acting,
    request: Request,
    response: Response,
    reach: Handle,
) -> MatterView:
    """Say in public how the work goes on. 公布进展。"""
    use = handing_over.report(act, reach, id, body.body, mask=body.mask_personal_data)
    return await _done(use, act, id, request, response)


@router.post("/matters/{id}/result", operation_id="hall_publish_result")
async def publish_result(
    id: UUID, body: ResultRequest, act: Acting, request: Request, response: Response, reach: Handle
) -> MatterView:
    """Publish the result, for who raised the matter to judge. 公布结果。"""
    use = handing_over.publish_result(act, reach, id, body.result, mask=body.mask_personal_data)
    return await _done(use, act, id, request, response)


@router.post("/matters/{id}/rating", operation_id="hall_rate")
async def rate(
    id: UUID, body: RatingRequest, act: Acting, request: Request, response: Response, reach: Judge
) -> MatterView:
    """Who raised the matter judges its result, which closes it. 评议。"""
    use = judging.rate(
        act, reach, id, score=body.score, word=body.word, mask=body.mask_personal_data
    )
    return await _done(use, act, id, request, response)


@router.post("/matters/{id}/reopening", operation_id="hall_reopen")
async def reopen(
    id: UUID,
    body: PublicReasonRequest,
    act: Acting,
    request: Request,
    response: Response,
    reach: Judge,
) -> MatterView:
    """Who raised the matter has it dealt with again, once, with the reason. 重开。"""
    use = judging.reopen(act, reach, id, body.reason, mask=body.mask_personal_data)
    return await _done(use, act, id, request, response)


async def _require_there(session: Any, id: UUID) -> None:
    if (await session.execute(select(Matter.id).where(Matter.id == id))).first() is None:
        raise NotFound
