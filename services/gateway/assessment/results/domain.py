"""The procedure of a result, and what a result is derived from. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from shared.auth.principal import Role
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class Source(StrEnum):
    """What an item's value comes from."""

    FINDING = "finding"
    LEDGER = "ledger"
    RATINGS = "ratings"
    SHARED = "shared"
    REVIEW = "review"
    NONE = "none"


class ResultState(StrEnum):
    """States of a community's result in a campaign."""

    PROVISIONAL = "provisional"
    OBJECTED = "objected"
    FINAL = "final"


_COMMUNITY = frozenset({Role.WORKSTATION_STAFF, Role.COMMITTEE_MEMBER})
_GROUP = frozenset({Role.LEADING_GROUP})
_S = ResultState
RESULT = Procedure(
    name="assessment_result",
    states={
        _S.PROVISIONAL: Text("已公布，可申诉", "published, open to objection"),
        _S.OBJECTED: Text("申诉复核中", "objected to, under review"),
        _S.FINAL: Text("最终结果", "final"),
    },
    actions={
        "objection": Text("申诉", "object"),
        "upholding": Text("申诉成立", "uphold the objection"),
        "dismissal": Text("申诉不成立", "dismiss the objection"),
        "finalisation": Text("确定最终结果", "make final"),
    },
    steps=(
        Step(
            _S.PROVISIONAL, "objection", "objected", _S.OBJECTED, _COMMUNITY, reason=True,
            limit="inspection.review_working_days",
        ),
        Step(_S.OBJECTED, "upholding", "upheld", _S.FINAL, _GROUP, reason=True),
        Step(_S.OBJECTED, "dismissal", "dismissed", _S.FINAL, _GROUP, reason=True),
        Step(_S.PROVISIONAL, "finalisation", "finalised", _S.FINAL, _GROUP),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """An item's value in a community: what it is, where it comes from, and since when.

    `value` is exact, in the item's own unit; `source_id` is the finding, entry, earlier line or
    objection; it may be shared to the end of `valid_until`. `note` says what a reader should know.
    """

    value: Fraction
    source: Source
    source_id: UUID | None
    found_on: date
    valid_until: date
    note: str = ""
