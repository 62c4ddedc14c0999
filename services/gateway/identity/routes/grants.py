"""Grants: who holds which role over what."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from services.gateway.identity import access, granting, repository
from services.gateway.identity.models import AccessGrant
from services.gateway.identity.routes.context import Today
from services.gateway.identity.schemas import GrantRequest, GrantView, ReasonRequest
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.auth.principal import Role
from shared.db.reading import the_row
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

router = APIRouter(prefix="/v1/grants", tags=["identity"], route_class=UnitOfWorkRoute)


def _view(row: Any, today: date) -> GrantView:
    in_force = (
        row.ended_at is None
        and row.starts_on <= today
        and (row.ends_on is None or row.ends_on > today)
    )
    return GrantView.model_validate(
        {name: getattr(row, name) for name in GrantView.model_fields if name != "in_force"}
        | {"in_force": in_force}
    )


@router.get("", operation_id="identity_grants")
async def grants(
    session: Reading,
    page: Paging,
    today: Today,
    _reach: Annotated[Reach, permits(access.READ_GRANTS)],
    account_id: UUID | None = None,
    role: Role | None = None,
    scope_id: UUID | None = None,
    in_force: Annotated[bool, Query(description="Only those in force today")] = False,
) -> Page[GrantView]:
    """Grants in the order in which they were given. 授权列表。"""
    query = repository.grants(
        account_id=account_id,
        role=role,
        scope_id=scope_id,
        in_force_on=today if in_force else None,
    )
    rows = (await session.execute(page.apply(query, AccessGrant.id))).all()
    return page.page(rows, lambda row: (row.id,), lambda row: _view(row, today))


@router.get("/{id}", operation_id="identity_grant")
async def grant(
    id: UUID,
    session: Reading,
    today: Today,
    _reach: Annotated[Reach, permits(access.READ_GRANTS)],
) -> GrantView:
    """One grant. 授权详情。"""
    row = await the_row(session, select(*repository.GRANT).where(AccessGrant.id == id))
    return _view(row, today)


@router.post("", operation_id="identity_create_grant", status_code=201)
async def create_grant(
    body: GrantRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    today: Today,
    _reach: Annotated[Reach, permits(access.MANAGE_GRANTS)],
) -> GrantView:
    """Give a person or a client a role over a scope. 授权。"""
    if (body.account_id is None) == (body.client_id is None):
        raise Invalid(issues=(_ONE_HOLDER,))
    made = await granting.create_grant(
        session,
        Actor.of(principal),
        account_id=body.account_id,
        client_id=body.client_id,
        role=body.role,
        scope_id=body.scope_id,
        starts_on=body.starts_on or today,
        ends_on=body.ends_on,
    )
    return _view(made, today)


@router.post("/{id}/revocation", operation_id="identity_revoke_grant")
async def revoke_grant(
    id: UUID,
    body: ReasonRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    today: Today,
    _reach: Annotated[Reach, permits(access.MANAGE_GRANTS)],
) -> GrantView:
    """End a grant; its holder's tokens stop counting within a minute at most. 收回授权。"""
    ended = await granting.revoke_grant(session, Actor.of(principal), id, body.reason, today)
    return _view(ended, today)


_ONE_HOLDER = Issue(
    code="one_holder",
    pointer="/account_id",
    detail=Text(
        zh="授权对象应为一个账户或一个部门系统，二者选一。",
        en="A grant goes to one account or to one client.",
    ),
    remedy=Text(
        zh="请只填写 account_id 或 client_id 之一。", en="Give account_id or client_id, not both."
    ),
)
