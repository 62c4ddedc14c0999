"""An inspection request: what is asked of which communities, and the table of its procedure. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.auth.principal import Role
from shared.kernel.period import Period
from shared.kernel.targets import Targets
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class RequestKind(StrEnum):
    """检查、考核、验收、创建."""

    INSPECTION = "inspection"
    ASSESSMENT = "assessment"
    ACCEPTANCE = "acceptance"
    CAMPAIGN = "campaign"


class Level(StrEnum):
    """Who wants it: province, city or the district itself."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"


class Verdict(StrEnum):
    """What becomes of one item in one community."""

    SHARED = "shared"
    FROM_LEDGER = "from_ledger"
    NEEDS_VISIT = "needs_visit"
    REFUSED = "refused"


class RequestState(StrEnum):
    """States of a request."""

    DRAFT = "draft"
    RETURNED = "returned"
    WITH_LEADING_GROUP = "with_leading_group"
    REJECTED = "rejected"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


_DEPARTMENT = frozenset({Role.DEPARTMENT})
_GROUP = frozenset({Role.LEADING_GROUP})
_S = RequestState
REQUEST = Procedure(
    name="inspection_request",
    states={
        _S.DRAFT: Text("草稿", "draft"),
        _S.RETURNED: Text("退回修改", "returned"),
        _S.WITH_LEADING_GROUP: Text("领导小组审议中", "with the Leading Group"),
        _S.REJECTED: Text("不予批准", "rejected"),
        _S.APPROVED: Text("已批准", "approved"),
        _S.WITHDRAWN: Text("已撤销", "withdrawn"),
    },
    actions={
        "submission": Text("提交", "submit"),
        "screening": Text("自动审查退回", "return on screening"),
        "withdrawal": Text("撤回", "withdraw"),
        "approval": Text("批准", "approve"),
        "rejection": Text("不予批准", "reject"),
        "return": Text("退回", "return"),
    },
    steps=(
        Step(
            _S.DRAFT, "submission", "submitted", _S.WITH_LEADING_GROUP, _DEPARTMENT,
            limit="inspection.decide_working_days",
        ),
        Step(
            _S.RETURNED, "submission", "submitted", _S.WITH_LEADING_GROUP, _DEPARTMENT,
            limit="inspection.decide_working_days",
        ),
        Step(_S.DRAFT, "screening", "returned_on_screening", _S.RETURNED),
        Step(_S.RETURNED, "screening", "returned_on_screening", _S.RETURNED),
        Step(_S.DRAFT, "withdrawal", "withdrawn", _S.WITHDRAWN, _DEPARTMENT),
        Step(_S.RETURNED, "withdrawal", "withdrawn", _S.WITHDRAWN, _DEPARTMENT),
        Step(_S.WITH_LEADING_GROUP, "withdrawal", "taken_back", _S.DRAFT, _DEPARTMENT),
        Step(_S.WITH_LEADING_GROUP, "approval", "approved", _S.APPROVED, _GROUP),
        Step(_S.WITH_LEADING_GROUP, "rejection", "rejected", _S.REJECTED, _GROUP, reason=True),
        Step(_S.WITH_LEADING_GROUP, "return", "returned", _S.RETURNED, _GROUP, reason=True),
        Step(
            _S.APPROVED, "withdrawal", "withdrawn", _S.WITHDRAWN, _GROUP | _DEPARTMENT,
            reason=True,
        ),
    ),
)  # fmt: skip
EDITABLE = frozenset({RequestState.DRAFT, RequestState.RETURNED})


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One item that a department wants answered: a code of its own item or of the standard's.

    `material`: the communities are asked to hand in a form or report for it. `veto`: failing it
    fails the community.
    """

    code: str
    veto: bool = False
    material: bool = False
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class InspectionRequest:
    """What a department asks for. `window` ends on the first day that no longer counts; a visit
    takes `minutes_on_site`, and the team can make visits of `inspectors_per_day` inspectors."""

    id: UUID
    department_id: UUID
    title: str
    kind: RequestKind
    comprehensive: bool
    level: Level
    legal_basis: str
    targets: Targets
    window: Period
    minutes_on_site: int
    inspectors_per_day: int
    items: tuple[AskedItem, ...]


@dataclass(frozen=True, slots=True)
class PairToVisit:
    """An approved request's community that a joint visit has to serve: on a day from `starts_on`
    to before `ends_on`, for `minutes_on_site` minutes; on each day the request's department sends
    `inspectors_per_day` inspectors."""

    request_id: UUID
    reference: str
    department_id: UUID
    community_id: UUID
    community_name: str
    street_id: UUID
    starts_on: date
    ends_on: date
    minutes_on_site: int
    inspectors_per_day: int
