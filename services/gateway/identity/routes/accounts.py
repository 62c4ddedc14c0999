"""Accounts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select
from starlette.responses import Response

from services.gateway.identity import access, enrolling, repository
from services.gateway.identity.domain import AccountState
from services.gateway.identity.models import Account
from services.gateway.identity.routes.context import Hashing
from services.gateway.identity.schemas import (
    AccountChange,
    AccountRequest,
    AccountView,
    InitialPassword,
    NewAccountView,
    ReasonRequest,
)
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

router = APIRouter(prefix="/v1/accounts", tags=["identity"], route_class=UnitOfWorkRoute)
Manage = Annotated[Reach, permits(access.MANAGE_ACCOUNTS)]
Read = Annotated[Reach, permits(access.READ_ACCOUNTS)]


def _fields(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "login": row.login,
        "display_name": row.display_name,
        "state": row.state,
        "must_change_password": row.must_change_password,
        "two_factor": row.totp_confirmed,
        "created_at": row.created_at,
    }


def _view(row: Any) -> AccountView:
    return AccountView.model_validate(_fields(row))


@router.get("", operation_id="identity_accounts")
async def accounts(
    session: Reading,
    page: Paging,
    _reach: Read,
    q: Annotated[
        str | None, Query(max_length=40, pattern=r"^[^\x00]*$", description="Begins with")
    ] = None,
    state: AccountState | None = None,
) -> Page[AccountView]:
    """Accounts by login name. 账户列表。"""
    query = page.apply(repository.accounts(q=q, state=state), Account.login)
    rows = (await session.execute(query)).all()
    return page.page(rows, lambda row: (row.login,), _view)


@router.post("", operation_id="identity_create_account", status_code=201)
async def create_account(
    body: AccountRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    hashing: Hashing,
    _reach: Manage,
) -> NewAccountView:
    """Add an account; it can do nothing until it is granted a role. 新增账户。"""
    account, initial = await enrolling.create_account(
        session,
        Actor.of(principal),
        hashing,
        login=body.login,
        display_name=body.display_name,
        password=body.password,
    )
    return NewAccountView.model_validate({**_fields(account), "initial_password": initial})


@router.get("/{id}", operation_id="identity_account")
async def account(id: UUID, session: Reading, response: Response, _reach: Read) -> AccountView:
    """One account. 账户详情。"""
    row = await the_row(session, select(*repository.ACCOUNT).where(Account.id == id))
    response.headers["ETag"] = etag(row.version)
    return _view(row)


@router.patch("/{id}", operation_id="identity_change_account")
async def change_account(
    id: UUID,
    body: AccountChange,
    session: WriteSession,
    principal: CurrentPrincipal,
    expected: ExpectedVersion,
    response: Response,
    _reach: Manage,
) -> AccountView:
    """Change an account's display name. 修改账户。"""
    found = await repository.account_for_update(session, id)
    require_version(found.version, expected)
    await enrolling.rename_account(session, Actor.of(principal), found, body.display_name)
    response.headers["ETag"] = etag(found.version)
    return _view(found)


@router.post("/{id}/suspension", operation_id="identity_suspend_account")
async def suspend(
    id: UUID,
    body: ReasonRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    _reach: Manage,
) -> AccountView:
    """Suspend an account; its tokens stop counting. 停用账户。"""
    return _view(
        await enrolling.set_account_state(
            session, Actor.of(principal), id, AccountState.SUSPENDED, body.reason
        )
    )


@router.post("/{id}/reinstatement", operation_id="identity_reinstate_account")
async def reinstate(
    id: UUID,
    body: ReasonRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    _reach: Manage,
) -> AccountView:
    """Reinstate a suspended account. 恢复账户。"""
    return _view(
        await enrolling.set_account_state(
            session, Actor.of(principal), id, AccountState.ACTIVE, body.reason
        )
    )


@router.post("/{id}/password-reset", operation_id="identity_reset_password")
async def reset_password(
    id: UUID,
    session: WriteSession,
    principal: CurrentPrincipal,
    hashing: Hashing,
    _reach: Manage,
) -> InitialPassword:
    """A new initial password, shown this once. 重置密码。"""
    return InitialPassword(
        initial_password=await enrolling.reset_password(session, Actor.of(principal), hashing, id)
    )
