"""The district's departments."""

from typing import Annotated, Any

from fastapi import APIRouter
from sqlalchemy import select

from services.gateway.identity import access, enrolling
from services.gateway.identity.models import Department
from services.gateway.identity.schemas import DepartmentRequest, DepartmentView
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

router = APIRouter(prefix="/v1/departments", tags=["identity"], route_class=UnitOfWorkRoute)


def _view(row: Any) -> DepartmentView:
    return DepartmentView(id=row.id, code=row.code, name=row.name)


@router.get("", operation_id="identity_departments")
async def departments(
    session: Reading, page: Paging, _reach: Annotated[Reach, permits(access.READ_DEPARTMENTS)]
) -> Page[DepartmentView]:
    """The district's departments by code. 部门列表。"""
    query = page.apply(select(Department.id, Department.code, Department.name), Department.code)
    rows = (await session.execute(query)).all()
    return page.page(rows, lambda row: (row.code,), _view)


@router.post("", operation_id="identity_create_department", status_code=201)
async def create_department(
    body: DepartmentRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    _reach: Annotated[Reach, permits(access.MANAGE_DEPARTMENTS)],
) -> DepartmentView:
    """Add a department. 新增部门。"""
    return _view(
        await enrolling.create_department(
            session, Actor.of(principal), code=body.code, name=body.name
        )
    )
