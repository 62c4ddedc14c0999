"""Money as it moves: the accounts of an appropriation, the journal's entries, yearly rates. Pure.

An appropriation has five accounts. Every entry takes an amount from one (credit) and puts it into
another (debit), so each history sums to zero; `grant` is what the treasury owes and is the only
account below zero.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from shared.auth.principal import Role
from shared.kernel.errors import Conflict
from shared.kernel.money import ZERO, Money
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step
from shared.rulebook.rule import RuleValue


class Source(StrEnum):
    """What money is appropriated for; projects use the same journal."""

    PER_POST = "per_post"
    PER_COMMUNITY = "per_community"
    ITEM = "item"
    REWARD = "reward"


class Account(StrEnum):
    """The accounts of an appropriation."""

    GRANT = "grant"
    AVAILABLE = "available"
    RESERVED = "reserved"
    PAYABLE = "payable"
    PAID = "paid"


class EntryKind(StrEnum):
    """What an entry does."""

    APPROPRIATION = "appropriation"
    RESERVATION = "reservation"
    RELEASE = "release"
    AWARD = "award"
    CANCELLATION = "cancellation"
    PAYMENT = "payment"
    REVERSAL = "reversal"


MOVES: dict[EntryKind, tuple[Account, Account]] = {
    EntryKind.APPROPRIATION: (Account.GRANT, Account.AVAILABLE),
    EntryKind.RESERVATION: (Account.AVAILABLE, Account.RESERVED),
    EntryKind.RELEASE: (Account.RESERVED, Account.PAYABLE),
    EntryKind.AWARD: (Account.AVAILABLE, Account.PAYABLE),
    EntryKind.CANCELLATION: (Account.RESERVED, Account.AVAILABLE),
}
"""From (credit) and to (debit) of each kind; a payment says itself what it is paid from, a
reversal turns its entry round."""

PAYABLE_FROM = frozenset({Account.AVAILABLE, Account.PAYABLE})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `amount` goes from `credit` to `debit`."""

    kind: EntryKind
    credit: Account
    debit: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Balances:
    """What stands in each account; `granted` is the opposite of `grant`."""

    granted: Money = ZERO
    available: Money = ZERO
    reserved: Money = ZERO
    payable: Money = ZERO
    paid: Money = ZERO

    @property
    def total(self) -> Money:
        """The sum of all five accounts: zero, whatever happened."""
        return self.available + self.reserved + self.payable + self.paid - self.granted


def post(balances: Balances, entry: Entry) -> Balances:
    """The balances after an entry. Raises Conflict `funds_short` where an account would fall
    below zero, and ValueError for an amount that is not positive."""
    if entry.amount.fen <= 0:
        raise ValueError("an entry moves a positive amount")
    after = _add(_add(balances, entry.credit, -entry.amount), entry.debit, entry.amount)
    short = [field.name for field in fields(after) if getattr(after, field.name).fen < 0]
    if short:
        raise funds_short(entry.credit, entry.amount, balances)
    return after


def balances_of(entries: Iterable[Entry]) -> Balances:
    """The balances that a history of entries explains."""
    found = Balances()
    for entry in entries:
        found = post(found, entry)
    return found


def reversal_of(entry: Entry) -> Entry:
    """The counter-entry."""
    return Entry(EntryKind.REVERSAL, entry.debit, entry.credit, entry.amount)


def _add(balances: Balances, account: Account, amount: Money) -> Balances:
    if account is Account.GRANT:
        return replace(balances, granted=balances.granted - amount)
    return replace(balances, **{account.value: getattr(balances, account.value) + amount})


ACCOUNTS = {
    Account.GRANT: Text("拨款", "grant"),
    Account.AVAILABLE: Text("可用", "available"),
    Account.RESERVED: Text("已预留", "reserved"),
    Account.PAYABLE: Text("待支付", "payable"),
    Account.PAID: Text("已支付", "paid"),
}


def funds_short(account: Account, wanted: Money, balances: Balances) -> Conflict:
    """Why an amount cannot be taken from an account."""
    held = balances.granted if account is Account.GRANT else getattr(balances, account.value)
    name = ACCOUNTS[account]
    return Conflict(
        code="funds_short",
        detail=Text(
            zh=f"“{name.zh}”余额 {held} 元，不足 {wanted} 元，未作任何变动。未拨付的经费不能支出；"
            "请减少金额，或先办理拨款。",
            en=f"The account “{name.en}” holds {held} yuan, not {wanted}; nothing was changed. "
            "What was not appropriated cannot be spent: lower the amount, or have more "
            "appropriated first.",
        ),
    )


@dataclass(frozen=True, slots=True)
class RatePeriod:
    """Months of a year with one rate and one number: `months` × `rate` a year × `count` / 12."""

    month: int
    months: int
    rate: Money
    count: int


def yearly_grant(periods: Sequence[RatePeriod]) -> Money:
    """What the periods of a year come to, rounded half up to the fen once."""
    twelfths = sum(period.rate.fen * period.count * period.months for period in periods)
    return Money((2 * twelfths + 12) // 24)


def rate_periods(
    year: int, rule_on: Callable[[date], RuleValue], count_on: Callable[[date], int]
) -> tuple[tuple[RatePeriod, ...], tuple[RuleValue, ...]]:
    """A year's months, each by what holds on its first day, joined where nothing changes; and the
    rules that were applied. Rates are in yuan a year."""
    periods: list[RatePeriod] = []
    rules: list[RuleValue] = []
    for month in range(1, 13):
        first = date(year, month, 1)
        rule = rule_on(first)
        if rule not in rules:
            rules.append(rule)
        found = RatePeriod(month, 1, Money(rule.integer() * 100), count_on(first))
        last = periods[-1] if periods else None
        if last is not None and (last.rate, last.count) == (found.rate, found.count):
            periods[-1] = replace(last, months=last.months + 1)
        else:
            periods.append(found)
    return tuple(periods), tuple(rules)


class PaymentState(StrEnum):
    """States of a payment."""

    PREPARED = "prepared"
    PAID = "paid"
    REJECTED = "rejected"
    REVERSED = "reversed"


_FINANCE = frozenset({Role.FINANCE_BUREAU})
_P = PaymentState
PAYMENT = Procedure(
    name="payment",
    states={
        _P.PREPARED: Text("待复核", "prepared"),
        _P.PAID: Text("已支付", "paid"),
        _P.REJECTED: Text("已驳回", "rejected"),
        _P.REVERSED: Text("已冲回", "reversed"),
    },
    actions={
        "approval": Text("复核支付", "approve"),
        "rejection": Text("驳回", "reject"),
        "reversal": Text("冲回", "reverse"),
    },
    steps=(
        Step(_P.PREPARED, "approval", "paid", _P.PAID, _FINANCE),
        Step(_P.PREPARED, "rejection", "rejected", _P.REJECTED, _FINANCE, reason=True),
        Step(_P.PAID, "reversal", "reversed", _P.REVERSED, _FINANCE, reason=True),
    ),
)
