"""What may hang where, who pays, and the tables of applications and removal notices. Pure.

Source of the rules: the district's survey, third part, proposal 2.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.auth.principal import Role
from shared.kernel.issue import Decision, Issue, RuleApplied
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step
from shared.rulebook.rule import RuleValue


class Kind(StrEnum):
    """Whose sign it is; all but `other` may hang outdoors, one of each."""

    PARTY_ORGANISATION = "party_organisation"
    COMMITTEE = "committee"
    WORKSTATION = "workstation"
    OTHER = "other"


class Where(StrEnum):
    """Where it hangs; `photo` hangs nowhere, a photograph of it is on file."""

    OUTDOOR = "outdoor"
    INDOOR = "indoor"
    PHOTO = "photo"


class Payer(StrEnum):
    """Who paid for it."""

    DEPARTMENT = "department"
    STREET = "street"
    COMMUNITY = "community"
    UNKNOWN = "unknown"


class ApplicationState(StrEnum):
    """States of an application."""

    DRAFT = "draft"
    RETURNED = "returned"
    WITH_LEADING_GROUP = "with_leading_group"
    APPROVED = "approved"
    REJECTED = "rejected"


class NoticeState(StrEnum):
    """States of a removal notice."""

    ISSUED = "issued"
    REMOVED = "removed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


_DEPARTMENT = frozenset({Role.DEPARTMENT})
_GROUP = frozenset({Role.LEADING_GROUP})
_OVERSIGHT = frozenset({Role.LEADING_GROUP, Role.CIVIL_AFFAIRS})
_ON_SITE = frozenset({Role.WORKSTATION_STAFF, Role.STREET_OFFICER})
_DECIDE = "plaque.decide_working_days"
_A = ApplicationState
APPLICATION = Procedure(
    name="plaque_application",
    states={
        _A.DRAFT: Text("草稿", "draft"),
        _A.RETURNED: Text("退回修改", "returned"),
        _A.WITH_LEADING_GROUP: Text("领导小组审议中", "with the Leading Group"),
        _A.APPROVED: Text("已同意", "approved"),
        _A.REJECTED: Text("不同意", "rejected"),
    },
    actions={
        "submission": Text("提交", "submit"),
        "screening": Text("自动审查退回", "return on screening"),
        "withdrawal": Text("撤回", "withdraw"),
        "approval": Text("同意", "approve"),
        "rejection": Text("不同意", "reject"),
        "return": Text("退回", "return"),
    },
    steps=(
        Step(_A.DRAFT, "submission", "submitted", _A.WITH_LEADING_GROUP, _DEPARTMENT, limit=_DECIDE),
        Step(
            _A.RETURNED, "submission", "submitted", _A.WITH_LEADING_GROUP, _DEPARTMENT,
            limit=_DECIDE,
        ),
        Step(_A.DRAFT, "screening", "returned_on_screening", _A.RETURNED),
        Step(_A.RETURNED, "screening", "returned_on_screening", _A.RETURNED),
        Step(_A.WITH_LEADING_GROUP, "withdrawal", "withdrawn", _A.DRAFT, _DEPARTMENT),
        Step(_A.WITH_LEADING_GROUP, "approval", "approved", _A.APPROVED, _GROUP),
        Step(_A.WITH_LEADING_GROUP, "rejection", "rejected", _A.REJECTED, _GROUP, reason=True),
        Step(_A.WITH_LEADING_GROUP, "return", "returned", _A.RETURNED, _GROUP, reason=True),
    ),
)  # fmt: skip
EDITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})

_N = NoticeState
NOTICE = Procedure(
    name="plaque_removal_notice",
    states={
        _N.ISSUED: Text("待拆除", "issued"),
        _N.REMOVED: Text("已拆除待核实", "removed, to be confirmed"),
        _N.CONFIRMED: Text("已核实", "confirmed"),
        _N.WITHDRAWN: Text("已撤销", "withdrawn"),
    },
    actions={
        "removal": Text("报告已拆除", "report the removal"),
        "confirmation": Text("核实", "confirm"),
        "sending_back": Text("退回重办", "send back"),
        "withdrawal": Text("撤销", "withdraw"),
    },
    steps=(
        Step(
            _N.ISSUED, "removal", "removed", _N.REMOVED, _ON_SITE,
            limit="plaque.confirm_working_days",
        ),
        Step(_N.REMOVED, "confirmation", "confirmed", _N.CONFIRMED, _OVERSIGHT),
        Step(
            _N.REMOVED, "sending_back", "sent_back", _N.ISSUED, _OVERSIGHT, reason=True,
            limit="plaque.removal_working_days",
        ),
        Step(_N.ISSUED, "withdrawal", "withdrawn", _N.WITHDRAWN, _OVERSIGHT, reason=True),
        Step(_N.REMOVED, "withdrawal", "withdrawn", _N.WITHDRAWN, _OVERSIGHT, reason=True),
    ),
)  # fmt: skip

Rules = Callable[[str], RuleValue]
"""A rule in force on the day in question, by its key."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a department asks to hang. Sizes in millimetres; `has_design` once a drawing is there."""

    title: str
    where: Where
    room: str
    width_mm: int | None
    height_mm: int | None
    colours: str
    payer: Payer
    has_design: bool


def screen(
    wanted: Wanted, *, standing: Collection[str], rule: Rules
) -> Decision[tuple[Issue, ...]]:
    """Everything that stands against an application, each with its remedy.

    `standing` are titles of the department's approved applications.
    """
    outdoor, design = rule("plaque.outdoor_allowed"), rule("plaque.design_required")
    cost = rule("plaque.cost_borne_by_department")
    found = []
    if wanted.where is Where.OUTDOOR:
        found.append(_outdoor(outdoor.applied))
    if cost.flag() and wanted.payer is not Payer.DEPARTMENT:
        found.append(_payer(cost.applied))
    if wanted.where is Where.INDOOR and not wanted.room.strip():
        found.append(_missing("/room", Text("未写明挂在哪个功能室", "No room is named")))
    if design.flag():
        found += _undesigned(wanted, design.applied)
    if wanted.title in standing:
        found.append(
            Issue(
                code="plaque_approved_already",
                pointer="/title",
                detail=Text(
                    zh=f"贵部门的“{wanted.title}”已经同意过。",
                    en=f"“{wanted.title}” of your department was approved before.",
                ),
                remedy=Text(
                    zh="请沿用原批准；确需更换的，请改用新的名称。",
                    en="Use that approval, or give it another title if it is another plaque.",
                ),
            )
        )
    return Decision(tuple(found), (outdoor.applied, cost.applied, design.applied))


def _undesigned(wanted: Wanted, rule: RuleApplied) -> list[Issue]:
    missing = (
        (not (wanted.width_mm and wanted.height_mm), "/width_mm", Text("未写明尺寸", "No size")),
        (not wanted.colours.strip(), "/colours", Text("未写明颜色", "No colours")),
        (not wanted.has_design, "/design", Text("未上传设计图", "No drawing")),
    )
    return [_missing(pointer, what, (rule,)) for absent, pointer, what in missing if absent]


def _missing(pointer: str, what: Text, rules: tuple[RuleApplied, ...] = ()) -> Issue:
    return Issue(
        code="plaque_undescribed",
        pointer=pointer,
        detail=Text(f"{what.zh}。", f"{what.en}."),
        remedy=Text(
            zh="请补充功能室、尺寸、颜色和统一设计图（POST …/design）后再提交。",
            en="Add room, size, colours and the uniform drawing (POST …/design), then submit.",
        ),
        rules=rules,
    )


def _outdoor(rule: RuleApplied) -> Issue:
    return Issue(
        code="plaque_outdoors",
        pointer="/where",
        detail=Text(
            zh="室外只能挂社区党组织、居委会、工作站三块牌子。",
            en="Outdoors only the Party organisation's, the committee's and the workstation's "
            "plaques hang.",
        ),
        remedy=Text(
            zh="请改为挂在室内功能室（indoor）或照片留存（photo）。",
            en="Ask for `indoor`, or for `photo`: a photograph kept on file.",
        ),
        rules=(rule,),
    )


def _payer(rule: RuleApplied) -> Issue:
    return Issue(
        code="plaque_cost_passed_on",
        pointer="/payer",
        detail=Text(
            zh="挂牌费用须由申请部门承担，不得由社区或街道承担。",
            en="The department that wants a plaque pays for it, not the community or street.",
        ),
        remedy=Text(zh="请将 payer 改为 department。", en="Set `payer` to department."),
        rules=(rule,),
    )


@dataclass(frozen=True, slots=True)
class Hanging:
    """A plaque of a community. `cost` in fen; `approved` where the Leading Group agreed to it."""

    id: UUID
    kind: Kind
    title: str
    where: Where
    payer: Payer
    cost: int
    approved: bool
    hung_on: date


@dataclass(frozen=True, slots=True)
class Counts:
    """A community's plaques in numbers. `due_fen` is what others paid for departments' plaques."""

    outdoor: int
    indoor: int
    on_file: int
    unapproved: int
    by_payer: dict[str, int]
    due_fen: int


def counts(hanging: Sequence[Hanging]) -> Counts:
    """Count a community's plaques."""
    where = Counter(one.where for one in hanging)
    others = [one for one in hanging if one.kind is Kind.OTHER]
    return Counts(
        outdoor=where[Where.OUTDOOR],
        indoor=where[Where.INDOOR],
        on_file=where[Where.PHOTO],
        unapproved=sum(not one.approved for one in others),
        by_payer={payer.value: sum(one.payer is payer for one in hanging) for payer in Payer},
        due_fen=sum(one.cost for one in others if one.payer is not Payer.DEPARTMENT),
    )


def to_be_removed(
    hanging: Sequence[Hanging], *, rule: Rules
) -> Decision[tuple[tuple[Hanging, str], ...]]:
    """The plaques of a community that must come down, each with the rule's key that says so.

    Outdoors: whatever is not one of the three, and a second one of the same of them (the one that
    hung first stays; of one day, the one entered first). Indoors: whatever was not approved. What
    is kept as a photograph hangs nowhere.
    """
    allowed, each = rule("plaque.outdoor_allowed"), rule("plaque.outdoor_each")
    approval = rule("plaque.approval_required")
    needs_approval = approval.flag()
    kinds = {str(kind) for kind in allowed.sequence()}
    seen: Counter[Kind] = Counter()
    found = []
    for one in sorted(hanging, key=lambda one: (one.hung_on, one.id)):
        if one.where is Where.OUTDOOR:
            seen[one.kind] += 1
            if one.kind not in kinds:
                found.append((one, allowed.key))
            elif seen[one.kind] > each.integer():
                found.append((one, each.key))
        elif needs_approval and _indoors_for_another(one) and not one.approved:
            found.append((one, approval.key))
    rules = tuple(value.applied for value in (allowed, each, approval))
    return Decision(tuple(found), rules)


def _indoors_for_another(one: Hanging) -> bool:
    return one.where is Where.INDOOR and one.kind is Kind.OTHER
