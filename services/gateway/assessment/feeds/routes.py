"""Calendar feeds: opened, listed, revoked, and read by phones."""

import hashlib
from datetime import time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from sqlalchemy import select
from starlette.responses import Response

from services.gateway.assessment.feeds import access, commands
from services.gateway.assessment.feeds.domain import calendar_of
from services.gateway.assessment.feeds.models import CalendarFeed
from services.gateway.assessment.feeds.schemas import FeedRequest, FeedView, OpenedFeed
from shared.auth.policy import Reach
from shared.db.database import Database
from shared.procedures.acting import Acting
from shared.rulebook.in_force import RulesInForce
from shared.web.authentication import CurrentPrincipal, Reading, open_to_all, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/assessment", tags=["assessment"], route_class=UnitOfWorkRoute)
Subscribe = Annotated[Reach, permits(access.SUBSCRIBE)]
ICS = "text/calendar"


@router.get("/calendar-feeds", operation_id="assessment_feeds")
async def feeds(
    session: Reading, page: Paging, principal: CurrentPrincipal, reach: Subscribe
) -> Page[FeedView]:
    """The calendars that you have opened, offices of the district all, newest first.
    已开通的日历订阅。"""
    query = select(*CalendarFeed.__table__.columns)
    if not reach.whole_district:
        query = query.where(CalendarFeed.created_by == principal.subject)
    rows = (await session.execute(page.apply(query, CalendarFeed.id, descending=True))).all()
    return page.page(
        rows,
        lambda row: (row.id,),
        lambda row: FeedView.model_validate(row, from_attributes=True),
    )


@router.post("/calendar-feeds", operation_id="assessment_open_feed", status_code=201)
async def open_feed(body: FeedRequest, act: Acting, reach: Subscribe) -> OpenedFeed:
    """Open a calendar of a community's or a department's visits; its address is told this once.
    开通日历订阅。"""
    made, token = await commands.open_feed(
        act.session, act.actor, reach, body.community_id, body.department_id
    )
    await act.session.refresh(made)
    shown = FeedView.model_validate(made, from_attributes=True)
    return OpenedFeed(**dict(shown), url=f"/v1/assessment/calendars/{token}/visits.ics")


@router.post("/calendar-feeds/{id}/revocation", operation_id="assessment_revoke_feed")
async def revoke(id: UUID, act: Acting, reach: Subscribe) -> FeedView:
    """Take a calendar back: from now on its address opens nothing. 停用日历订阅。"""
    found = await commands.revoke_feed(act.session, act.actor, reach, id)
    return FeedView.model_validate(found, from_attributes=True)


@router.get(
    "/calendars/{token}/visits.ics",
    operation_id="assessment_calendar",
    dependencies=[open_to_all(access.READ)],
    response_class=Response,
    responses={
        200: {"content": {ICS: {"example": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…"}}},
        304: {"description": "Nothing has changed since the ETag that was sent"},
    },
)
async def calendar(
    token: Annotated[str, Path(max_length=80, pattern=r"^[0-9A-Za-z._-]+$")], request: Request
) -> Response:
    """The calendar that an address opens, for a phone to subscribe to. 检查日历（iCalendar）。"""
    database: Database = request.app.state.database
    rules: RulesInForce = request.app.state.rules
    today, district = request.app.state.clock.today(), commands.district_of(token)
    async with database.read(district) as session:
        feed = await commands.open_feed_of(session, token)
        entries = await commands.entries_of(session, feed, today)
        rulebook = await rules.of(session, district)
    begins = time.fromisoformat(rulebook.lookup("inspection.visit_begins", district, today).text())
    content = calendar_of(feed.title, district, entries, begins, language_of(request))
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=300", "Vary": "Accept-Language"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=f"{ICS}; charset=utf-8", headers=headers)
