"""What the rest of the installation may ask of identity."""

from sqlalchemy import select

from services.gateway.identity.departments import department_for
from services.gateway.identity.domain import SCOPE_OF_ROLE
from services.gateway.identity.enrolling import create_account
from services.gateway.identity.models import AccessGrant, Department, LoginName
from services.gateway.identity.passwords import Passwords
from services.gateway.identity.sealing import Seal
from shared.audit.record import Actor, record
from shared.auth.principal import Role
from shared.db.database import Database
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id

__all__ = ["Department", "Seal", "bootstrap_administrator", "department_for"]


async def bootstrap_administrator(
    database: Database, district: str, *, login: str, name: str, password: str, clock: Clock
) -> bool:
    """Give a district its first administrator; False when the login name exists already.

    Only an operator with the database's credentials can do this; everyone else is created through
    the API by an administrator. Raises Invalid when the password is weak.
    """
    actor = Actor.platform(district)
    async with database.transaction(district) as session:
        if await session.scalar(select(LoginName.login).where(LoginName.login == login)):
            return False
        account, _ = await create_account(
            session, actor, Passwords(), login=login, display_name=name, password=password
        )
        grant = AccessGrant(
            district=district,
            id=new_id(),
            account_id=account.id,
            role=Role.ADMINISTRATOR,
            scope=SCOPE_OF_ROLE[Role.ADMINISTRATOR],
            starts_on=clock.today(),
        )
        session.add(grant)
        await record(
            session, actor, "grant.created", ("grant", grant.id), after={"role": grant.role}
        )
        return True
