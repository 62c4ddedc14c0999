"""The catalogue of data elements."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.workstation.ledger import access, cataloguing, repository
from services.workstation.ledger.closing import asking_lock
from services.workstation.ledger.domain import OwnerKind, Scope, ValueType
from services.workstation.ledger.models import LedgerElement
from services.workstation.ledger.periods import Frequency
from services.workstation.ledger.schemas import (
    ElementChange,
    ElementRequest,
    ElementView,
    OwnerShape,
)
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.procedures.acting import Acting
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/workstation/ledger/elements", tags=["ledger"], route_class=UnitOfWorkRoute
)
Read = Annotated[Reach, permits(access.READ_ELEMENTS)]
Manage = Annotated[Reach, permits(access.MANAGE_ELEMENTS)]


def _view(row: Any) -> ElementView:
    own = {name: getattr(row, name) for name in ElementView.model_fields if name != "owner"}
    owner = OwnerShape(
        kind=row.owner_kind, department_id=row.owner_department_id, name=row.owner_name
    )
    return ElementView(**own, owner=owner)


@router.get("", operation_id="ledger_elements")
async def elements(
    session: Reading,
    page: Paging,
    _reach: Read,
    q: Annotated[
        str | None,
        Query(max_length=40, pattern=r"^[^\x00]*$", description="Part of code or title"),
    ] = None,
    type: ValueType | None = None,
    scope: Scope | None = None,
    frequency: Frequency | None = None,
    owner_kind: OwnerKind | None = None,
    owner_department_id: UUID | None = None,
    ended: Annotated[bool, Query(description="Those that ended too")] = False,
) -> Page[ElementView]:
    """Data elements by code. 数据项目录。"""
    query = repository.elements()
    for column, value in (
        (LedgerElement.type, type),
        (LedgerElement.scope, scope),
        (LedgerElement.frequency, frequency),
        (LedgerElement.owner_kind, owner_kind),
        (LedgerElement.owner_department_id, owner_department_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if not ended:
        query = query.where(LedgerElement.ended_on.is_(None))
    if q:
        query = query.where(repository.named(q))
    rows = (await session.execute(page.apply(query, LedgerElement.code))).all()
    return page.page(rows, lambda row: (row.code,), _view)


@router.post("", operation_id="ledger_catalogue_element", status_code=201)
async def catalogue(
    body: ElementRequest, act: Acting, response: Response, reach: Manage
) -> ElementView:
    """Define a data element with its one owner. One that resembles another is challenged with it
    (409): send it again with `differs_because` if it does differ. 登记数据项。"""
    likeness = act.rulebook.lookup("ledger.duplicate_similarity", act.actor.district, act.today)
    made = await cataloguing.catalogue_element(
        act.session, act.actor, reach, body.columns(), likeness=likeness
    )
    response.headers["ETag"] = etag(made.version)
    return _view(made)


@router.get("/{id}", operation_id="ledger_element")
async def element(id: UUID, session: Reading, response: Response, _reach: Read) -> ElementView:
    """One data element. 数据项详情。"""
    query = repository.elements().where(LedgerElement.id == id)
    row = await the_row(session, query)
    response.headers["ETag"] = etag(row.version)
    return _view(row)


@router.patch("/{id}", operation_id="ledger_change_element")
async def change(
    id: UUID,
    body: ElementChange,
    act: Acting,
    expected: ExpectedVersion,
    response: Response,
    reach: Manage,
) -> ElementView:
    """Change title, definition, validity or owner; what entries were told by stays. 变更数据项。"""
    found = await repository.locked_element(act.session, reach, id)
    require_version(found.version, expected)
    await cataloguing.change_element(act.session, act.actor, reach, found, body.columns())
    response.headers["ETag"] = etag(found.version)
    return _view(found)


@router.post("/{id}/end", operation_id="ledger_end_element")
async def end(
    id: UUID, body: ReasonRequest, act: Acting, response: Response, reach: Manage
) -> ElementView:
    """End a data element from today on; its entries stay readable. 停用数据项。"""
    await asking_lock(act.session, act.actor.district)
    found = await repository.locked_element(act.session, reach, id)
    await cataloguing.end_element(
        act.session, act.actor, found, reason=body.reason, today=act.today
    )
    response.headers["ETag"] = etag(found.version)
    return _view(found)
