"""Write use cases of departments and accounts. Nobody commits here."""

import secrets
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import repository
from services.gateway.identity.domain import AccountState, password_issues
from services.gateway.identity.models import Account, Department, LoginName, RefreshToken
from services.gateway.identity.passwords import Passwords
from services.gateway.identity.signing import publish_generation
from shared.audit.record import Actor, record
from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text


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
