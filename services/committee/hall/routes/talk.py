"""What is said about matters, and its hiding."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import select

from services.committee.hall import access, repository, speaking
from services.committee.hall.domain import Kind, ModerationState
from services.committee.hall.models.matters import Matter
from services.committee.hall.models.talk import Comment, Moderation
from services.committee.hall.schemas.talk import (
    AppealRequest,
    CommentRequest,
    CommentView,
    HidingRequest,
    ModerationView,
    ReviewRequest,
)
from shared.auth.policy import Reach
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act, Acting
from shared.web.authentication import (
    CurrentPrincipal,
    PublicReading,
    Reading,
    open_to_all,
    permits,
)
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee/hall", tags=["hall"], route_class=UnitOfWorkRoute)


@router.get(
    "/matters/{id}/comments",
    operation_id="hall_comments",
    dependencies=[open_to_all(access.READ)],
)
async def comments(
    id: UUID,
    session: PublicReading,
    page: Paging,
    kind: Annotated[Kind | None, Query(description="Only comments, answers, progress…")] = None,
) -> Page[CommentView]:
    """What was said about a matter, oldest first. 意见、答复与进展。"""
    if (await session.execute(select(Matter.id).where(Matter.id == id))).first() is None:
        raise NotFound
    query = repository.comments(id)
    if kind is not None:
        query = query.where(Comment.kind == kind)
    rows = (await session.execute(page.apply(query, Comment.id))).all()
    return page.page(rows, lambda row: (row.id,), CommentView.of)


@router.post("/matters/{id}/comments", operation_id="hall_comment", status_code=201)
async def comment(
    id: UUID,
    body: CommentRequest,
    act: Acting,
    principal: CurrentPrincipal,
    reach: Annotated[Reach, permits(access.SPEAK)],
) -> CommentView:
    """Comment on a matter; what an office says is its answer. 发表意见或答复。"""
    made = await speaking.speak(
        act, reach, id, principal.grants, body.body, mask=body.mask_personal_data
    )
    row = await act.session.execute(repository.comments(id).where(Comment.id == made.id))
    return CommentView.of(row.one())


@router.post("/comments/{id}/withdrawal", operation_id="hall_withdraw_comment", status_code=204)
async def withdraw(id: UUID, act: Acting, _reach: Annotated[Reach, permits(access.SPEAK)]) -> None:
    """Take back one's own comment. 撤回自己的意见。"""
    await speaking.withdraw(act, id)


@router.post("/matters/{id}/moderations", operation_id="hall_hide", status_code=201)
async def hide(
    id: UUID, body: HidingRequest, act: Acting, reach: Annotated[Reach, permits(access.MODERATE)]
) -> ModerationView:
    """Hide a comment or a matter's text, with a reason that all can read. 隐藏内容。"""
    made = await speaking.hide(act, reach, id, body.comment_id, body.reason)
    return await _shown(act, made.id)


@router.get("/moderations", operation_id="hall_moderations")
async def moderations(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Annotated[Reach, permits(access.READ_MODERATION)],
    state: ModerationState | None = None,
    community_id: UUID | None = None,
) -> Page[ModerationView]:
    """What was hidden within reach, newest first. 内容隐藏与申诉。"""
    query = repository.moderations(reach)
    if state is not None:
        query = query.where(Moderation.state == state)
    if community_id is not None:
        query = query.where(Matter.community_id == community_id)
    rows = (await session.execute(page.apply(query, Moderation.id, descending=True))).all()
    today = request.app.state.clock.today()
    return page.page(rows, lambda row: (row.id,), lambda row: ModerationView.of(row, today))


@router.post("/moderations/{id}/appeal", operation_id="hall_appeal")
async def appeal(
    id: UUID, body: AppealRequest, act: Acting, reach: Annotated[Reach, permits(access.APPEAL)]
) -> ModerationView:
    """Appeal to the supervision committee against the hiding of what one said. 申诉。"""
    await speaking.appeal(act, reach, id, body.reason)
    return await _shown(act, id)


@router.post("/moderations/{id}/lifting", operation_id="hall_lift")
async def lift(
    id: UUID, act: Acting, reach: Annotated[Reach, permits(access.MODERATE)]
) -> ModerationView:
    """The committee shows again what it had hidden. 撤销隐藏。"""
    await speaking.lift(act, reach, id)
    return await _shown(act, id)


@router.post("/moderations/{id}/decision", operation_id="hall_review")
async def review(
    id: UUID, body: ReviewRequest, act: Acting, reach: Annotated[Reach, permits(access.REVIEW)]
) -> ModerationView:
    """The supervision committee decides on an appeal. 复核申诉。"""
    await speaking.review(act, reach, id, body.outcome, body.reason)
    return await _shown(act, id)


async def _shown(act: Act, id: UUID) -> ModerationView:
    await act.session.flush()
    query: Any = repository.moderations(Reach(whole_district=True)).where(Moderation.id == id)
    return ModerationView.of((await act.session.execute(query)).one(), act.today)
