"""Recall petitions and votes, resignations: who may ask, how many must, what the votes decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from services.committee.elections.public.words import Form, exceeds, reaches
from shared.auth.principal import Role
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class Basis(StrEnum):
    """Who petitions together (组织法 20): electors, household representatives, or residents'
    representatives."""

    ELECTORS = "electors"
    HOUSEHOLDS = "households"
    REPRESENTATIVES = "representatives"


class SignatureState(StrEnum):
    """What became of a signature."""

    ENTERED = "entered"
    VERIFIED = "verified"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RecallState(StrEnum):
    """States of a recall."""

    COLLECTING = "collecting"
    SUBMITTED = "submitted"
    DEFENCE = "defence"
    DEFENDED = "defended"
    ANNOUNCED = "announced"
    RECALLED = "recalled"
    RETAINED = "retained"
    INVALID = "invalid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


_HOSTS = frozenset({Role.ELECTION_COMMITTEE, Role.SUPERVISOR})
_PETITIONERS = _HOSTS | {Role.RESIDENT, Role.REPRESENTATIVE}
_HOLD = frozenset({Role.ELECTION_COMMITTEE})
_MEMBER = frozenset({Role.COMMITTEE_MEMBER})
_R = RecallState
OPEN = (_R.COLLECTING, _R.SUBMITTED, _R.DEFENCE, _R.DEFENDED, _R.ANNOUNCED)
PUBLISHED = (_R.DEFENCE, _R.DEFENDED, _R.ANNOUNCED, _R.RECALLED, _R.RETAINED, _R.INVALID)
RECALL = Procedure(
    name="recall",
    states={
        _R.COLLECTING: Text("征集联名", "collecting signatures"),
        _R.SUBMITTED: Text("已提出，待审核", "submitted"),
        _R.DEFENCE: Text("等待申辩", "waiting for the defence"),
        _R.DEFENDED: Text("已申辩或逾期未申辩", "defended"),
        _R.ANNOUNCED: Text("已公告投票", "vote announced"),
        _R.RECALLED: Text("罢免通过", "recalled"),
        _R.RETAINED: Text("罢免未通过", "retained"),
        _R.INVALID: Text("投票无效", "vote invalid"),
        _R.REFUSED: Text("不予受理", "refused"),
        _R.WITHDRAWN: Text("已撤回", "withdrawn"),
        _R.LAPSED: Text("职务已终止，程序终结", "lapsed"),
    },
    actions={
        "submission": Text("提出罢免要求", "submit"),
        "acceptance": Text("受理", "accept"),
        "refusal": Text("不予受理", "refuse"),
        "defence": Text("申辩", "defend"),
        "no_defence": Text("逾期未申辩", "go on without a defence"),
        "announcement": Text("公告投票", "announce the vote"),
        "recall": Text("罢免通过", "recall"),
        "retention": Text("罢免未通过", "retain"),
        "invalidity": Text("投票无效", "declare the vote invalid"),
        "withdrawal": Text("撤回", "withdraw"),
        "lapse": Text("程序终结", "lapse"),
    },
    steps=(
        Step(
            _R.COLLECTING, "submission", "submitted", _R.SUBMITTED, _PETITIONERS,
            limit="recalls.examine_working_days",
        ),
        Step(
            _R.SUBMITTED, "acceptance", "accepted", _R.DEFENCE, _HOLD,
            limit="recalls.defence_working_days",
        ),
        Step(_R.SUBMITTED, "refusal", "refused", _R.REFUSED, _HOLD, reason=True),
        Step(
            _R.DEFENCE, "defence", "defended", _R.DEFENDED, _MEMBER,
            limit="recalls.vote_working_days",
        ),
        Step(
            _R.DEFENCE, "no_defence", "not_defended", _R.DEFENDED, _HOLD,
            limit="recalls.vote_working_days",
        ),
        Step(_R.DEFENDED, "announcement", "announced", _R.ANNOUNCED, _HOLD),
        Step(_R.ANNOUNCED, "recall", "recalled", _R.RECALLED, _HOLD),
        Step(_R.ANNOUNCED, "retention", "retained", _R.RETAINED, _HOLD),
        Step(_R.ANNOUNCED, "invalidity", "invalid", _R.INVALID, _HOLD),
        Step(_R.COLLECTING, "withdrawal", "withdrawn", _R.WITHDRAWN, _PETITIONERS, reason=True),
        Step(_R.SUBMITTED, "withdrawal", "withdrawn", _R.WITHDRAWN, _PETITIONERS, reason=True),
        *(Step(state, "lapse", "lapsed", _R.LAPSED) for state in OPEN),
    ),
)  # fmt: skip


class ResignationState(StrEnum):
    """States of a resignation."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_S = ResignationState
_DECIDERS = _MEMBER | {Role.SUPERVISOR}
RESIGNATION = Procedure(
    name="resignation",
    states={
        _S.SUBMITTED: Text("已申请，待会议审议", "waits for the meeting"),
        _S.ACCEPTED: Text("会议审议通过", "accepted by the meeting"),
        _S.REFUSED: Text("会议未通过", "not accepted by the meeting"),
        _S.WITHDRAWN: Text("已撤回", "withdrawn"),
    },
    actions={
        "acceptance": Text("登记会议通过", "record the meeting's acceptance"),
        "refusal": Text("登记会议未通过", "record the meeting's refusal"),
        "withdrawal": Text("撤回", "withdraw"),
    },
    steps=(
        Step(_S.SUBMITTED, "acceptance", "accepted", _S.ACCEPTED, _DECIDERS),
        Step(_S.SUBMITTED, "refusal", "refused", _S.REFUSED, _DECIDERS),
        Step(_S.SUBMITTED, "withdrawal", "withdrawn", _S.WITHDRAWN, _MEMBER, reason=True),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Roll:
    """How many there are: electors, households with a representative, residents' representatives;
    None where nobody counted them."""

    electors: int | None
    households: int | None
    representatives: int | None

    def petitioners(self, basis: Basis) -> int | None:
        """Of how many a share must sign."""
        return {
            Basis.ELECTORS: self.electors,
            Basis.HOUSEHOLDS: self.households,
            Basis.REPRESENTATIVES: self.representatives,
        }[basis]

    def voters(self, form: Form) -> int | None:
        """Of how many a share must vote."""
        return {
            Form.ALL_ELECTORS: self.electors,
            Form.HOUSEHOLD_REPRESENTATIVES: self.households,
            Form.RESIDENT_REPRESENTATIVES: self.representatives,
        }[form]


@dataclass(frozen=True, slots=True)
class Rules:
    """Shares of 组织法 20."""

    petition: Mapping[Basis, Fraction]
    turnout: Mapping[Form, Fraction]
    majority: Fraction


def needed_signatures(of: int, share: Fraction) -> int:
    """The fewest signatures that are the share: a tenth of 95 are 10."""
    return -(-of * share.numerator // share.denominator)


def petition_issues(valid: int, of: int, share: Fraction) -> tuple[Issue, ...]:
    """Whether enough have signed; the share itself is enough (组织法 20: 以上)."""
    if reaches(valid, share, of) and valid > 0:
        return ()
    needed = max(1, needed_signatures(of, share))
    return (
        Issue(
            code="too_few_signatures",
            detail=Text(
                zh=f"有效联名 {valid} 人，至少需要 {needed} 人（{of} 的 {share}）。",
                en=f"{valid} valid signatures; {needed} are needed ({share} of {of}).",
            ),
            remedy=Text(
                zh="请继续征集，或核实尚未核实的联名。",
                en="Collect more, or have those verified that wait for it.",
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class Count:
    """The ballots of a recall: handed out, received, and what they say."""

    issued: int
    received: int
    in_favour: int
    against: int
    void: int


def count_issues(count: Count, voters: int) -> tuple[Issue, ...]:
    """Where a count does not add up."""
    issues = []
    if count.received > count.issued or count.issued > voters:
        issues.append(
            Issue(
                code="ballots_do_not_add_up",
                pointer="/received",
                detail=Text(
                    zh=f"应投 {voters} 人，发出 {count.issued} 张，收回 {count.received} 张：收回不能"
                    "多于发出，发出不能多于应投。",
                    en=f"{voters} voters, {count.issued} ballots handed out, {count.received} "
                    "received: there cannot be more received than handed out, nor more handed out "
                    "than voters.",
                ),
                remedy=Text(zh="请重新清点。", en="Count them again."),
            )
        )
    if count.in_favour + count.against + count.void != count.received:
        issues.append(
            Issue(
                code="votes_do_not_add_up",
                pointer="/in_favour",
                detail=Text(
                    zh=f"赞成、反对、无效票之和应为收回的 {count.received} 张。",
                    en=f"For, against and void must add up to the {count.received} received.",
                ),
                remedy=Text(zh="请重新计票。", en="Count the votes again."),
            )
        )
    return tuple(issues)


def decide(count: Count, form: Form, voters: int, rules: Rules) -> RecallState:
    """What the votes decide: enough must have voted, and more than half of them for it (组织法 20).

    Who votes for neither, or spoils the ballot, has voted.
    """
    if not exceeds(count.received, rules.turnout[form], voters):
        return RecallState.INVALID
    if exceeds(count.in_favour, rules.majority, count.received):
        return RecallState.RECALLED
    return RecallState.RETAINED


def defence_is_over(due_on: date | None, today: date) -> bool:
    """Whether the days for the defence have passed."""
    return due_on is not None and today > due_on
