"""The table of a sitting, and how far a deliberation agreed. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from shared.auth.principal import Role
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class SittingState(StrEnum):
    """States of a sitting."""

    PLANNED = "planned"
    LIVE = "live"
    ENDED = "ended"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


_T = SittingState
_MEMBER = frozenset({Role.COMMITTEE_MEMBER})
SITTING = Procedure(
    name="sitting",
    states={
        _T.PLANNED: Text("已预告", "planned"),
        _T.LIVE: Text("进行中", "live"),
        _T.ENDED: Text("已结束", "ended"),
        _T.PUBLISHED: Text("纪要已公布", "minutes published"),
        _T.CANCELLED: Text("已取消", "cancelled"),
    },
    actions={
        "opening": Text("开会", "open"),
        "ending": Text("散会", "end"),
        "minutes": Text("公布纪要", "publish the minutes"),
        "cancellation": Text("取消", "cancel"),
    },
    steps=(
        Step(_T.PLANNED, "opening", "opened", _T.LIVE, _MEMBER),
        Step(_T.PLANNED, "cancellation", "cancelled", _T.CANCELLED, _MEMBER, reason=True),
        Step(_T.LIVE, "ending", "ended", _T.ENDED, _MEMBER, limit="hall.minutes_working_days"),
        Step(_T.ENDED, "minutes", "minutes_published", _T.PUBLISHED, _MEMBER),
    ),
)


class Choice(StrEnum):
    """What somebody thinks of a proposal: agrees, has reservations, is against it."""

    AGREE = "agree"
    RESERVE = "reserve"
    OPPOSE = "oppose"


class Consensus(StrEnum):
    """How far a deliberation agreed."""

    UNANIMOUS = "unanimous"
    BROAD = "broad"
    MAJORITY = "majority"
    DIVIDED = "divided"
    NOT_VOTED = "not_voted"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many agree, have reservations, are against."""

    agree: int
    reserve: int
    oppose: int

    @property
    def total(self) -> int:
        """All who said what they think."""
        return self.agree + self.reserve + self.oppose

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.agree + other.agree, self.reserve + other.reserve, self.oppose + other.oppose
        )


def consensus_of(tally: Tally, *, majority: Fraction, broad: Fraction) -> Consensus:
    """The level of consensus. A majority is more than its share, broad consensus at least its
    share; compared in integers. A tie is divided."""
    if tally.total == 0:
        return Consensus.NOT_VOTED
    if tally.agree == tally.total:
        return Consensus.UNANIMOUS
    if tally.agree * broad.denominator >= broad.numerator * tally.total:
        return Consensus.BROAD
    if tally.agree * majority.denominator > majority.numerator * tally.total:
        return Consensus.MAJORITY
    return Consensus.DIVIDED
