"""Queries of campaigns, plans and visits."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import Community
from services.gateway.assessment.campaigns.domain import SHOWN, CampaignState, VisitState
from services.gateway.assessment.campaigns.models import (
    Campaign,
    CampaignPlan,
    CampaignRequest,
    Visit,
    VisitClosure,
    VisitRequest,
)
from services.gateway.assessment.requests.public import Request
from services.gateway.assessment.standards.models import Standard
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.jobs.models import Job
from shared.kernel.errors import NotFound

Session = AsyncConnection | AsyncSession
_OF_VISIT = and_(VisitRequest.district == Visit.district, VisitRequest.visit_id == Visit.id)
_OF_REQUEST = and_(Request.district == VisitRequest.district, Request.id == VisitRequest.request_id)
_OF_COMMUNITY = and_(Community.district == Visit.district, Community.id == Visit.community_id)
LIVING = (VisitState.ANNOUNCED, VisitState.POSTPONED)


def _within(reach: Reach) -> Any:
    """Whether a visit, joined with its community, lies within reach: visits of a department serve
    one of its requests."""
    served = exists().where(
        VisitRequest.district == Visit.district,
        VisitRequest.visit_id == Visit.id,
        VisitRequest.ended_on.is_(None),
        _OF_REQUEST,
        Request.department_id.in_(reach.departments),
    )
    return or_(
        Visit.community_id.in_(reach.communities),
        Community.street_id.in_(reach.streets),
        served if reach.departments else false(),
    )


def campaigns(reach: Reach) -> Rows:
    """Campaigns within reach with their standard's code and their numbers of requests and
    visits. Who is not of the district's offices sees those announced that concern them."""
    requests = (
        select(func.count())
        .where(
            CampaignRequest.district == Campaign.district,
            CampaignRequest.campaign_id == Campaign.id,
            CampaignRequest.ended_on.is_(None),
        )
        .scalar_subquery()
    )
    visits = (
        select(func.count())
        .select_from(Visit)
        .join(Community, _OF_COMMUNITY)
        .where(
            Visit.district == Campaign.district,
            Visit.campaign_id == Campaign.id,
            Visit.state.in_(LIVING),
            true() if reach.whole_district else _within(reach),
        )
        .scalar_subquery()
    )
    query: Rows = select(
        *Campaign.__table__.columns,
        Standard.code.label("standard_code"),
        Standard.demo,
        Standard.demo_today,
        requests.label("requests"),
        visits.label("visits"),
    ).join(
        Standard,
        and_(Standard.district == Campaign.district, Standard.id == Campaign.standard_id),
    )
    if reach.whole_district:
        return query
    concerned = (
        select(Visit.id)
        .join(Community, _OF_COMMUNITY)
        .where(
            Visit.district == Campaign.district, Visit.campaign_id == Campaign.id, _within(reach)
        )
        .exists()
    )
    told = or_(
        Campaign.state.in_(SHOWN),
        and_(Campaign.state == CampaignState.CANCELLED, Campaign.announced_on.is_not(None)),
    )
    return query.where(told, concerned)


def visits(reach: Reach) -> Rows:
    """Visits within reach, each with its community, campaign and the requests that it serves."""
    served = aggregate_order_by(
        func.jsonb_build_object(
            "request_id", Request.id, "reference", Request.reference, "title", Request.title,
            "department_id", Request.department_id,
        ),
        Request.reference,
    )  # fmt: skip
    requests = (
        select(func.coalesce(func.jsonb_agg(served), func.jsonb_build_array()))
        .select_from(VisitRequest)
        .join(Request, _OF_REQUEST)
        .where(_OF_VISIT, VisitRequest.ended_on.is_(None))
        .correlate(Visit)
        .scalar_subquery()
    )
    query: Rows = (
        select(
            *Visit.__table__.columns,
            Community.name.label("community_name"),
            Community.street_id,
            Community.street_name,
            Campaign.title.label("campaign_title"),
            requests.label("requests"),
        )
        .join(Community, _OF_COMMUNITY)
        .join(Campaign, and_(Campaign.district == Visit.district, Campaign.id == Visit.campaign_id))
    )
    return query if reach.whole_district else query.where(_within(reach))


async def requests_in(session: Session, campaign_id: UUID) -> list[UUID]:
    """The requests of a campaign, in the order of their ids."""
    query = select(CampaignRequest.request_id).where(
        CampaignRequest.campaign_id == campaign_id, CampaignRequest.ended_on.is_(None)
    )
    rows = await session.execute(query.order_by(CampaignRequest.request_id))
    return [row.request_id for row in rows]


async def requests_named(session: Session, ids: Collection[UUID]) -> dict[UUID, Any]:
    """Requests by their id."""
    rows = await session.execute(select(*Request.__table__.columns).where(Request.id.in_(ids)))
    return {row.id: row for row in rows}


async def living_visits(session: AsyncSession, campaign_id: UUID) -> list[tuple[Visit, set[UUID]]]:
    """The campaign's visits that are announced or postponed, each with its requests; locked."""
    found = (
        await session.scalars(
            select(Visit)
            .where(Visit.campaign_id == campaign_id, Visit.state.in_(LIVING))
            .order_by(Visit.id)
            .with_for_update()
        )
    ).all()
    rows = await session.execute(
        select(VisitRequest.visit_id, VisitRequest.request_id).where(
            VisitRequest.visit_id.in_([one.id for one in found]), VisitRequest.ended_on.is_(None)
        )
    )
    served: dict[UUID, set[UUID]] = {one.id: set() for one in found}
    for row in rows:
        served[row.visit_id].add(row.request_id)
    return [(one, served[one.id]) for one in found]


async def other_visits(
    session: Session, campaign_id: UUID, communities: Collection[UUID], first: date, last: date
) -> Sequence[Any]:
    """Announced visits of other campaigns to the communities between two days."""
    query = select(Visit.community_id, Visit.on_day, Visit.minutes).where(
        Visit.campaign_id != campaign_id,
        Visit.community_id.in_(communities),
        Visit.on_day.between(first, last),
        Visit.state == VisitState.ANNOUNCED,
    )
    return (await session.execute(query.order_by(Visit.id))).all()


async def closures(session: Session, campaign_id: UUID) -> Sequence[Any]:
    """Days on which communities cannot be visited."""
    query = select(*VisitClosure.__table__.columns).where(VisitClosure.campaign_id == campaign_id)
    return (await session.execute(query.order_by(VisitClosure.id))).all()


async def streets_of(session: Session, communities: Collection[UUID]) -> dict[UUID, UUID]:
    """The street of each community."""
    query = select(Community.id, Community.street_id).where(Community.id.in_(communities))
    return {row.id: row.street_id for row in await session.execute(query)}


async def latest_plan(session: Session, campaign_id: UUID) -> Any:
    """The campaign's newest plan with its job, None without one."""
    query = (
        select(
            *CampaignPlan.__table__.columns, Job.state, Job.done, Job.total, Job.error,
            Job.started_at, Job.ended_at,
        )
        .join(Job, and_(Job.district == CampaignPlan.district, Job.id == CampaignPlan.id))
        .where(CampaignPlan.campaign_id == campaign_id)
        .order_by(CampaignPlan.id.desc())
        .limit(1)
    )  # fmt: skip
    return (await session.execute(query)).one_or_none()


async def locked_visit(session: AsyncSession, id: UUID) -> Visit:
    """A visit under a row lock. Raises NotFound."""
    found = await session.scalar(select(Visit).where(Visit.id == id).with_for_update())
    if found is None:
        raise NotFound
    return found
