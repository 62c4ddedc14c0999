"""HTTP of posts."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from services.workstation.posts import access
from services.workstation.posts.domain import Basis
from services.workstation.posts.models import Post
from services.workstation.posts.repository import in_force
from services.workstation.registry.public import Community
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging

router = APIRouter(prefix="/v1/workstation/posts", tags=["people"])
_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class PostView(BaseModel):
    """An approved post; it is in force from `approved_on` to the day before `ended_on`."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["421002001001-1"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    basis: Basis = Field(examples=["election"])
    approved_on: date = Field(examples=["2021-12-01"])
    document: str = Field(examples=["沙区政发〔2021〕20号"])
    ended_on: date | None = Field(examples=[None])


@router.get("", operation_id="posts_posts")
async def posts(
    session: Reading,
    page: Paging,
    _reach: Annotated[Reach, permits(access.READ)],
    street_id: UUID | None = None,
    community_id: UUID | None = None,
    basis: Basis | None = None,
    on: Annotated[date | None, Query(description="Those in force on that day")] = None,
) -> Page[PostView]:
    """Approved posts by code. 核定岗位列表。"""
    own = [getattr(Post, name) for name in PostView.model_fields if name != "community_name"]
    query: Rows = select(*own, Community.name.label("community_name")).join(
        Community, (Community.district == Post.district) & (Community.id == Post.community_id)
    )
    if street_id is not None:
        query = query.where(Community.street_id == street_id)
    if community_id is not None:
        query = query.where(Post.community_id == community_id)
    if basis is not None:
        query = query.where(Post.basis == basis)
    if on is not None:
        query = query.where(in_force(on))
    rows = (await session.execute(page.apply(query, Post.code))).all()
    return page.page(
        rows,
        lambda row: (row.code,),
        lambda row: PostView.model_validate(row, from_attributes=True),
    )
