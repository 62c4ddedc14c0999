"""What a residents' committee is made of, how long it is in office, and its procedures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.auth.principal import Role
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class Position(StrEnum):
    """Chair 主任, vice chair 副主任, member 委员."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"


class Sex(StrEnum):
    """As in the household register."""

    MALE = "male"
    FEMALE = "female"


class Leaving(StrEnum):
    """Why an office ended before its term (组织法 20–23, 37)."""

    RESIGNED = "resigned"
    RECALLED = "recalled"
    ANNULLED = "annulled"
    INCAPACITATED = "incapacitated"
    SENTENCED = "sentenced"
    FAILED_EVALUATION = "failed_evaluation"
    MOVED = "moved"
    DIED = "died"


class TermEnding(StrEnum):
    """Why a term is over: its years are, a new committee took office, or there is none any more."""

    EXPIRED = "expired"
    RENEWED = "renewed"
    ABOLISHED = "abolished"


class Ending(StrEnum):
    """Why somebody no longer represents, supervises or sits in a sub-committee."""

    RESIGNED = "resigned"
    REPLACED = "replaced"
    INCAPACITATED = "incapacitated"
    SENTENCED = "sentenced"
    MOVED = "moved"
    DIED = "died"
    TERM_ENDED = "term_ended"


class SubCommitteeKind(StrEnum):
    """The sub-committees that the law names (组织法 9)."""

    MEDIATION = "mediation"
    SECURITY = "security"
    HEALTH = "health"
    ENVIRONMENT = "environment"
    CARE = "care"
    OTHER = "other"


class Kin(StrEnum):
    """Near kin 近亲属 (民法典 1045)."""

    SPOUSE = "spouse"
    PARENT_OR_CHILD = "parent_or_child"
    SIBLING = "sibling"
    GRANDPARENT_OR_GRANDCHILD = "grandparent_or_grandchild"


class KinshipState(StrEnum):
    """States of a declared kinship."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


_DECLARERS = frozenset({Role.COMMITTEE_MEMBER, Role.ELECTION_COMMITTEE, Role.SUPERVISOR})
_STREET = frozenset({Role.STREET_OFFICER})
_K = KinshipState
KINSHIP = Procedure(
    name="kinship",
    states={
        _K.DECLARED: Text("已申报", "declared"),
        _K.CONFIRMED: Text("已确认", "confirmed"),
        _K.DISMISSED: Text("不成立", "dismissed"),
        _K.WITHDRAWN: Text("已撤回", "withdrawn"),
    },
    actions={
        "confirmation": Text("确认", "confirm"),
        "dismissal": Text("认定不成立", "dismiss"),
        "withdrawal": Text("撤回", "withdraw"),
    },
    steps=(
        Step(_K.DECLARED, "confirmation", "confirmed", _K.CONFIRMED, _STREET, reason=True),
        Step(_K.DECLARED, "dismissal", "dismissed", _K.DISMISSED, _STREET, reason=True),
        Step(_K.CONFIRMED, "dismissal", "dismissed", _K.DISMISSED, _STREET, reason=True),
        Step(_K.DECLARED, "withdrawal", "withdrawn", _K.WITHDRAWN, _DECLARERS, reason=True),
    ),
)  # fmt: skip


class HandoverState(StrEnum):
    """States of a handover between two committees."""

    DUE = "due"
    HANDED_OVER = "handed_over"
    CONFIRMED = "confirmed"


_ELECTION = frozenset({Role.ELECTION_COMMITTEE})
_H = HandoverState
HANDOVER = Procedure(
    name="handover",
    states={
        _H.DUE: Text("待移交", "due"),
        _H.HANDED_OVER: Text("已移交", "handed over"),
        _H.CONFIRMED: Text("街道已监督确认", "confirmed by the street"),
    },
    actions={
        "submission": Text("提交移交清单", "submit what was handed over"),
        "confirmation": Text("监督确认", "confirm"),
        "return": Text("退回补齐", "send back"),
    },
    steps=(
        Step(
            _H.DUE, "submission", "submitted", _H.HANDED_OVER, _ELECTION,
            limit="organisation.handover_confirm_working_days",
        ),
        Step(_H.HANDED_OVER, "confirmation", "confirmed", _H.CONFIRMED, _STREET),
        Step(_H.HANDED_OVER, "return", "sent_back", _H.DUE, _STREET, reason=True),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Officer:
    """A member in office; `id` where kinship is asked about."""

    position: Position
    sex: Sex
    id: UUID | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Kinship:
    """Two people of a committee or its supervision who are near kin; declared, or confirmed too."""

    one: UUID
    other: UUID
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositionRules:
    """组织法 8: five to nine members, a woman among them, no near kin."""

    members_min: int
    members_max: int
    woman_required: bool
    near_kin_excluded: bool = False


def composition_issues(
    officers: Sequence[Officer], rules: CompositionRules, kinships: Collection[Kinship] = ()
) -> tuple[Issue, ...]:
    """What stands against a committee: its size, no woman, not one chair, confirmed near kin."""
    issues = []
    if not rules.members_min <= len(officers) <= rules.members_max:
        span = f"{rules.members_min}–{rules.members_max}"
        issues.append(
            Issue(
                code="committee_size",
                detail=Text(
                    zh=f"现有成员 {len(officers)} 人，应为 {span} 人。",
                    en=f"It has {len(officers)} members and must have {span}.",
                ),
                remedy=Text(
                    zh="人数不足的，请按程序补选；超出的，下次换届时核减。",
                    en="Hold a by-election for those missing; reduce a surplus at the next term.",
                ),
            )
        )
    if rules.woman_required and not any(officer.sex is Sex.FEMALE for officer in officers):
        issues.append(
            Issue(
                code="committee_without_woman",
                detail=Text(zh="成员中没有女性。", en="There is no woman among its members."),
                remedy=Text(zh="请补选女性成员。", en="Elect a woman in a by-election."),
            )
        )
    chairs = sum(officer.position is Position.CHAIR for officer in officers)
    if chairs != 1:
        issues.append(
            Issue(
                code="committee_chair",
                detail=Text(
                    zh=f"应有主任 1 人，现有 {chairs} 人。",
                    en=f"It must have one chair and has {chairs}.",
                ),
                remedy=Text(zh="请补选主任或更正登记。", en="Elect a chair or mend the record."),
            )
        )
    if rules.near_kin_excluded:
        issues += _near_kin(officers, kinships, confirmed=True)
    return tuple(issues)


def composition_advice(
    officers: Sequence[Officer],
    rules: CompositionRules,
    kinships: Collection[Kinship],
    households: tuple[int, int, int] | None,
) -> tuple[Issue, ...]:
    """What deserves a look but stands against nothing yet: kinship that is only declared, and
    `households` (registered, least, most) outside the usual range (组织法 3)."""
    issues = []
    if rules.near_kin_excluded:
        issues += _near_kin(officers, kinships, confirmed=False)
    if households is not None:
        found, least, most = households
        if not least <= found <= most:
            issues.append(
                Issue(
                    code="committee_households",
                    detail=Text(
                        zh=f"本社区 {found} 户，一般为 {least}–{most} 户。",
                        en=f"The community has {found} households; usual are {least}–{most}.",
                    ),
                    remedy=Text(
                        zh="如需调整规模，由街道提出，报区人民政府批准（组织法 3）。",
                        en="To change its size the street proposes and the district's government "
                        "approves (组织法 3).",
                    ),
                )
            )
    return tuple(issues)


def _near_kin(
    officers: Sequence[Officer], kinships: Collection[Kinship], *, confirmed: bool
) -> list[Issue]:
    names = {officer.id: officer.name for officer in officers if officer.id is not None}
    remedy = (
        Text(
            zh="实行近亲属回避：其中一人应辞职或不再提名。",
            en="Near kin may not both sit: one of them resigns or is not nominated again.",
        )
        if confirmed
        else Text(
            zh="请街道核实并确认或认定不成立。",
            en="The street officer confirms or dismisses the declaration.",
        )
    )
    return [
        Issue(
            code="committee_near_kin" if confirmed else "committee_near_kin_declared",
            detail=Text(
                zh=f"{names[kinship.one]}与{names[kinship.other]}"
                f"{'系近亲属' if confirmed else '申报为近亲属'}。",
                en=f"{names[kinship.one]} and {names[kinship.other]} "
                f"{'are near kin' if confirmed else 'are declared near kin'}.",
            ),
            remedy=remedy,
        )
        for kinship in kinships
        if kinship.confirmed is confirmed and kinship.one in names and kinship.other in names
    ]


def handed_over_late(state: HandoverState, deadline: date, today: date) -> bool:
    """Whether the ten days are over and the work is still not handed over (组织法 25)."""
    return state is HandoverState.DUE and today > deadline
