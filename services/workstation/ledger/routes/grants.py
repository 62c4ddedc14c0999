"""Grants to departments, and the log of what they read."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.workstation.ledger import access, grant_repository, granting
from services.workstation.ledger.models import LedgerElement, LedgerGrant, LedgerRead
from services.workstation.ledger.schemas import GrantList, GrantRequest, GrantView, ReadView
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.procedures.acting import Act, Acting
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging
from shared.web.shapes import Code, ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/workstation/ledger", tags=["ledger"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ_GRANTS)]
Manage = Annotated[Reach, permits(access.MANAGE_GRANTS)]
_ALL = Reach(whole_district=True)


def _grant(row: Any) -> GrantView:
    return GrantView.model_validate(row, from_attributes=True)


async def _shown(act: Act, ids: list[UUID]) -> list[GrantView]:
    query = grant_repository.grants(_ALL).where(LedgerGrant.id.in_(ids)).order_by(LedgerGrant.id)
    return [_grant(row) for row in (await act.session.execute(query)).all()]


@router.get("/grants", operation_id="ledger_grants")
async def grants(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Read,
    element: Code | None = None,
    department_id: UUID | None = None,
    in_force: Annotated[bool, Query(description="Only those that hold today")] = False,
) -> Page[GrantView]:
    """Grants within reach, newest first: to a department, or of what it owns. 数据使用授权。"""
    today: date = request.app.state.clock.today()
    query = grant_repository.grants(reach)
    if element is not None:
        query = query.where(LedgerElement.code == element)
    if department_id is not None:
        query = query.where(LedgerGrant.department_id == department_id)
    if in_force:
        query = query.where(grant_repository.in_force(today))
    rows = (await session.execute(page.apply(query, LedgerGrant.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _grant)


@router.post("/grants", operation_id="ledger_grant_use", status_code=201)
async def grant(body: GrantRequest, act: Acting, reach: Manage) -> GrantList:
    """Let a department read elements for a purpose until a day. 授权使用数据项。"""
    most = act.rulebook.lookup("ledger.grant_most_days", act.actor.district, act.today)
    made = await granting.grant(
        act.session, act.actor, reach, body.model_dump(), most_days=most, today=act.today
    )
    return GrantList(items=await _shown(act, made))


@router.get("/grants/{id}", operation_id="ledger_grant_detail")
async def one_grant(id: UUID, session: Reading, reach: Read) -> GrantView:
    """One grant. 授权详情。"""
    query = grant_repository.grants(reach).where(LedgerGrant.id == id)
    row = await the_row(session, query)
    return _grant(row)


@router.post("/grants/{id}/revocation", operation_id="ledger_revoke_grant")
async def revoke(id: UUID, body: ReasonRequest, act: Acting, reach: Manage) -> GrantView:
    """End a grant from today on. 收回授权。"""
    await granting.revoke(act.session, act.actor, reach, id, reason=body.reason, today=act.today)
    return (await _shown(act, [id]))[0]


@router.get("/reads", operation_id="ledger_reads")
async def reads(
    session: Reading,
    page: Paging,
    reach: Read,
    element: Code | None = None,
    department_id: UUID | None = None,
) -> Page[ReadView]:
    """What departments read, newest first: of all elements for the offices, of its own for a
    department. 数据使用记录。"""
    query = grant_repository.reads(reach)
    if element is not None:
        query = query.where(LedgerElement.code == element)
    if department_id is not None:
        query = query.where(LedgerRead.department_id == department_id)
    rows = (await session.execute(page.apply(query, LedgerRead.id, descending=True))).all()
    return page.page(
        rows,
        lambda row: (row.id,),
        lambda row: ReadView.model_validate(row, from_attributes=True),
    )
