"""Announced visits: of one campaign or of all, put off, cancelled."""

from collections.abc import Collection
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.assessment.campaigns import changing, repository
from services.gateway.assessment.campaigns.domain import VisitState
from services.gateway.assessment.campaigns.models import Campaign, Visit
from services.gateway.assessment.campaigns.public import acting_on
from services.gateway.assessment.campaigns.routes.campaigns import Manage, Read, found_campaign
from services.gateway.assessment.campaigns.schemas import PostponementRequest, VisitView
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act, Acting
from shared.web.authentication import Reading
from shared.web.paging import Page, Paging
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/assessment", tags=["assessment"], route_class=UnitOfWorkRoute)


def _departments(reach: Reach) -> Collection[UUID] | None:
    """Whose requests a reader sees: who is not there for a community sees those of their own."""
    if reach.whole_district or reach.communities or reach.streets:
        return None
    return reach.departments


async def _listed(
    session: AsyncConnection,
    page: Paging,
    reach: Reach,
    query: Rows,
    *,
    since: date | None,
    until: date | None,
    community_id: UUID | None,
    state: VisitState | None,
) -> Page[VisitView]:
    if since is not None:
        query = query.where(Visit.on_day >= since)
    if until is not None:
        query = query.where(Visit.on_day <= until)
    if community_id is not None:
        query = query.where(Visit.community_id == community_id)
    if state is not None:
        query = query.where(Visit.state == state)
    rows = (await session.execute(page.apply(query, Visit.on_day, Visit.id))).all()
    departments = _departments(reach)
    return page.page(
        rows, lambda row: (row.on_day, row.id), lambda row: VisitView.read(row, departments)
    )


_Since = Annotated[date | None, Query(description="Earliest day")]
_Until = Annotated[date | None, Query(description="Latest day")]


@router.get("/visits", operation_id="assessment_visits")
async def visits(
    session: Reading,
    page: Paging,
    reach: Read,
    since: _Since = None,
    until: _Until = None,
    community_id: UUID | None = None,
    state: VisitState | None = None,
) -> Page[VisitView]:
    """Visits of all campaigns within reach, by day. 检查日程。"""
    return await _listed(
        session, page, reach, repository.visits(reach),
        since=since, until=until, community_id=community_id, state=state,
    )  # fmt: skip


@router.get("/visits/{id}", operation_id="assessment_visit")
async def one(id: UUID, session: Reading, reach: Read) -> VisitView:
    """One visit. 检查详情。"""
    row = await the_row(session, repository.visits(reach).where(Visit.id == id))
    return VisitView.read(row, _departments(reach))


@router.get("/campaigns/{id}/visits", operation_id="assessment_campaign_visits")
async def campaign_visits(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: Read,
    since: _Since = None,
    until: _Until = None,
    community_id: UUID | None = None,
    state: VisitState | None = None,
) -> Page[VisitView]:
    """The announced visits of a campaign, by day; none before its announcement. 联合检查日程。"""
    await found_campaign(session, reach, id)
    return await _listed(
        session, page, reach, repository.visits(reach).where(Visit.campaign_id == id),
        since=since, until=until, community_id=community_id, state=state,
    )  # fmt: skip


async def _locked(act: Act, id: UUID) -> tuple[Act, Campaign, Visit]:
    """A visit and its campaign, locked in the order in which an announcement locks them, and the
    act on the campaign's day."""
    campaign_id = await act.session.scalar(select(Visit.campaign_id).where(Visit.id == id))
    if campaign_id is None:
        raise NotFound
    act, campaign = await acting_on(act, campaign_id)
    return act, campaign, await repository.locked_visit(act.session, id)


async def _view(act: Act, id: UUID) -> VisitView:
    query = repository.visits(Reach(whole_district=True)).where(Visit.id == id)
    return VisitView.read((await act.session.execute(query)).one(), None)


@router.post("/visits/{id}/cancellation", operation_id="assessment_cancel_visit")
async def cancel(id: UUID, body: ReasonRequest, act: Acting, reach: Manage) -> VisitView:
    """Cancel a visit; what it was to serve is planned anew. 取消检查。"""
    act, campaign, visit = await _locked(act, id)
    await changing.cancel_visit(act.session, act.actor, campaign, visit, body.reason, act.today)
    return await _view(act, id)


@router.post("/visits/{id}/postponement", operation_id="assessment_postpone_visit")
async def postpone(id: UUID, body: PostponementRequest, act: Acting, reach: Manage) -> VisitView:
    """Put a visit off; the next plan gives it a new day. 延期检查。"""
    act, campaign, visit = await _locked(act, id)
    await changing.postpone_visit(
        act.session, act.actor, campaign, visit,
        reason=body.reason, until=body.until, today=act.today,
    )  # fmt: skip
    return await _view(act, id)
