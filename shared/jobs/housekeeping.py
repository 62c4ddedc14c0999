"""What has served its time: keys of requests that nobody will repeat any more."""

from datetime import timedelta

from sqlalchemy import delete, func

from shared.db.database import Database
from shared.db.districts import district_codes
from shared.web.idempotency import IdempotencyKey

KEPT_FOR = timedelta(days=1)


async def forget_old_keys(database: Database) -> None:
    """Delete idempotency keys a day after their first use, in every district."""
    for district in await district_codes(database):
        async with database.transaction(district) as session:
            await session.execute(
                delete(IdempotencyKey).where(IdempotencyKey.created_at < func.now() - KEPT_FOR)
            )
