"""What the other parts of the assessment may ask of requests."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import Community
from services.gateway.assessment.requests.domain import PairToVisit, RequestState
from services.gateway.assessment.requests.models import Request, RequestTarget
from services.gateway.assessment.requests.repository import asked

__all__ = ["PairToVisit", "Request", "asked", "pairs_to_visit"]


async def pairs_to_visit(
    session: AsyncConnection | AsyncSession, requests: Collection[UUID] | None = None
) -> list[PairToVisit]:
    """The (request, community) pairs of approved requests in which some item needs a visit, by
    request's reference and community's code; only those of the requests named, when ids are given.
    """
    query = (
        select(
            Request.id.label("request_id"),
            Request.reference,
            Request.department_id,
            RequestTarget.community_id,
            Community.name.label("community_name"),
            Community.street_id,
            Request.starts_on,
            Request.ends_on,
            Request.minutes_on_site,
            Request.inspectors_per_day,
        )
        .join(
            RequestTarget,
            and_(
                RequestTarget.district == Request.district,
                RequestTarget.request_id == Request.id,
                RequestTarget.submission == Request.submission,
            ),
        )
        .join(
            Community,
            and_(
                Community.district == RequestTarget.district,
                Community.id == RequestTarget.community_id,
            ),
        )
        .where(Request.state == RequestState.APPROVED, RequestTarget.visit)
        .order_by(Request.reference, Request.id, Community.code)
    )
    if requests is not None:
        query = query.where(Request.id.in_(requests))
    return [PairToVisit(**row._mapping) for row in await session.execute(query)]
