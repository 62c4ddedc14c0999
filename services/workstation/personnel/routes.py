"""HTTP of personnel."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import or_

from services.workstation.personnel import access, queries, repository
from services.workstation.personnel.domain import Whereabouts
from services.workstation.personnel.models import Placement, Staff
from services.workstation.personnel.schemas import PostCounts, StaffView
from shared.auth.policy import Reach
from shared.rulebook.in_force import ReadingRules
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.days import Day
from shared.web.paging import Page, Paging

router = APIRouter(prefix="/v1/workstation", tags=["people"])


@router.get("/posts/counts", operation_id="personnel_post_counts")
async def post_counts(
    session: Reading,
    rulebook: ReadingRules,
    principal: CurrentPrincipal,
    _reach: Annotated[Reach, permits(access.READ_COUNTS)],
    day: Day,
    by: queries.By = queries.By.COMMUNITY,
) -> PostCounts:
    """Posts and people on any day: quota, approved, occupied, vacant, and where people really are.
    岗位与人员统计。"""
    return await queries.post_counts(session, rulebook, principal.district, day, by)


@router.get("/staff", operation_id="personnel_staff")
async def staff(
    session: Reading,
    page: Paging,
    reach: Annotated[Reach, permits(access.READ_STAFF)],
    day: Day,
    street_id: UUID | None = None,
    community_id: UUID | None = None,
    whereabouts: Whereabouts | None = None,
    q: Annotated[
        str | None, Query(max_length=40, pattern=r"^[^\x00]*$", description="Part of the name")
    ] = None,
) -> Page[StaffView]:
    """Staff within reach and where each really is on the day, by code. 工作人员列表。"""
    query = repository.staff(day)
    if not reach.whole_district:
        query = query.where(
            or_(
                Placement.street_id.in_(reach.streets),
                Placement.community_id.in_(reach.communities),
            )
        )
    if street_id is not None:
        query = query.where(Placement.street_id == street_id)
    if community_id is not None:
        query = query.where(Placement.community_id == community_id)
    if whereabouts is not None:
        query = query.where(Placement.whereabouts == whereabouts)
    if q:
        query = query.where(Staff.name.contains(q, autoescape=True))
    rows = (await session.execute(page.apply(query, Staff.code))).all()
    return page.page(
        rows,
        lambda row: (row.code,),
        lambda row: StaffView.model_validate(row, from_attributes=True),
    )
