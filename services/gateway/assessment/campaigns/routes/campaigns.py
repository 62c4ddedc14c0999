"""Campaigns: begun, given requests, announced, called off."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.assessment.campaigns import access, announcing, drafting, repository
from services.gateway.assessment.campaigns.domain import CAMPAIGN, CampaignState
from services.gateway.assessment.campaigns.models import Campaign
from services.gateway.assessment.campaigns.public import acting_on
from services.gateway.assessment.campaigns.schemas import (
    AnnouncementRequest,
    CampaignDraft,
    CampaignRequestView,
    CampaignView,
    MoreRequests,
    RequestRemoval,
)
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging
from shared.web.preconditions import etag
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/assessment/campaigns", tags=["assessment"], route_class=UnitOfWorkRoute
)
Read = Annotated[Reach, permits(access.READ)]
Manage = Annotated[Reach, permits(access.MANAGE)]


def view(row: Any) -> CampaignView:
    """A row as its view."""
    return CampaignView.model_validate(row, from_attributes=True)


async def found_campaign(session: AsyncConnection, reach: Reach, id: UUID) -> Any:
    """A campaign within reach. Raises NotFound."""
    return await the_row(session, repository.campaigns(reach).where(Campaign.id == id))


async def shown(act: Act, id: UUID, response: Response) -> CampaignView:
    """A campaign as a write leaves it."""
    await act.session.flush()
    query = repository.campaigns(Reach(whole_district=True)).where(Campaign.id == id)
    row = (await act.session.execute(query)).one()
    response.headers["ETag"] = etag(row.version)
    return view(row)


@router.get("", operation_id="assessment_campaigns")
async def campaigns(
    session: Reading, page: Paging, reach: Read, state: CampaignState | None = None
) -> Page[CampaignView]:
    """Campaigns within reach, newest first. 联合检查。"""
    query = repository.campaigns(reach)
    if state is not None:
        query = query.where(Campaign.state == state)
    rows = (await session.execute(page.apply(query, Campaign.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), view)


@router.get("/{id}", operation_id="assessment_campaign")
async def one(id: UUID, session: Reading, response: Response, reach: Read) -> CampaignView:
    """One campaign. 联合检查详情。"""
    row = await found_campaign(session, reach, id)
    response.headers["ETag"] = etag(row.version)
    return view(row)


@router.get("/{id}/history", operation_id="assessment_campaign_history")
async def history(
    id: UUID, session: Reading, reach: Annotated[Reach, permits(access.READ_PLAN)]
) -> list[StepView]:
    """Every step of a campaign, oldest first. 部署经过。"""
    await found_campaign(session, reach, id)
    return await steps_of(session, CAMPAIGN, id)


@router.get("/{id}/requests", operation_id="assessment_campaign_requests")
async def requests(
    id: UUID, session: Reading, reach: Annotated[Reach, permits(access.READ_PLAN)]
) -> list[CampaignRequestView]:
    """The requests that a campaign serves, at most 200 at a time, by reference. 编入的申请。"""
    await found_campaign(session, reach, id)
    found = await repository.requests_named(session, await repository.requests_in(session, id))
    return [
        CampaignRequestView.model_validate({**row._mapping, "request_id": row.id})
        for row in sorted(found.values(), key=lambda row: (row.reference, row.id))
    ]


@router.post("", operation_id="assessment_begin_campaign", status_code=201)
async def begin(
    body: CampaignDraft, act: Acting, request: Request, response: Response, reach: Manage
) -> CampaignView:
    """Begin a campaign of approved requests on one standard. 建立联合检查。"""
    made = await drafting.begin(act.session, act.actor, body.title, body.request_ids)
    return await shown(act, made.id, response)


@router.post("/{id}/requests", operation_id="assessment_add_campaign_requests")
async def add(
    id: UUID, body: MoreRequests, act: Acting, response: Response, reach: Manage
) -> CampaignView:
    """Take further approved requests in; they are served after the next plan. 增加申请。"""
    act, campaign = await acting_on(act, id)
    await drafting.add_requests(act.session, act.actor, campaign, body.request_ids)
    return await shown(act, id, response)


@router.post("/{id}/requests/removal", operation_id="assessment_remove_campaign_request")
async def remove(
    id: UUID, body: RequestRemoval, act: Acting, response: Response, reach: Manage
) -> CampaignView:
    """Take a request out; announced visits lose it with the next announcement. 移出申请。"""
    act, campaign = await acting_on(act, id)
    await drafting.remove_request(
        act.session, act.actor, campaign, body.request_id, body.reason, act.today
    )
    return await shown(act, id, response)


@router.post("/{id}/announcement", operation_id="assessment_announce_campaign")
async def announce(
    id: UUID, body: AnnouncementRequest, act: Acting, response: Response, reach: Manage
) -> CampaignView:
    """Announce the newest plan: from now on communities and departments see its visits. Of two
    announcements at once one is made, the other answered 409. 部署。"""
    act, campaign = await acting_on(act, id)
    await announcing.announce(
        act.session, act.actor, campaign,
        plan_id=body.plan_id, document=body.document,
        by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return await shown(act, id, response)


@router.post("/{id}/cancellation", operation_id="assessment_cancel_campaign")
async def cancel(
    id: UUID, body: ReasonRequest, act: Acting, response: Response, reach: Manage
) -> CampaignView:
    """Call a campaign off; its requests may enter another. 取消联合检查。"""
    act, campaign = await acting_on(act, id)
    await drafting.call_off(
        act.session, act.actor, campaign,
        reason=body.reason, by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return await shown(act, id, response)
