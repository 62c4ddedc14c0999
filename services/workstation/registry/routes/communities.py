"""Streets, communities, their history, grid cells."""

from datetime import date
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import bindparam, select

from services.workstation.registry import access, commands, repository
from services.workstation.registry.domain import CommunityKind, CommunityState
from services.workstation.registry.models import Adjustment, Community, GridCell, Street
from services.workstation.registry.schemas import (
    AdjustmentRequest,
    AdjustmentView,
    CommunityChange,
    CommunityRequest,
    CommunityView,
    GridCellView,
    Lineage,
    LineageStep,
    StreetChange,
    StreetRequest,
    StreetView,
)
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

streets = APIRouter(
    prefix="/v1/workstation/streets", tags=["registry"], route_class=UnitOfWorkRoute
)
router = APIRouter(prefix="/v1/workstation", tags=["registry"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ_MAP)]
_ONE = repository.communities().where(Community.id == bindparam("id"))
Manage = Annotated[Reach, permits(access.MANAGE_MAP)]


def _street(row: Any) -> StreetView:
    return StreetView.model_validate(row, from_attributes=True)


def _community(row: Any) -> CommunityView:
    return CommunityView.model_validate(row, from_attributes=True)


@streets.get("", operation_id="registry_streets")
async def list_streets(session: Reading, page: Paging, _reach: Read) -> Page[StreetView]:
    """Streets and townships by code. 街道列表。"""
    query = page.apply(select(*repository.STREET), Street.code)
    return page.page((await session.execute(query)).all(), lambda row: (row.code,), _street)


@streets.get("/{id}", operation_id="registry_street")
async def street(id: UUID, session: Reading, response: Response, _reach: Read) -> StreetView:
    """One street. 街道详情。"""
    row = await the_row(session, select(*repository.STREET).where(Street.id == id))
    response.headers["ETag"] = etag(row.version)
    return _street(row)


@streets.post("", operation_id="registry_create_street", status_code=201)
async def create_street(
    body: StreetRequest, session: WriteSession, principal: CurrentPrincipal, _reach: Manage
) -> StreetView:
    """Add a street or township. 新增街道。"""
    made = await commands.create_street(
        session, Actor.of(principal), code=body.code, name=body.name, kind=body.kind
    )
    return _street(made)


@streets.patch("/{id}", operation_id="registry_rename_street")
async def rename_street(
    id: UUID,
    body: StreetChange,
    session: WriteSession,
    principal: CurrentPrincipal,
    expected: ExpectedVersion,
    response: Response,
    _reach: Manage,
) -> StreetView:
    """Rename a street. 街道更名。"""
    found = await session.scalar(select(Street).where(Street.id == id).with_for_update())
    if found is None:
        raise NotFound
    require_version(found.version, expected)
    await commands.rename_street(session, Actor.of(principal), found, body.name)
    response.headers["ETag"] = etag(found.version)
    return _street(found)


@router.get("/communities", operation_id="registry_communities")
async def communities(
    session: Reading,
    page: Paging,
    _reach: Read,
    street_id: UUID | None = None,
    kind: CommunityKind | None = None,
    state: CommunityState | None = None,
    on: Annotated[date | None, Query(description="Those that existed on that day")] = None,
    q: Annotated[
        str | None, Query(max_length=40, pattern=r"^[^\x00]*$", description="Part of the name")
    ] = None,
) -> Page[CommunityView]:
    """Communities by code. 社区列表。"""
    query = repository.communities(street_id=street_id, kind=kind, state=state, on=on, q=q)
    rows = (await session.execute(page.apply(query, Community.code))).all()
    return page.page(rows, lambda row: (row.code,), _community)


@router.get("/communities/{id}", operation_id="registry_community")
async def community(id: UUID, session: Reading, response: Response, _reach: Read) -> CommunityView:
    """One community. 社区详情。"""
    row = (await session.execute(_ONE, {"id": id})).one_or_none()
    if row is None:
        raise NotFound
    response.headers["ETag"] = etag(row.version)
    return _community(row)


@router.post("/communities", operation_id="registry_propose_community", status_code=201)
async def propose_community(
    body: CommunityRequest, session: WriteSession, principal: CurrentPrincipal, _reach: Manage
) -> CommunityView:
    """Add a proposed community; an adjustment makes it active. 拟设社区。"""
    made = await commands.propose_community(session, Actor.of(principal), **dict(body))
    return _community((await session.execute(_ONE, {"id": made.id})).one())


@router.patch("/communities/{id}", operation_id="registry_change_community")
async def change_community(
    id: UUID,
    body: CommunityChange,
    session: WriteSession,
    principal: CurrentPrincipal,
    expected: ExpectedVersion,
    response: Response,
    _reach: Manage,
) -> CommunityView:
    """Change a community's name or official number of households. 修改社区。"""
    found = await session.scalar(select(Community).where(Community.id == id).with_for_update())
    if found is None:
        raise NotFound
    require_version(found.version, expected)
    await commands.change_community(session, Actor.of(principal), found, **dict(body))
    response.headers["ETag"] = etag(found.version)
    return _community((await session.execute(_ONE, {"id": id})).one())


@router.get("/communities/{id}/lineage", operation_id="registry_lineage")
async def lineage(id: UUID, session: Reading, _reach: Read) -> Lineage:
    """Which communities it came from and went into, act by act. 社区沿革。"""
    row = (await session.execute(_ONE, {"id": id})).one_or_none()
    if row is None:
        raise NotFound
    parts = await repository.lineage(session, id)
    steps = []
    for code, group in groupby(parts, key=lambda part: part.code):
        members = list(group)
        steps.append(
            LineageStep(
                adjustment=code,
                round=members[0].round,
                kind=members[0].kind,
                decided_on=members[0].decided_on,
                document=members[0].document,
                before=[part.name for part in members if part.side == "before"],
                after=[part.name for part in members if part.side == "after"],
            )
        )
    return Lineage(community=_community(row), steps=steps)


@router.get("/adjustments", operation_id="registry_adjustments")
async def adjustments(session: Reading, page: Paging, _reach: Read) -> Page[AdjustmentView]:
    """Acts that changed the map of communities, by code. 社区调整记录。"""
    query = select(
        Adjustment.id,
        Adjustment.code,
        Adjustment.round,
        Adjustment.kind,
        Adjustment.decided_on,
        Adjustment.document,
    )
    rows = (await session.execute(page.apply(query, Adjustment.code))).all()
    return page.page(
        rows,
        lambda row: (row.code,),
        lambda row: AdjustmentView.model_validate(row, from_attributes=True),
    )


@router.post("/adjustments", operation_id="registry_adjust", status_code=201)
async def adjust(
    body: AdjustmentRequest, session: WriteSession, principal: CurrentPrincipal, _reach: Manage
) -> AdjustmentView:
    """Merge, split, abolish, convert or create communities in one act. 调整社区。"""
    made = await commands.adjust(session, Actor.of(principal), **dict(body))
    return AdjustmentView.model_validate(made, from_attributes=True)


@router.get("/grid-cells", operation_id="registry_grid_cells")
async def grid_cells(
    session: Reading, page: Paging, _reach: Read, community_id: UUID | None = None
) -> Page[GridCellView]:
    """Grid cells and buildings in the order in which they were added. 网格与楼栋。"""
    query = page.apply(repository.grid_cells(community_id), GridCell.id)
    return page.page(
        (await session.execute(query)).all(),
        lambda row: (row.id,),
        lambda row: GridCellView.model_validate(row, from_attributes=True),
    )
