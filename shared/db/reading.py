"""Reading one row that must be there."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.db.base import Rows
from shared.kernel.errors import NotFound


async def the_row(session: AsyncConnection | AsyncSession, query: Rows) -> Any:
    """The only row of a query within the caller's reach. Raises NotFound without one."""
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row
