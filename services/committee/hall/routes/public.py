"""Statistics, feeds, export."""

import asyncio
from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import select
from starlette.responses import Response

from services.committee.hall import access, exporting, feeds, repository, statistics
from services.committee.hall.domain import CATEGORIES, MATTER, Category, MatterState
from services.committee.hall.models.matters import Matter
from services.committee.hall.schemas.public import JsonFeed, Statistics
from services.committee.organisation.public import Community
from shared.auth.policy import Reach
from shared.files.checking import XLSX
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.rulebook.in_force import RulesInForce
from shared.web.authentication import (
    PublicDistrict,
    PublicReading,
    Reading,
    open_to_all,
    permits,
)
from shared.web.errors import language_of

router = APIRouter(prefix="/v1/committee/hall", tags=["hall"])
_PUBLIC = [open_to_all(access.READ)]
ATOM = "application/atom+xml"
_ENTRIES = 50
_MOST_EXPORTED = 20_000
_LONGEST = timedelta(days=366 * 5)


@router.get("/statistics", operation_id="hall_statistics", dependencies=_PUBLIC)
async def of_statistics(
    session: PublicReading,
    district: PublicDistrict,
    request: Request,
    by: Literal["community", "street", "category", "place", "channel", "month"] = "community",
    since: Annotated[date | None, Query(description="Raised from that day; a year ago")] = None,
    until: Annotated[date | None, Query(description="Raised before that day; tomorrow")] = None,
    community_id: UUID | None = None,
    street_id: UUID | None = None,
    category: Category | None = None,
) -> Statistics:
    """What residents talk about, how soon they are answered, and how content they are.
    居民说事统计。"""
    today = request.app.state.clock.today()
    until = until or today + timedelta(days=1)
    since = since or until - timedelta(days=365)
    if not since < until <= since + _LONGEST:
        raise Invalid(issues=(_span_wrong(),))
    rules: RulesInForce = request.app.state.rules
    rulebook = await rules.of(session, district)
    small_cell = rulebook.lookup("hall.small_cell", district, today).integer()
    within = statistics.Within(since, until, community_id, street_id, category)
    rows = await statistics.statistics(session, by, within, today, small_cell)
    return Statistics.model_validate(
        {
            "by": by,
            "since": since.isoformat(),
            "until": until.isoformat(),
            "small_cell": small_cell,
            "rows": rows,
        }
    )


@router.get(
    "/communities/{community_id}/feed.atom",
    operation_id="hall_feed_atom",
    dependencies=_PUBLIC,
    response_class=Response,
    responses={200: {"content": {ATOM: {"example": "<feed xmlns=…>"}}}},
)
async def feed_atom(
    community_id: UUID, session: PublicReading, district: PublicDistrict, request: Request
) -> Response:
    """A community's matters as an Atom feed, newest first. 社区说事订阅（Atom）。"""
    found = await _feed(session, community_id, district, request)
    return Response(feeds.atom(found), media_type=ATOM)


@router.get(
    "/communities/{community_id}/feed.json", operation_id="hall_feed_json", dependencies=_PUBLIC
)
async def feed_json(
    community_id: UUID, session: PublicReading, district: PublicDistrict, request: Request
) -> JsonFeed:
    """A community's matters as a JSON Feed, newest first. 社区说事订阅（JSON Feed）。"""
    found = await _feed(session, community_id, district, request)
    return JsonFeed.model_validate(feeds.json_feed(found))


@router.get(
    "/matters.xlsx",
    operation_id="hall_export",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}}},
)
async def export(
    session: Reading,
    request: Request,
    reach: Annotated[Reach, permits(access.EXPORT)],
    community_id: UUID | None = None,
    category: Category | None = None,
    state: MatterState | None = None,
) -> Response:
    """Matters within reach as a workbook, newest first, 20,000 at most. 导出居民说事。"""
    query = repository.within(repository.matters(), reach)
    for column, value in (
        (Matter.community_id, community_id),
        (Matter.category, category),
        (Matter.state, state),
    ):
        if value is not None:
            query = query.where(column == value)
    query = query.order_by(Matter.raised_at.desc(), Matter.id.desc()).limit(_MOST_EXPORTED)
    rows = (await session.execute(query)).all()
    content = await asyncio.to_thread(exporting.workbook, rows, language_of(request))
    return Response(
        content,
        media_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="matters.xlsx"'},
    )


async def _feed(
    session: PublicReading, community_id: UUID, district: str, request: Request
) -> feeds.Feed:
    name = (
        await session.execute(select(Community.name).where(Community.id == community_id))
    ).scalar_one_or_none()
    if name is None:
        raise NotFound
    rows = (
        await session.execute(
            repository.matters()
            .add_columns(Matter.updated_at)
            .where(Matter.community_id == community_id, ~Matter.hidden)
            .order_by(Matter.raised_at.desc(), Matter.id.desc())
            .limit(_ENTRIES)
        )
    ).all()
    base = f"{request.base_url}v1/committee/hall"
    entries = [
        feeds.Entry(
            id=f"urn:uuid:{row.id}",
            url=f"{base}/matters/{row.id}?district={district}",
            title=row.title,
            content=row.content if row.result is None else f"{row.content}\n\n结果：{row.result}",
            published=row.raised_at,
            updated=row.updated_at,
            tags=(CATEGORIES[row.category].zh, MATTER.states[row.state].zh),
        )
        for row in rows
    ]
    return feeds.Feed(
        id=f"urn:uuid:{community_id}",
        title=f"{name}居民说事",
        author=name,
        home=f"{base}/matters?district={district}&community_id={community_id}",
        own=f"{request.url}",
        updated=max((entry.updated for entry in entries), default=request.app.state.clock.now()),
        entries=entries,
    )


def _span_wrong() -> Issue:
    return Issue(
        code="span_wrong",
        pointer="/query/since",
        detail=Text(
            zh="起始日期须早于截止日期，且不超过五年。",
            en="`since` comes before `until`, by five years at most.",
        ),
        remedy=Text(zh="请更正日期。", en="Mend the days."),
    )
