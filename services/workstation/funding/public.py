"""What tasks ask of funding: an item's money, reserved, released or freed with its tasks.

All within the caller's transaction; amounts are integer fen.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding.domain import (
    MOVES,
    Account,
    Entry,
    EntryKind,
    Source,
    funds_short,
)
from services.workstation.funding.models import Appropriation, JournalEntry
from services.workstation.funding.posting import balances, enter, locked, open_day, open_year, put
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
    day = await open_day(session, on)
    await enter(session, actor, found, EntryKind.APPROPRIATION, more, on=day, text=document)
    await record(
        session,
        actor,
        "appropriation.granted",
        ("appropriation", found.id),
        after={"item": item_code, "amount": more.fen},
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What is set aside for one community's task."""

    task_id: UUID
    community_id: UUID
    amount: int


async def reserve(
    session: AsyncSession, actor: Actor, *, item_id: UUID, parts: Sequence[Part], on: date
) -> None:
    """Set the money of tasks aside, each once; all of them or none.

    Raises Conflict `funds_short`, and NotFound while the item's money is not appropriated yet. Where
    the books of that day are closed already, it is entered on the first day of the next open year.
    """
    found = await locked(session, Appropriation.item_id == item_id)
    known = await session.scalars(
        select(JournalEntry.task_id).where(
            JournalEntry.task_id.in_([part.task_id for part in parts]),
            JournalEntry.kind == EntryKind.RESERVATION.value,
        )
    )
    there = set(known)
    fresh = [part for part in parts if part.amount and part.task_id not in there]
    total = Money(sum(part.amount for part in fresh))
    if total.fen > found.available:
        raise funds_short(Account.AVAILABLE, total, balances(found))
    day = await open_day(session, on)
    await open_year(session, actor.district, day.year)
    for part in fresh:
        put(
            session,
            actor,
            found,
            Entry(EntryKind.RESERVATION, *MOVES[EntryKind.RESERVATION], Money(part.amount)),
            on=day,
            text="任务下派预留",
            community_id=part.community_id,
            task_id=part.task_id,
        )
    await session.flush()


async def lock_items(session: AsyncSession, item_ids: Collection[UUID]) -> None:
    """Lock the money of several items in the order of their ids, before any of it is moved."""
    await session.execute(
        select(Appropriation.id)
        .where(Appropriation.item_id.in_(item_ids))
        .order_by(Appropriation.item_id)
        .with_for_update()
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
