"""Machine clients: departments' systems."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from services.gateway.identity import access, machines, repository
from services.gateway.identity.domain import AccountState
from services.gateway.identity.models import Client
from services.gateway.identity.routes.context import Today
from services.gateway.identity.schemas import (
    ClientRequest,
    ClientSecretView,
    ClientView,
    ReasonRequest,
)
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

router = APIRouter(prefix="/v1/clients", tags=["identity"], route_class=UnitOfWorkRoute)
Manage = Annotated[Reach, permits(access.MANAGE_CLIENTS)]
Read = Annotated[Reach, permits(access.READ_CLIENTS)]


def _fields(row: Any) -> dict[str, Any]:
    return {
        "client_id": f"{row.district}-{row.id}",
        "id": row.id,
        "name": row.name,
        "department_id": row.department_id,
        "scopes": list(row.scopes),
        "state": row.state,
        "created_at": row.created_at,
    }


def _view(row: Any) -> ClientView:
    return ClientView.model_validate(_fields(row))


@router.get("", operation_id="identity_clients")
async def clients(
    session: Reading, page: Paging, _reach: Read, department_id: UUID | None = None
) -> Page[ClientView]:
    """Machine clients in the order in which they were added. 部门系统列表。"""
    query = select(*repository.CLIENT)
    if department_id is not None:
        query = query.where(Client.department_id == department_id)
    rows = (await session.execute(page.apply(query, Client.id))).all()
    return page.page(rows, lambda row: (row.id,), _view)


@router.post("", operation_id="identity_create_client", status_code=201)
async def create_client(
    body: ClientRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    today: Today,
    _reach: Manage,
) -> ClientSecretView:
    """Add a department's system; its secret is shown this once. 接入部门系统。"""
    client, secret = await machines.create_client(
        session,
        Actor.of(principal),
        name=body.name,
        department_id=body.department_id,
        scopes=body.scopes,
        today=today,
    )
    return ClientSecretView.model_validate({**_fields(client), "client_secret": secret})


@router.get("/{id}", operation_id="identity_client")
async def client(id: UUID, session: Reading, _reach: Read) -> ClientView:
    """One machine client. 部门系统详情。"""
    row = await the_row(session, select(*repository.CLIENT).where(Client.id == id))
    return _view(row)


@router.post("/{id}/secrets", operation_id="identity_rotate_client_secret", status_code=201)
async def rotate_secret(
    id: UUID, session: WriteSession, principal: CurrentPrincipal, _reach: Manage
) -> ClientSecretView:
    """A new secret; the one before stays good until the next rotation. 更换密钥。"""
    client, secret = await machines.rotate_client_secret(session, Actor.of(principal), id)
    return ClientSecretView.model_validate({**_fields(client), "client_secret": secret})


@router.post("/{id}/suspension", operation_id="identity_suspend_client")
async def suspend(
    id: UUID,
    body: ReasonRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    _reach: Manage,
) -> ClientView:
    """Suspend a client; its tokens stop counting. 停用部门系统。"""
    return _view(
        await machines.set_client_state(
            session, Actor.of(principal), id, AccountState.SUSPENDED, body.reason
        )
    )


@router.post("/{id}/reinstatement", operation_id="identity_reinstate_client")
async def reinstate(
    id: UUID,
    body: ReasonRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    _reach: Manage,
) -> ClientView:
    """Reinstate a suspended client. 恢复部门系统。"""
    return _view(
        await machines.set_client_state(
            session, Actor.of(principal), id, AccountState.ACTIVE, body.reason
        )
    )
