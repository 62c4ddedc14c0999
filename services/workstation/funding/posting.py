"""The only place that writes the journal: the balances move with it, under the row's lock."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding.domain import (
    MOVES,
    Account,
    Balances,
    Entry,
    EntryKind,
    post,
    reversal_of,
)
from services.workstation.funding.models import Appropriation, FundYear, JournalEntry
from shared.audit.record import Actor
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.kernel.text import Text

COLUMNS = ("granted", "available", "reserved", "payable", "paid")


async def locked(session: AsyncSession, *conditions: Any) -> Appropriation:
    """One appropriation under a row lock. Raises NotFound."""
    found = await session.scalar(select(Appropriation).where(*conditions).with_for_update())
    if found is None:
        raise NotFound
    return found


async def open_year(
    session: AsyncSession, district: str, year: int, *, closing: bool = False
) -> FundYear:
    """The year's row, locked so that it stays open while an entry is posted (shared), or so that
    nothing is posted while it is closed. Raises Conflict `year_closed`."""
    await session.execute(
        insert(FundYear).values(district=district, year=year).on_conflict_do_nothing()
    )
    found = await session.scalar(
        select(FundYear).where(FundYear.year == year).with_for_update(read=not closing)
    )
    assert found is not None
    if found.closed_on is not None:
        raise Conflict(
            code="year_closed",
            detail=Text(
                zh=f"{year} 年度账已于 {found.closed_on} 关账，不能再记账。请记入以后年度。",
                en=f"The books of {year} were closed on {found.closed_on} and take no entry. Post "
                "it in a later year.",
            ),
        )
    return found


async def open_day(session: AsyncSession, day: date) -> date:
    """The day itself, or where its year's books are closed the first day of the next open year:
    what another service tells late is entered late, but never lost."""
    closed = await session.scalars(
        select(FundYear.year).where(FundYear.year >= day.year, FundYear.closed_on.is_not(None))
    )
    years = set(closed)
    year = day.year
    while year in years:
        year += 1
    return day if year == day.year else date(year, 1, 1)


def balances(row: Appropriation) -> Balances:
    """The stored balances."""
    return Balances(*(Money(getattr(row, name)) for name in COLUMNS))


async def enter(
    session: AsyncSession,
    actor: Actor,
    appropriation: Appropriation,
    kind: EntryKind,
    amount: Money,
    *,
    on: date,
    text: str,
    paid_from: Account | None = None,
    community_id: UUID | None = None,
    task_id: UUID | None = None,
    payment_id: UUID | None = None,
    reverses: JournalEntry | None = None,
) -> JournalEntry:
    """Post one entry on a locked appropriation.

    Raises Conflict `funds_short` where an account would be overdrawn and `year_closed`; the
    database's constraints say the same.
    """
    await open_year(session, actor.district, on.year)
    made = put(
        session, actor, appropriation, _entry(kind, amount, paid_from, reverses),
        on=on, text=text, community_id=community_id, task_id=task_id, payment_id=payment_id,
        reverses=None if reverses is None else reverses.id,
    )  # fmt: skip
    await session.flush()
    return made


def put(
    session: AsyncSession,
    actor: Actor,
    appropriation: Appropriation,
    entry: Entry,
    *,
    on: date,
    text: str,
    **about: UUID | None,
) -> JournalEntry:
    """Post one entry on a locked appropriation in an open year, without a word to the database
    yet: many entries are then written at once. Raises Conflict `funds_short`."""
    after = post(balances(appropriation), entry)
    for name in COLUMNS:
        setattr(appropriation, name, getattr(after, name).fen)
    appropriation.version += 1
    made = JournalEntry(
        district=actor.district,
        id=new_id(),
        appropriation_id=appropriation.id,
        kind=entry.kind.value,
        credit=entry.credit.value,
        debit=entry.debit.value,
        amount=entry.amount.fen,
        posted_on=on,
        text=text,
        posted_by=actor.id,
        **about,
    )
    session.add(made)
    return made


def _entry(
    kind: EntryKind, amount: Money, paid_from: Account | None, reverses: JournalEntry | None
) -> Entry:
    if reverses is not None:
        turned = Entry(
            EntryKind(reverses.kind), Account(reverses.credit), Account(reverses.debit), amount
        )
        return reversal_of(turned)
    if kind is EntryKind.PAYMENT:
        assert paid_from is not None
        return Entry(kind, paid_from, Account.PAID, amount)
    credit, debit = MOVES[kind]
    return Entry(kind, credit, debit, amount)
