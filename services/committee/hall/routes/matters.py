"""Reading matters."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from services.committee.hall import access, repository, searching
from services.committee.hall.domain import MATTER, Category, Handler, MatterState
from services.committee.hall.models.matters import Handover, Matter
from services.committee.hall.schemas.matters import (
    MatterView,
    OwnMatterView,
    PublicStepView,
    SimilarView,
)
from services.committee.hall.schemas.talk import OwnCommentView
from services.committee.organisation.public import Community
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act
from shared.procedures.taking import steps_of
from shared.rulebook.in_force import ReadingRules
from shared.web.authentication import (
    CurrentPrincipal,
    PublicReading,
    Reading,
    open_to_all,
    permits,
)
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.preconditions import etag
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee/hall", tags=["hall"], route_class=UnitOfWorkRoute)
_PUBLIC = [open_to_all(access.READ)]
_Words = Annotated[
    str | None,
    Query(
        max_length=60,
        pattern=r"^[^\x00]*$",
        description="Words or parts of words; the best fit comes first / 关键词，最相关的在前",
    ),
]


@router.get("/matters", operation_id="hall_matters", dependencies=_PUBLIC)
async def matters(
    session: PublicReading,
    request: Request,
    page: Paging,
    q: _Words = None,
    community_id: UUID | None = None,
    street_id: UUID | None = None,
    category: Category | None = None,
    state: MatterState | None = None,
    handler: Handler | None = None,
    overdue: Annotated[bool, Query(description="Only those whose step is late")] = False,
) -> Page[MatterView]:
    """Matters of the district, newest first; with `q` the best fit first. 居民说事列表。"""
    today = request.app.state.clock.today()
    query = repository.matters()
    for column, value in (
        (Matter.community_id, community_id),
        (Community.street_id, street_id),
        (Matter.category, category),
        (Matter.state, state),
        (Handover.handler, handler),
    ):
        if value is not None:
            query = query.where(column == value)
    if overdue:
        query = repository.late(query, today)
    language = language_of(request)
    if q is None:
        query = page.apply(query, Matter.raised_at, Matter.id, descending=True)
        return page.page(
            (await session.execute(query)).all(),
            lambda row: (row.raised_at.isoformat(), row.id),
            lambda row: MatterView.of(row, language, today),
        )
    query, score = searching.matching(query, q)
    query = query.add_columns(score.label("score"))
    query = page.apply(query, score, Matter.raised_at, Matter.id, descending=True)
    return page.page(
        (await session.execute(query)).all(),
        lambda row: (row.score, row.raised_at.isoformat(), row.id),
        lambda row: MatterView.of(row, language, today),
    )


@router.get("/matters/{id}", operation_id="hall_matter", dependencies=_PUBLIC)
async def matter(
    id: UUID, session: PublicReading, request: Request, response: Response
) -> MatterView:
    """One matter. 说事详情。"""
    row = await the_row(session, repository.matters().where(Matter.id == id))
    response.headers["ETag"] = etag(row.version)
    return MatterView.of(row, language_of(request), request.app.state.clock.today())


@router.get("/matters/{id}/history", operation_id="hall_matter_history", dependencies=_PUBLIC)
async def history(id: UUID, session: PublicReading, request: Request) -> list[PublicStepView]:
    """A matter's course, oldest first. 办理经过。"""
    if (await session.execute(select(Matter.id).where(Matter.id == id))).first() is None:
        raise NotFound
    language = language_of(request)
    return [PublicStepView.of(step, language) for step in await steps_of(session, MATTER, id)]


@router.get("/similar-matters", operation_id="hall_similar_matters")
async def similar(
    session: Reading,
    request: Request,
    rulebook: ReadingRules,
    principal: CurrentPrincipal,
    _reach: Annotated[Reach, permits(access.OWN)],
    community_id: UUID,
    text: Annotated[
        str,
        Query(
            min_length=2,
            max_length=400,
            pattern=r"^[^\x00]*$",
            description="What has been written so far / 已写的内容",
        ),
    ],
) -> list[SimilarView]:
    """Open matters of a community that are like what is being written, the most alike first.
    相似事项提示。"""
    today = request.app.state.clock.today()
    least = rulebook.lookup("hall.similar_share", principal.district, today).fraction()
    found = await searching.similar_matters(session, community_id, text, least)
    language = language_of(request)
    return [
        SimilarView(percent=percent, matter=MatterView.of(row, language, today))
        for row, percent in found
    ]


@router.get("/own-matters", operation_id="hall_own_matters")
async def own_matters(
    session: Reading,
    request: Request,
    page: Paging,
    principal: CurrentPrincipal,
    _reach: Annotated[Reach, permits(access.OWN)],
) -> Page[OwnMatterView]:
    """What one raised oneself, newest first, anonymous ones as well. 我的说事。"""
    query = repository.own_matters(principal.subject)
    query = page.apply(query, Matter.raised_at, Matter.id, descending=True)
    language, today = language_of(request), request.app.state.clock.today()

    def view(row: Any) -> OwnMatterView:
        fields = MatterView.fields_of(row, language, today)
        fields |= {"title": row.title, "content": row.content}
        return OwnMatterView(
            **fields, moderation_id=row.moderation_id, hidden_because=row.hidden_because
        )

    rows = (await session.execute(query)).all()
    return page.page(rows, lambda row: (row.raised_at.isoformat(), row.id), view)


@router.get("/own-comments", operation_id="hall_own_comments")
async def own_comments(
    session: Reading,
    page: Paging,
    principal: CurrentPrincipal,
    _reach: Annotated[Reach, permits(access.OWN)],
) -> Page[OwnCommentView]:
    """What one said oneself, newest first. 我的发言。"""
    query = repository.own_comments(principal.subject)
    query = page.apply(query, repository.COMMENT_ID, descending=True)
    rows = (await session.execute(query)).all()
    return page.page(rows, lambda row: (row.id,), OwnCommentView.of)


async def shown(act: Act, id: UUID, request: Request, response: Response) -> MatterView:
    """A matter as it stands after a write."""
    await act.session.flush()
    row = (await act.session.execute(repository.matters().where(Matter.id == id))).one()
    response.headers["ETag"] = etag(row.version)
    return MatterView.of(row, language_of(request), act.today)
