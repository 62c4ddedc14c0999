"""Residents' ratings."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.gateway.assessment.findings import access, ratings, repository
from services.gateway.assessment.findings.schemas import (
    RatingsAnswer,
    RatingsRequest,
    RatingSum,
)
from shared.auth.policy import Place, Reach
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Acting
from shared.web.authentication import Reading, permits
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/assessment/campaigns/{id}/ratings",
    tags=["assessment"],
    route_class=UnitOfWorkRoute,
)


def _community(reach: Reach, named: UUID | None) -> UUID:
    if named is None and len(reach.communities) == 1:
        return next(iter(reach.communities))
    if named is None:
        raise Invalid(
            issues=(
                Issue(
                    code="community_missing",
                    pointer="/community_id",
                    detail=Text(zh="未指明社区。", en="No community is named."),
                    remedy=Text(zh="请填写社区编号。", en="Give its id."),
                ),
            )
        )
    reach.require(Place(community=named))
    return named


@router.post("", operation_id="assessment_rate")
async def rate(
    id: UUID, body: RatingsRequest, act: Acting, reach: Annotated[Reach, permits(access.RATE)]
) -> RatingsAnswer:
    """Rate items in one's own community, each once; given again, it is changed. Nobody is shown who
    rated. 居民评价。"""
    community = _community(reach, body.community_id)
    given = {one.code: one.value for one in body.ratings}
    return RatingsAnswer(given=await ratings.rate(act, id, community, given))


@router.get("", operation_id="assessment_rating_sums")
async def sums(
    id: UUID,
    session: Reading,
    _reach: Annotated[Reach, permits(access.READ_RATINGS)],
    community_id: UUID | None = None,
) -> list[RatingSum]:
    """Residents' ratings of a campaign, summed up by community and item. 居民评价汇总。"""
    found = await repository.ratings_of(session, id)
    return [
        RatingSum(
            community_id=community,
            item_id=item,
            number=one.number,
            by_value=one.by_value,
            mean=str(one.mean),
        )
        for (community, item), one in found.items()
        if community_id in {None, community}
    ]
