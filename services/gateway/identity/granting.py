"""Write use cases of grants. Nobody commits here."""

from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import repository
from services.gateway.identity.domain import SCOPE_OF_ROLE, grant_issues
from services.gateway.identity.models import AccessGrant, Account, Client
from services.gateway.identity.signing import publish_generation
from shared.audit.record import Actor, record
from shared.auth.principal import Role, ScopeKind
from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text


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
    await renew_tokens(session, holder)
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
    await renew_tokens(session, holder)
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


async def renew_tokens(session: AsyncSession, holder: Account | Client) -> None:
    """Void the holder's access tokens; a refresh gives one with the grants as they are now."""
    holder.generation += 1
    await session.flush()
    await publish_generation(session, holder.id, holder.generation)
