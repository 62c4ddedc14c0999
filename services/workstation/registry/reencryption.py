"""Moving stored personal data to the newest key, so that an older one can be taken away."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.registry.models import Resident
from services.workstation.registry.sealing import bound
from shared.audit.record import Actor, record
from shared.db.database import Database
from shared.privacy.cipher import PersonalData, WrongKey

CHUNK = 1000
FIELDS = (Resident.id_number, Resident.phone)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of one committed transaction: `moved` to the newest key, `unreadable` left alone because
    their key is not configured, both of `total` that were stale at the start."""

    moved: int
    unreadable: int
    total: int


async def reencrypt(
    database: Database, district: str, personal: PersonalData
) -> AsyncGenerator[Chunk]:
    """Encrypt a district's stale ID numbers and phones anew, a chunk a transaction.

    Rows are locked meanwhile, so nobody's change is lost; their versions stay, because what they
    say stays. Stopped at any time, the next run goes on with what is still stale.
    """
    stale = _stale(personal)
    async with database.read(district) as session:
        total = await session.scalar(select(func.count()).select_from(Resident).where(stale)) or 0
    last = UUID(int=0)
    while True:
        async with database.transaction(district) as session:
            rows = (
                await session.execute(
                    select(Resident.district, Resident.id, *FIELDS)
                    .where(stale, Resident.id > last)
                    .order_by(Resident.id)
                    .limit(CHUNK)
                    .with_for_update()
                )
            ).all()
            if not rows:
                return
            moved = await _move(session, district, personal, rows)
        last = rows[-1].id
        yield Chunk(moved=moved, unreadable=len(rows) - moved, total=total)


def _stale(personal: PersonalData) -> ColumnElement[bool]:
    prefix = personal.current_prefix()

    def old(field: Any) -> ColumnElement[bool]:
        return and_(field.is_not(None), func.substring(field, 1, len(prefix)) != prefix)

    return or_(*(old(field) for field in FIELDS))


async def _move(session: AsyncSession, district: str, personal: PersonalData, rows: Any) -> int:
    moved = []
    for row in rows:
        values: dict[str, Any] = {"district": row.district, "id": row.id}
        try:
            for field in FIELDS:
                stored = getattr(row, field.key)
                place = bound(row.district, row.id, field.key)
                values[field.key] = stored and personal.encrypt(
                    personal.decrypt(stored, bound_to=place), bound_to=place
                )
        except WrongKey:
            continue
        moved.append(values)
    if moved:
        await session.execute(update(Resident), moved)
        await record(
            session,
            Actor.platform(district),
            "personal_data.reencrypted",
            ("resident", f"{moved[0]['id']}..{moved[-1]['id']}"),
            after={"rows": len(moved)},
        )
    return len(moved)
