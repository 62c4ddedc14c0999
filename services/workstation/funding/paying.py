"""Payments by two persons, and closing a year."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding import repository
from services.workstation.funding.domain import (
    PAYMENT,
    Account,
    EntryKind,
    PaymentState,
    funds_short,
)
from services.workstation.funding.models import Appropriation, FundYear, JournalEntry, Payment
from services.workstation.funding.posting import balances, enter, locked, open_year
from services.workstation.registry.public import Community
from shared.audit.record import Actor, record
from shared.auth.policy import Place, Reach
from shared.auth.principal import Role
from shared.kernel.errors import Conflict, Forbidden, NotFound
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.rulebook import Rulebook


async def prepare_payment(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    *,
    appropriation_id: UUID,
    community_id: UUID,
    amount: int,
    payee: str,
    purpose: str,
) -> Payment:
    """Prepare a payment; nothing is paid yet. Raises NotFound out of reach, Conflict where the
    money is not there."""
    row = await locked(session, Appropriation.id == appropriation_id)
    community = await session.get(Community, (actor.district, community_id))
    if community is None or row.community_id not in {None, community_id}:
        raise NotFound
    reach.require(Place(street=community.street_id, community=community_id))
    paid_from = Account.PAYABLE if row.community_id is None else Account.AVAILABLE
    await _require_held(session, row, community_id, paid_from, Money(amount))
    made = Payment(
        district=actor.district,
        id=new_id(),
        appropriation_id=row.id,
        community_id=community_id,
        amount=amount,
        paid_from=paid_from.value,
        payee=payee,
        purpose=purpose,
        state=PaymentState.PREPARED.value,
        prepared_by=actor.id,
    )
    session.add(made)
    await session.flush()
    await record(
        session,
        actor,
        "payment.prepared",
        ("payment", made.id),
        after={"amount": amount, "payee": payee, "purpose": purpose},
        personal=frozenset({"payee"}),
    )
    return made


async def approve_payment(
    session: AsyncSession,
    actor: Actor,
    id: UUID,
    *,
    by: Collection[Role],
    rulebook: Rulebook,
    today: date,
) -> Payment:
    """Pay what another person prepared. Raises Forbidden `two_persons_needed`, Conflict
    `funds_short` and `year_closed`."""
    payment = await _locked_payment(session, id)
    if payment.prepared_by == actor.id:
        raise _two_persons()
    row = await locked(session, Appropriation.id == payment.appropriation_id)
    paid_from, amount = Account(payment.paid_from), Money(payment.amount)
    payment.approved_by, payment.paid_on = actor.id, today
    await take(session, actor, PAYMENT, payment, "approval", by=by, rulebook=rulebook, today=today)
    await _require_held(session, row, payment.community_id, paid_from, amount)
    await enter(
        session,
        actor,
        row,
        EntryKind.PAYMENT,
        amount,
        on=today,
        text=payment.purpose,
        paid_from=paid_from,
        community_id=payment.community_id,
        payment_id=payment.id,
    )
    return payment


async def reject_payment(
    session: AsyncSession,
    actor: Actor,
    id: UUID,
    *,
    reason: str,
    by: Collection[Role],
    rulebook: Rulebook,
    today: date,
) -> Payment:
    """Refuse a prepared payment, with the reason."""
    payment = await _locked_payment(session, id)
    await take(
        session, actor, PAYMENT, payment, "rejection",
        by=by, rulebook=rulebook, today=today, reason=reason,
    )  # fmt: skip
    return payment


async def reverse_payment(
    session: AsyncSession,
    actor: Actor,
    id: UUID,
    *,
    reason: str,
    by: Collection[Role],
    rulebook: Rulebook,
    today: date,
) -> Payment:
    """Take a payment back by a counter-entry of today; the entry stays. Another person than the
    one who approved it does so."""
    payment = await _locked_payment(session, id)
    if payment.approved_by == actor.id:
        raise _two_persons()
    row = await locked(session, Appropriation.id == payment.appropriation_id)
    await take(
        session, actor, PAYMENT, payment, "reversal",
        by=by, rulebook=rulebook, today=today, reason=reason,
    )  # fmt: skip
    entry = await session.scalar(
        select(JournalEntry).where(
            JournalEntry.payment_id == id, JournalEntry.kind == EntryKind.PAYMENT.value
        )
    )
    assert entry is not None
    await enter(
        session,
        actor,
        row,
        EntryKind.REVERSAL,
        Money(entry.amount),
        on=today,
        text=reason,
        community_id=payment.community_id,
        payment_id=payment.id,
        reverses=entry,
    )
    return payment


async def close_year(session: AsyncSession, actor: Actor, year: int, today: date) -> FundYear:
    """Close a year's books for good. Raises Conflict when it is closed or not over yet."""
    if year >= today.year:
        raise Conflict(
            code="year_not_over",
            detail=Text(
                zh=f"{year} 年尚未结束，请在次年关账。",
                en=f"{year} is not over. Close it next year.",
            ),
        )
    found = await open_year(session, actor.district, year, closing=True)
    found.closed_on, found.closed_by = today, actor.id
    await session.flush()
    await record(session, actor, "fund_year.closed", ("fund_year", year), after={"on": str(today)})
    return found


async def _require_held(
    session: AsyncSession, row: Appropriation, community_id: UUID, account: Account, amount: Money
) -> None:
    held = row.available
    if account is Account.PAYABLE:
        held = await repository.held_for(session, row.id, community_id, account)
    if amount.fen > held:
        raise funds_short(account, amount, balances(row))


async def _locked_payment(session: AsyncSession, id: UUID) -> Payment:
    found = await session.scalar(select(Payment).where(Payment.id == id).with_for_update())
    if found is None:
        raise NotFound
    return found


def _two_persons() -> Forbidden:
    return Forbidden(
        code="two_persons_needed",
        detail=Text(
            zh="支付须由两人办理：本人经手的不能由本人复核或冲回。请由财政局另一人办理。",
            en="A payment takes two persons: nobody approves or takes back what they did "
            "themselves. Ask another person of the finance bureau.",
        ),
    )
