"""What tasks ask of funding: an item's money, reserved, released or freed with its tasks.

All within the caller's transaction; amounts are integer fen.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding.domain import EntryKind, Source
from services.workstation.funding.models import Appropriation, JournalEntry
from services.workstation.funding.posting import enter, locked
from shared.audit.record import Actor, record
from shared.kernel.ids import new_id
from shared.kernel.money import Money


async def appropriate_item(
    session: AsyncSession,
    actor: Actor,
    *,
    item_id: UUID,
    item_code: str,
    title: str,
    department_id: UUID,
    department_name: str,
    amount: int,
    source_line: str,
    document: str,
    on: date,
) -> None:
    """Appropriate an admitted item's money. Told again with more, the difference is added; the
    same again changes nothing."""
    await session.execute(
        insert(Appropriation)
        .values(
            district=actor.district,
            id=new_id(),
            source=Source.ITEM.value,
            year=on.year,
            item_id=item_id,
            item_code=item_code,
            department_id=department_id,
            department_name=department_name,
            title=title,
            source_line=source_line,
            document=document,
            granted=0,
            available=0,
            reserved=0,
            payable=0,
            paid=0,
            version=1,
        )
        .on_conflict_do_nothing()
    )
    found = await locked(session, Appropriation.item_id == item_id)
    more = Money(amount - found.granted)
    if more.fen <= 0:
        return
    await enter(session, actor, found, EntryKind.APPROPRIATION, more, on=on, text=document)
    await record(
        session,
        actor,
        "appropriation.granted",
        ("appropriation", found.id),
        after={"item": item_code, "amount": more.fen},
    )


async def reserve(
    session: AsyncSession,
    actor: Actor,
    *,
    item_id: UUID,
    task_id: UUID,
    community_id: UUID,
    amount: int,
    on: date,
) -> None:
    """Set a task's money aside, once. Raises Conflict `funds_short`."""
    found = await locked(session, Appropriation.item_id == item_id)
    if amount == 0 or await _of_task(session, task_id, EntryKind.RESERVATION):
        return
    await enter(
        session,
        actor,
        found,
        EntryKind.RESERVATION,
        Money(amount),
        on=on,
        text="任务下派预留",
        community_id=community_id,
        task_id=task_id,
    )


async def release(session: AsyncSession, actor: Actor, *, task_id: UUID, on: date) -> int:
    """Make a task's money payable to its community, once; the fen released, 0 where it has none."""
    return await _settle(session, actor, task_id, EntryKind.RELEASE, on, "任务验收拨付")


async def cancel_reservation(
    session: AsyncSession, actor: Actor, *, task_id: UUID, on: date
) -> int:
    """Give a task's money back to its item, once; the fen freed, 0 where it has none."""
    return await _settle(session, actor, task_id, EntryKind.CANCELLATION, on, "任务退回释放")


async def _settle(
    session: AsyncSession, actor: Actor, task_id: UUID, kind: EntryKind, on: date, text: str
) -> int:
    reserved = await _of_task(session, task_id, EntryKind.RESERVATION)
    if reserved is None:
        return 0
    found = await locked(session, Appropriation.id == reserved.appropriation_id)
    for settled in (EntryKind.RELEASE, EntryKind.CANCELLATION):
        if await _of_task(session, task_id, settled):
            return 0
    await enter(
        session,
        actor,
        found,
        kind,
        Money(reserved.amount),
        on=on,
        text=text,
        community_id=reserved.community_id,
        task_id=task_id,
    )
    return reserved.amount


async def _of_task(session: AsyncSession, task_id: UUID, kind: EntryKind) -> JournalEntry | None:
    return await session.scalar(
        select(JournalEntry).where(JournalEntry.task_id == task_id, JournalEntry.kind == kind.value)
    )
