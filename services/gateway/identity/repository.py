"""Queries of identity."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity.models import (
    AccessGrant,
    Account,
    Client,
    ClientSecret,
    Department,
    LoginName,
)
from shared.auth.principal import Grant, Role, ScopeKind
from shared.db.base import Rows
from shared.kernel.errors import NotFound

ACCOUNT = (
    Account.id,
    Account.login,
    Account.display_name,
    Account.state,
    Account.must_change_password,
    Account.totp_confirmed,
    Account.created_at,
    Account.version,
)
GRANT = (
    AccessGrant.id,
    AccessGrant.account_id,
    AccessGrant.client_id,
    AccessGrant.role,
    AccessGrant.scope,
    AccessGrant.scope_id,
    AccessGrant.starts_on,
    AccessGrant.ends_on,
    AccessGrant.ended_at,
    AccessGrant.end_reason,
)
CLIENT = (
    Client.id,
    Client.district,
    Client.name,
    Client.department_id,
    Client.scopes,
    Client.state,
    Client.created_at,
    Client.version,
)


def accounts(*, q: str | None, state: str | None) -> Rows:
    """Accounts whose login or name begins with `q`."""
    query: Rows = select(*ACCOUNT)
    if q:
        start = q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(or_(Account.login.like(start), Account.display_name.like(start)))
    return query.where(Account.state == state) if state else query


def grants(
    *, account_id: UUID | None, role: Role | None, scope_id: UUID | None, in_force_on: date | None
) -> Rows:
    """Grants by holder, role, scope, and the day on which they are in force."""
    query: Rows = select(*GRANT)
    if account_id is not None:
        query = query.where(AccessGrant.account_id == account_id)
    if role is not None:
        query = query.where(AccessGrant.role == role)
    if scope_id is not None:
        query = query.where(AccessGrant.scope_id == scope_id)
    if in_force_on is not None:
        query = query.where(*_in_force(in_force_on))
    return query


def _in_force(day: date) -> tuple[Any, ...]:
    return (
        AccessGrant.ended_at.is_(None),
        AccessGrant.starts_on <= day,
        or_(AccessGrant.ends_on.is_(None), AccessGrant.ends_on > day),
    )


async def account_for_update(session: AsyncSession, id: UUID) -> Account:
    """The account under a row lock. Raises NotFound."""
    found = await session.scalar(select(Account).where(Account.id == id).with_for_update())
    if found is None:
        raise NotFound
    return found


async def client_for_update(session: AsyncSession, id: UUID) -> Client:
    """The client under a row lock. Raises NotFound."""
    found = await session.scalar(select(Client).where(Client.id == id).with_for_update())
    if found is None:
        raise NotFound
    return found


async def login_directory(session: AsyncSession, login: str) -> LoginName | None:
    """Which account a login name belongs to, over all districts."""
    return await session.get(LoginName, login)


async def grants_of(
    session: AsyncSession,
    day: date,
    *,
    account_id: UUID | None = None,
    client_id: UUID | None = None,
) -> tuple[Grant, ...]:
    """The grants in force on a day of one account or client, in a stable order."""
    rows = await session.execute(
        select(AccessGrant.role, AccessGrant.scope, AccessGrant.scope_id)
        .where(
            AccessGrant.account_id == account_id
            if account_id is not None
            else AccessGrant.client_id == client_id,
            *_in_force(day),
        )
        .order_by(AccessGrant.id)
    )
    return tuple(Grant(Role(row.role), ScopeKind(row.scope), row.scope_id) for row in rows)


async def good_secrets(session: AsyncSession, client_id: UUID) -> list[ClientSecret]:
    """A client's secrets that have not ended, oldest first."""
    return list(
        await session.scalars(
            select(ClientSecret)
            .where(ClientSecret.client_id == client_id, ClientSecret.ended_at.is_(None))
            .order_by(ClientSecret.id)
        )
    )


async def administrators_for_update(session: AsyncSession, day: date) -> list[AccessGrant]:
    """The administrator grants in force, locked: so that two at once cannot end the last two."""
    return list(
        await session.scalars(
            select(AccessGrant)
            .where(AccessGrant.role == Role.ADMINISTRATOR, *_in_force(day))
            .order_by(AccessGrant.id)
            .with_for_update()
        )
    )


async def department_exists(session: AsyncSession, id: UUID) -> bool:
    """Whether the district has this department."""
    return await session.scalar(select(Department.id).where(Department.id == id)) is not None
