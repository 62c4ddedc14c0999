"""HTTP of volunteers: everything here is public."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from services.committee.volunteers import access
from services.committee.volunteers.models import Team
from shared.db.base import Rows
from shared.web.authentication import PublicReading, open_to_all
from shared.web.paging import Page, Paging

router = APIRouter(
    prefix="/v1/committee/volunteers",
    tags=["volunteers"],
    dependencies=[open_to_all(access.READ)],
)
_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class TeamView(BaseModel):
    """A volunteer team; `community_id` is null when it is not one community's."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["V001"])
    name: str = Field(examples=["沙市老姨妈服务队"])
    community_id: UUID | None = Field(examples=[_ID])
    founded_on: date = Field(examples=["2008-03-05"])
    ended_on: date | None = Field(examples=[None])


@router.get("/teams", operation_id="volunteers_teams")
async def teams(
    session: PublicReading, page: Paging, community_id: UUID | None = None
) -> Page[TeamView]:
    """Volunteer teams by code. 志愿服务队。"""
    query: Rows = select(*(getattr(Team, name) for name in TeamView.model_fields))
    if community_id is not None:
        query = query.where(Team.community_id == community_id)
    rows = (await session.execute(page.apply(query, Team.code))).all()
    return page.page(
        rows,
        lambda row: (row.code,),
        lambda row: TeamView.model_validate(row, from_attributes=True),
    )
