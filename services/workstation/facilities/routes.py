"""HTTP of facilities."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import or_

from services.workstation.facilities import access, queries, repository
from services.workstation.facilities.domain import FacilityKind, ProjectKind, ProjectState
from services.workstation.facilities.models import Facility, Project
from services.workstation.facilities.schemas import ComplianceView, FacilityView, ProjectView
from shared.auth.policy import Reach
from shared.rulebook.in_force import ReadingRules
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.days import Day
from shared.web.paging import Page, Paging

router = APIRouter(prefix="/v1/workstation", tags=["facilities"])
Read = Annotated[Reach, permits(access.READ)]


@router.get("/facilities", operation_id="facilities_facilities")
async def facilities(
    session: Reading,
    page: Paging,
    _reach: Read,
    street_id: UUID | None = None,
    community_id: UUID | None = None,
    kind: FacilityKind | None = None,
    on: Annotated[date | None, Query(description="Those in use on that day")] = None,
) -> Page[FacilityView]:
    """Rooms and service points by code. 设施与服务阵地。"""
    query = repository.facilities()
    if street_id is not None:
        query = query.where(Facility.street_id == street_id)
    if community_id is not None:
        query = query.where(Facility.community_id == community_id)
    if kind is not None:
        query = query.where(Facility.kind == kind)
    if on is not None:
        query = query.where(repository.open_on(on))
    rows = (await session.execute(page.apply(query, Facility.code))).all()
    return page.page(
        rows,
        lambda row: (row.code,),
        lambda row: FacilityView.model_validate(row, from_attributes=True),
    )


@router.get("/facilities/compliance", operation_id="facilities_compliance")
async def compliance(
    session: Reading,
    rulebook: ReadingRules,
    principal: CurrentPrincipal,
    _reach: Read,
    day: Day,
    street_id: UUID | None = None,
    below_only: Annotated[bool, Query(description="Only those below the standard")] = False,
) -> ComplianceView:
    """Premises of every community against the standard in force on the day. 用房达标情况。"""
    return await queries.premises_compliance(
        session,
        rulebook,
        principal.district,
        day,
        street_id=street_id,
        below_only=below_only,
    )


@router.get("/projects", operation_id="facilities_projects")
async def projects(
    session: Reading,
    page: Paging,
    reach: Annotated[Reach, permits(access.READ_PROJECTS)],
    street_id: UUID | None = None,
    kind: ProjectKind | None = None,
    state: ProjectState | None = None,
) -> Page[ProjectView]:
    """Building projects within reach and their money, by code. 建设项目。"""
    query = repository.projects()
    if not reach.whole_district:
        query = query.where(
            or_(Project.street_id.in_(reach.streets), Project.community_id.in_(reach.communities))
        )
    if street_id is not None:
        query = query.where(Project.street_id == street_id)
    if kind is not None:
        query = query.where(Project.kind == kind)
    if state is not None:
        finished = state is ProjectState.FINISHED
        query = query.where(Project.finished_on.is_not(None) == finished)
    rows = (await session.execute(page.apply(query, Project.code))).all()
    return page.page(
        rows,
        lambda row: (row.code,),
        lambda row: ProjectView.model_validate(row, from_attributes=True),
    )
