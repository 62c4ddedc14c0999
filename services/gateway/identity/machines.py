"""Write use cases of machine clients. Nobody commits here."""

import hashlib
import secrets
from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import repository
from services.gateway.identity.domain import AccountState
from services.gateway.identity.granting import create_grant, renew_tokens
from services.gateway.identity.models import Client, ClientSecret
from shared.audit.record import Actor, record
from shared.auth.principal import Role
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id

GOOD_SECRETS = 2


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
    await renew_tokens(session, client)
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
