"""Write use cases of accounts, grants, clients and departments. Nobody commits here."""

import hashlib
import secrets
from datetime import date
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import repository
from services.gateway.identity.domain import (
    SCOPE_OF_ROLE,
    AccountState,
    grant_issues,
    password_issues,
)
from services.gateway.identity.models import (
    AccessGrant,
    Account,
    Client,
    ClientSecret,
    Department,
    LoginName,
    RefreshToken,
)
from services.gateway.identity.passwords import Passwords
from services.gateway.identity.signing import publish_generation
from shared.audit.record import Actor, record
from shared.auth.principal import Role, ScopeKind
from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text

GOOD_SECRETS = 2


async def create_department(
    session: AsyncSession, actor: Actor, *, code: str, name: str
) -> Department:
    """Add a department. Raises Conflict when the code is taken."""
    made: Department | None = await session.scalar(
        insert(Department)
        .values(district=actor.district, id=new_id(), code=code, name=name)
        .on_conflict_do_nothing(index_elements=["district", "code"])
        .returning(Department)
    )
    if made is None:
        raise Conflict(
            code="department_exists",
            detail=Text(
                zh=f"部门代码 {code} 已存在。请使用已有部门或换一个代码。",
                en=f"There is a department {code} already. Use it or choose another code.",
            ),
        )
    await record(
        session,
        actor,
        "department.created",
        ("department", made.id),
        after={"code": code, "name": name},
    )
    return made


def initial_password() -> str:
    """A password to hand over once: four groups, no signs that look alike."""
    alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


async def create_account(
    session: AsyncSession,
    actor: Actor,
    passwords: Passwords,
    *,
    login: str,
    display_name: str,
    password: str | None,
) -> tuple[Account, str | None]:
    """Add an account; with no password an initial one is made, which must be changed at login.

    Raises Conflict when the login name is taken, in whatever district, and Invalid when the
    password is weak.
    """
    initial = initial_password() if password is None else None
    if password is not None and (issues := password_issues(password, login)):
        raise Invalid(issues=issues)
    account = Account(
        district=actor.district,
        id=new_id(),
        login=login,
        display_name=display_name,
        password_hash=await passwords.hash(password or initial or ""),
        must_change_password=initial is not None,
        state=AccountState.ACTIVE,
        generation=1,
        totp_confirmed=False,
        version=1,
    )
    taken = await session.execute(
        insert(LoginName)
        .values(login=login, district=actor.district, account_id=account.id)
        .on_conflict_do_nothing()
        .returning(LoginName.login)
    )
    if taken.scalar_one_or_none() is None:
        raise Conflict(
            code="login_taken",
            detail=Text(
                zh=f"登录名 {login} 已被使用。请换一个。",
                en=f"The login name {login} is taken. Choose another.",
            ),
        )
    session.add(account)
    await session.flush()
    await session.refresh(account)
    await record(
        session,
        actor,
        "account.created",
        ("account", account.id),
        after={"login": login, "display_name": display_name},
        personal=frozenset({"display_name"}),
    )
    return account, initial


async def rename_account(
    session: AsyncSession, actor: Actor, account: Account, display_name: str
) -> None:
    """Change the display name of an account that the caller has locked."""
    before = account.display_name
    account.display_name = display_name
    account.version += 1
    await record(
        session,
        actor,
        "account.renamed",
        ("account", account.id),
        before={"display_name": before},
        after={"display_name": display_name},
        personal=frozenset({"display_name"}),
    )
    await session.flush()


async def end_sessions(session: AsyncSession, account: Account) -> None:
    """Void every access and refresh token of the account."""
    account.generation += 1
    await session.flush()
    await publish_generation(session, account.id, account.generation)
    await session.execute(
        update(RefreshToken)
        .where(RefreshToken.account_id == account.id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


async def set_account_state(
    session: AsyncSession, actor: Actor, id: UUID, state: AccountState, reason: str
) -> Account:
    """Suspend or reinstate. Raises NotFound; Conflict when it is in that state already; Forbidden
    for one's own account."""
    account = await repository.account_for_update(session, id)
    if actor.id == id:
        raise Forbidden(
            code="own_account",
            detail=Text(
                zh="不能停用或恢复自己的账户。请由另一位管理员办理。",
                en="You cannot suspend or reinstate your own account. Ask another administrator.",
            ),
        )
    if account.state == state:
        raise Conflict(
            code="account_state",
            detail=Text(zh=f"账户当前状态已是 {state}。", en=f"The account is {state} already."),
        )
    before = account.state
    account.state = state
    account.version += 1
    await end_sessions(session, account)
    await record(
        session,
        actor,
        "account.suspended" if state is AccountState.SUSPENDED else "account.reinstated",
        ("account", id),
        before={"state": before},
        after={"state": state.value},
        purpose=reason,
    )
    return account


async def reset_password(
    session: AsyncSession, actor: Actor, passwords: Passwords, id: UUID
) -> str:
    """A new initial password for somebody who lost theirs; ends their sessions and second factor."""
    account = await repository.account_for_update(session, id)
    initial = initial_password()
    account.password_hash = await passwords.hash(initial)
    account.must_change_password = True
    account.totp_secret, account.totp_confirmed = None, False
    await end_sessions(session, account)
    await record(session, actor, "account.password_reset", ("account", id))
    return initial


async def change_own_password(
    session: AsyncSession, actor: Actor, passwords: Passwords, *, old: str, new: str
) -> None:
    """Raises Forbidden when the old password is wrong, Invalid when the new one is weak."""
    if actor.id is None:
        raise NotFound
    account = await repository.account_for_update(session, actor.id)
    if not await passwords.verify(account.password_hash, old):
        raise Forbidden(
            code="password_wrong",
            detail=Text(
                zh="原密码不正确，密码未更改。",
                en="The old password is wrong; nothing was changed.",
            ),
        )
    if issues := password_issues(new, account.login):
        raise Invalid(issues=issues)
    account.password_hash = await passwords.hash(new)
    account.must_change_password = False
    await end_sessions(session, account)
    await record(session, actor, "account.password_changed", ("account", account.id))


async def create_grant(
    session: AsyncSession,
    actor: Actor,
    *,
    account_id: UUID | None,
    client_id: UUID | None,
    role: Role,
    scope_id: UUID | None,
    starts_on: date,
    ends_on: date | None,
) -> AccessGrant:
    """Give a role over a scope. Raises Invalid with every fault, NotFound for an unknown holder or
    department, Forbidden for oneself, Conflict when the same grant is in force."""
    issues = grant_issues(role, scope_id, starts_on, ends_on, for_client=client_id is not None)
    if issues:
        raise Invalid(issues=issues)
    if actor.id is not None and actor.id in {account_id, client_id}:
        raise Forbidden(
            code="own_grant",
            detail=Text(
                zh="不能给自己授权。请由另一位管理员办理。",
                en="You cannot grant yourself a role. Ask another administrator.",
            ),
        )
    scope = SCOPE_OF_ROLE[role]
    if scope is ScopeKind.DEPARTMENT and (
        scope_id is None or not await repository.department_exists(session, scope_id)
    ):
        raise NotFound
    holder: Account | Client = (
        await repository.account_for_update(session, account_id)
        if account_id is not None
        else await repository.client_for_update(session, client_id or UUID(int=0))
    )
    values = {
        "district": actor.district,
        "id": new_id(),
        "account_id": account_id,
        "client_id": client_id,
        "role": role.value,
        "scope": scope.value,
        "scope_id": scope_id,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "granted_by": actor.id,
    }
    grant: AccessGrant | None = await session.scalar(
        insert(AccessGrant).values(values).on_conflict_do_nothing().returning(AccessGrant)
    )
    if grant is None:
        raise Conflict(
            code="grant_exists",
            detail=Text(
                zh="相同的授权已经存在。如需更改期限，请先收回再重新授权。",
                en="The same grant exists already. To change its dates, revoke it and grant anew.",
            ),
        )
    await _renew_tokens(session, holder)
    await record(
        session,
        actor,
        "grant.created",
        ("grant", grant.id),
        after={key: str(value) for key, value in values.items() if value is not None},
    )
    return grant


async def revoke_grant(
    session: AsyncSession, actor: Actor, id: UUID, reason: str, today: date
) -> AccessGrant:
    """End a grant at once. Raises NotFound; Conflict when it has ended or is the district's last
    administrator's."""
    administrators = await repository.administrators_for_update(session, today)
    grant = await session.get(AccessGrant, (actor.district, id), with_for_update=True)
    if grant is None:
        raise NotFound
    if grant.ended_at is not None:
        raise Conflict(
            code="grant_ended",
            detail=Text(zh="该授权已经收回。", en="This grant has been revoked already."),
        )
    if [found.id for found in administrators] == [id]:
        raise Conflict(
            code="last_administrator",
            detail=Text(
                zh="这是本区最后一位管理员，不能收回。请先授权另一位管理员。",
                en="This is the district's last administrator. Grant another one first.",
            ),
        )
    grant.ended_at, grant.ended_by, grant.end_reason = func.now(), actor.id, reason
    holder: Account | Client = (
        await repository.account_for_update(session, grant.account_id)
        if grant.account_id is not None
        else await repository.client_for_update(session, grant.client_id or UUID(int=0))
    )
    await _renew_tokens(session, holder)
    await session.refresh(grant)
    await record(
        session,
        actor,
        "grant.revoked",
        ("grant", id),
        before={"role": grant.role, "scope_id": str(grant.scope_id)},
        purpose=reason,
    )
    return grant


async def _renew_tokens(session: AsyncSession, holder: Account | Client) -> None:
    """Void the holder's access tokens; a refresh gives one with the grants as they are now."""
    holder.generation += 1
    await session.flush()
    await publish_generation(session, holder.id, holder.generation)


async def create_client(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    department_id: UUID,
    scopes: list[str],
    today: date,
) -> tuple[Client, str]:
    """Add a machine client of a department, with its grant and first secret."""
    if not await repository.department_exists(session, department_id):
        raise NotFound
    client = Client(
        district=actor.district,
        id=new_id(),
        name=name,
        department_id=department_id,
        scopes=sorted(set(scopes)),
        state=AccountState.ACTIVE,
        generation=1,
        version=1,
    )
    session.add(client)
    await session.flush()
    await session.refresh(client)
    await record(
        session,
        actor,
        "client.created",
        ("client", client.id),
        after={"name": name, "department_id": str(department_id), "scopes": client.scopes},
    )
    await create_grant(
        session,
        actor,
        account_id=None,
        client_id=client.id,
        role=Role.DEPARTMENT,
        scope_id=department_id,
        starts_on=today,
        ends_on=None,
    )
    return client, await _new_secret(session, client)


async def rotate_client_secret(session: AsyncSession, actor: Actor, id: UUID) -> tuple[Client, str]:
    """A new secret; the one before stays good until the next rotation, older ones end."""
    client = await repository.client_for_update(session, id)
    for old in (await repository.good_secrets(session, id))[: -GOOD_SECRETS + 1 or None]:
        old.ended_at = func.now()
    secret = await _new_secret(session, client)
    await record(session, actor, "client.secret_rotated", ("client", id))
    return client, secret


async def set_client_state(
    session: AsyncSession, actor: Actor, id: UUID, state: AccountState, reason: str
) -> Client:
    """Suspend or reinstate a client; its tokens are void at once."""
    client = await repository.client_for_update(session, id)
    before, client.state = client.state, state
    client.version += 1
    await _renew_tokens(session, client)
    await record(
        session,
        actor,
        f"client.{state.value}",
        ("client", id),
        before={"state": before},
        after={"state": state.value},
        purpose=reason,
    )
    return client


async def _new_secret(session: AsyncSession, client: Client) -> str:
    secret = secrets.token_urlsafe(32)
    session.add(
        ClientSecret(
            district=client.district,
            id=new_id(),
            client_id=client.id,
            digest=hashlib.sha256(secret.encode()).digest(),
        )
    )
    await session.flush()
    return secret
