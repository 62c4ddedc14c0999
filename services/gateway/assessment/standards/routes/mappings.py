"""Departments' own items, and what the standard's items are of them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.standards import access, mapping, repository
from services.gateway.assessment.standards.clock import by_clock_of
from services.gateway.assessment.standards.domain import Relation
from services.gateway.assessment.standards.models import DepartmentItem, ItemMapping
from services.gateway.assessment.standards.schemas import (
    DepartmentItemChange,
    DepartmentItemRequest,
    DepartmentItemView,
    MappingRequest,
    MappingView,
)
from services.gateway.identity.public import department_for
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.procedures.acting import Acting
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/assessment", tags=["assessment"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ_OWN_ITEMS)]
Propose = Annotated[Reach, permits(access.PROPOSE)]
_Search = Annotated[
    str | None, Query(max_length=40, pattern=r"^[^\x00]*$", description="Part of the title")
]


def _item(row: Any) -> DepartmentItemView:
    return DepartmentItemView.model_validate(row, from_attributes=True)


def _mapping(row: Any) -> MappingView:
    return MappingView.model_validate(row, from_attributes=True)


async def _shown_item(session: AsyncSession, id: UUID, response: Response) -> DepartmentItemView:
    query = repository.department_items(Reach(whole_district=True)).where(DepartmentItem.id == id)
    row = (await session.execute(query)).one()
    response.headers["ETag"] = etag(row.version)
    return _item(row)


async def _shown_mapping(session: AsyncSession, id: UUID) -> MappingView:
    query = repository.mappings(Reach(whole_district=True)).where(ItemMapping.id == id)
    return _mapping((await session.execute(query)).one())


@router.get("/department-items", operation_id="assessment_department_items")
async def department_items(
    session: Reading,
    page: Paging,
    reach: Read,
    department_id: UUID | None = None,
    q: _Search = None,
) -> Page[DepartmentItemView]:
    """Departments' own items within reach, newest first. 部门项目。"""
    query = repository.department_items(reach)
    if department_id is not None:
        query = query.where(DepartmentItem.department_id == department_id)
    if q:
        query = query.where(DepartmentItem.title.contains(q, autoescape=True))
    rows = (await session.execute(page.apply(query, DepartmentItem.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _item)


@router.get("/department-items/{id}", operation_id="assessment_department_item")
async def department_item(
    id: UUID, session: Reading, response: Response, reach: Read
) -> DepartmentItemView:
    """One own item of a department. 部门项目详情。"""
    query = repository.department_items(reach).where(DepartmentItem.id == id)
    row = await the_row(session, query)
    response.headers["ETag"] = etag(row.version)
    return _item(row)


@router.post("/department-items", operation_id="assessment_propose_item", status_code=201)
async def propose(
    body: DepartmentItemRequest, act: Acting, response: Response, reach: Propose
) -> DepartmentItemView:
    """Enter an item of a department's own inspections, to be mapped to the standard.
    提出部门项目。"""
    department = await department_for(act.session, reach, body.department_id)
    values = body.model_dump(exclude={"department_id"})
    made = await mapping.propose(act.session, act.actor, department, values)
    return await _shown_item(act.session, made.id, response)


@router.patch("/department-items/{id}", operation_id="assessment_change_department_item")
async def change(
    id: UUID,
    body: DepartmentItemChange,
    act: Acting,
    expected: ExpectedVersion,
    response: Response,
    reach: Propose,
) -> DepartmentItemView:
    """Change an own item while it is not mapped. 修改部门项目。"""
    found = await mapping.locked_item(act.session, reach, id)
    require_version(found.version, expected)
    values = {name: value for name, value in body.model_dump().items() if value is not None}
    await mapping.change(act.session, act.actor, found, values)
    return await _shown_item(act.session, id, response)


@router.get("/standards/{id}/mappings", operation_id="assessment_mappings")
async def mappings(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: Read,
    department_id: UUID | None = None,
    relation: Relation | None = None,
    ended: Annotated[bool, Query(description="Ended ones too")] = False,
) -> Page[MappingView]:
    """Mappings of a version within reach, newest first. 项目对应关系。"""
    query = repository.mappings(reach).where(ItemMapping.standard_id == id)
    if department_id is not None:
        query = query.where(DepartmentItem.department_id == department_id)
    if relation is not None:
        query = query.where(ItemMapping.relation == relation)
    if not ended:
        query = query.where(ItemMapping.ended_on.is_(None))
    rows = (await session.execute(page.apply(query, ItemMapping.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _mapping)


@router.post("/standards/{id}/mappings", operation_id="assessment_map_item", status_code=201)
async def map_item(id: UUID, body: MappingRequest, act: Acting, reach: Propose) -> MappingView:
    """Say what an item of the standard in force is of a department's own. 建立对应关系。"""
    item = await mapping.locked_item(act.session, reach, body.department_item_id)
    made = await mapping.map_item(
        act.session, act.actor, id, item,
        item_code=body.item_code, relation=body.relation, note=body.note,
    )  # fmt: skip
    return await _shown_mapping(act.session, made.id)


@router.post(
    "/standards/{id}/mappings/{mapping_id}/termination", operation_id="assessment_end_mapping"
)
async def end_mapping(
    id: UUID, mapping_id: UUID, body: ReasonRequest, act: Acting, reach: Propose
) -> MappingView:
    """End a mapping; what was screened with it stays as it was. 终止对应关系。"""
    act = await by_clock_of(act, id)
    await mapping.end_mapping(
        act.session, act.actor, reach, id, mapping_id, reason=body.reason, today=act.today
    )
    return await _shown_mapping(act.session, mapping_id)
