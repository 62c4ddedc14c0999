"""Money in integer fen: exact, without floats."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.kernel.errors import Invalid
from shared.kernel.text import Text

_YUAN = re.compile(r"(-?)([0-9]{1,13}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of renminbi in fen (1 yuan = 100 fen); negative amounts are debts or differences.

    Raises TypeError for anything but an int: a float or bool here is a mistake in the program.
    """

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(f"Money is integer fen, not {type(self.fen).__name__} {self.fen!r}")

    @classmethod
    def parse(cls, yuan: str) -> "Money":
        """An amount written in yuan, such as `12.34`, `-5` or `12,345.67`.

        At most thirteen digits before the point and two behind it, in ASCII digits. Raises
        Invalid (`money_malformed`) for any other text and TypeError for what is not text.
        """
        if not isinstance(yuan, str):
            raise TypeError(f"an amount in yuan is read from text, not {type(yuan).__name__}")
        found = _YUAN.fullmatch(yuan)
        if found is None:
            shown = yuan if len(yuan) <= 40 else f"{yuan[:40]}…"
            raise Invalid(
                code="money_malformed",
                detail=Text(
                    zh=f"“{shown}”不是以元为单位的金额。请填写最多两位小数的数字，例如 12345.67。",
                    en=f"“{shown}” is not an amount in yuan. Write a number with at most two "
                    "decimals, 12345.67 for example.",
                ),
            )
        sign, whole, decimals = found.groups()
        fen = int(whole.replace(",", "")) * 100 + int((decimals or "").ljust(2, "0"))
        return cls(-fen if sign else fen)

    @classmethod
    def total(cls, amounts: Iterable["Money"]) -> "Money":
        """The sum of the amounts, zero for none."""
        return cls(sum(amount.fen for amount in amounts))

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.fen + other.fen)

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.fen - other.fen)

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:
            return NotImplemented
        return Money(self.fen * times)

    __rmul__ = __mul__

    def allocate(self, weights: Sequence[int]) -> tuple["Money", ...]:
        """This amount shared out by weight, to the fen; the shares sum to it exactly.

        Largest remainder (Hamilton): each share is rounded down, then the fen left over go one
        each to the largest remainders, equal remainders in the order of `weights`. A negative
        amount is shared out as its opposite is. Weights are ints, none below zero and at least
        one above; else TypeError or ValueError.
        """
        if any(type(weight) is not int for weight in weights):
            raise TypeError("weights are integers")
        whole = sum(weights)
        if any(weight < 0 for weight in weights) or whole == 0:
            raise ValueError("weights are not negative and not all zero")
        amount = abs(self.fen)
        shares = [amount * weight // whole for weight in weights]
        by_remainder = sorted(
            range(len(weights)), key=lambda at: amount * weights[at] % whole, reverse=True
        )
        for at in by_remainder[: amount - sum(shares)]:
            shares[at] += 1
        sign = -1 if self.fen < 0 else 1
        return tuple(Money(sign * share) for share in shares)

    def __str__(self) -> str:
        """In yuan: `12,345.67`."""
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{'-' if self.fen < 0 else ''}{yuan:,}.{fen:02d}"


ZERO = Money(0)
