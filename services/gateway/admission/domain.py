"""What admission is about: items, their money and targets, and the tables of its procedures."""

from dataclasses import dataclass
from enum import StrEnum

from shared.auth.principal import Role
from shared.kernel.money import Money
from shared.kernel.period import Period
from shared.kernel.targets import Targets
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class ItemList(StrEnum):
    """The lists of 民发〔2015〕136号 and of districts' practice."""

    OWN_DUTY = "own_duty"
    ASSISTANCE = "assistance"
    PURCHASED_SERVICE = "purchased_service"
    TEMPORARY = "temporary"


class Nature(StrEnum):
    """What kind of work it is; all but `ordinary` are forbidden (民发〔2015〕136号)."""

    ORDINARY = "ordinary"
    INVESTMENT_PROMOTION = "investment_promotion"
    TAX_TARGET = "tax_target"
    ENFORCEMENT = "enforcement"
    DEMOLITION = "demolition"


class FundingBasis(StrEnum):
    """What `amount` is paid for: once a community of each dispatch, each case, or a community's
    whole calendar year."""

    PER_COMMUNITY = "per_community"
    PER_CASE = "per_case"
    PER_YEAR = "per_year"


class ItemState(StrEnum):
    """States of an item."""

    DRAFT = "draft"
    RETURNED = "returned"
    WITH_LEADING_GROUP = "with_leading_group"
    REJECTED = "rejected"
    ADMITTED = "admitted"
    SUSPENDED = "suspended"
    EXITED = "exited"


_DEPARTMENT = frozenset({Role.DEPARTMENT})
_GROUP = frozenset({Role.LEADING_GROUP})
_S = ItemState
ITEM = Procedure(
    name="item",
    states={
        _S.DRAFT: Text("草稿", "draft"),
        _S.RETURNED: Text("退回修改", "returned"),
        _S.WITH_LEADING_GROUP: Text("领导小组审议中", "with the Leading Group"),
        _S.REJECTED: Text("不予准入", "rejected"),
        _S.ADMITTED: Text("已准入", "admitted"),
        _S.SUSPENDED: Text("暂停", "suspended"),
        _S.EXITED: Text("退出", "exited"),
    },
    actions={
        "submission": Text("提交", "submit"),
        "screening": Text("自动审查退回", "return on screening"),
        "withdrawal": Text("撤回", "withdraw"),
        "admission": Text("准入", "admit"),
        "rejection": Text("不予准入", "reject"),
        "return": Text("退回", "return"),
        "suspension": Text("暂停", "suspend"),
        "resumption": Text("恢复", "resume"),
        "exit": Text("退出", "exit"),
    },
    steps=(
        Step(
            _S.DRAFT, "submission", "submitted", _S.WITH_LEADING_GROUP, _DEPARTMENT,
            limit="admission.decide_working_days",
        ),
        Step(
            _S.RETURNED, "submission", "submitted", _S.WITH_LEADING_GROUP, _DEPARTMENT,
            limit="admission.decide_working_days",
        ),
        Step(_S.DRAFT, "screening", "returned_on_screening", _S.RETURNED),
        Step(_S.RETURNED, "screening", "returned_on_screening", _S.RETURNED),
        Step(_S.WITH_LEADING_GROUP, "withdrawal", "withdrawn", _S.DRAFT, _DEPARTMENT),
        Step(_S.WITH_LEADING_GROUP, "admission", "admitted", _S.ADMITTED, _GROUP),
        Step(_S.WITH_LEADING_GROUP, "rejection", "rejected", _S.REJECTED, _GROUP, reason=True),
        Step(_S.WITH_LEADING_GROUP, "return", "returned", _S.RETURNED, _GROUP, reason=True),
        Step(_S.ADMITTED, "suspension", "suspended", _S.SUSPENDED, _GROUP, reason=True),
        Step(_S.SUSPENDED, "resumption", "resumed", _S.ADMITTED, _GROUP, reason=True),
        Step(_S.ADMITTED, "exit", "exited", _S.EXITED, _GROUP | _DEPARTMENT, reason=True),
        Step(_S.SUSPENDED, "exit", "exited", _S.EXITED, _GROUP | _DEPARTMENT, reason=True),
    ),
)  # fmt: skip
EDITABLE = frozenset({ItemState.DRAFT, ItemState.RETURNED})


class ReportState(StrEnum):
    """States of a report of an off-catalogue demand."""

    REPORTED = "reported"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


REPORT = Procedure(
    name="off_catalogue_report",
    states={
        ReportState.REPORTED: Text("待核", "to be examined"),
        ReportState.UPHELD: Text("属实", "upheld"),
        ReportState.DISMISSED: Text("不属实", "dismissed"),
    },
    actions={
        "upholding": Text("认定属实", "uphold"),
        "dismissal": Text("认定不属实", "dismiss"),
    },
    steps=(
        Step(ReportState.REPORTED, "upholding", "upheld", ReportState.UPHELD, _GROUP, reason=True),
        Step(
            ReportState.REPORTED, "dismissal", "dismissed", ReportState.DISMISSED, _GROUP,
            reason=True,
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Funding:
    """The money of an item: `amount` by its basis and `total` for all of it, in fen."""

    basis: FundingBasis
    amount: Money
    total: Money
    source_line: str


@dataclass(frozen=True, slots=True)
class Application:
    """What a department asks to have admitted. `period` ends on the first day that no longer
    counts."""

    title: str
    content: str
    list: ItemList
    nature: Nature
    legal_basis: str
    period: Period
    targets: Targets
    funding: Funding | None


@dataclass(frozen=True, slots=True)
class AdmittedItem:
    """An item that is admitted already, for comparison."""

    code: str
    department: str
    application: Application
