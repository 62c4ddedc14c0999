"""The table of an election's procedure (组织法 15–25)."""

from collections.abc import Mapping
from enum import StrEnum

from shared.auth.principal import Role
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class State(StrEnum):
    """Where an election stands."""

    RESOLVED = "resolved"
    REGISTERING = "registering"
    ROLL_PUBLISHED = "roll_published"
    ROLL_FROZEN = "roll_frozen"
    CANDIDATES_PUBLISHED = "candidates_published"
    VOTING = "voting"
    COUNTING = "counting"
    UNDECIDED = "undecided"
    SECOND_BALLOT_DUE = "second_ballot_due"
    INVALID = "invalid"
    ELECTED = "elected"
    IN_OFFICE = "in_office"
    CANCELLED = "cancelled"


BEFORE_VOTING = (
    State.RESOLVED,
    State.REGISTERING,
    State.ROLL_PUBLISHED,
    State.ROLL_FROZEN,
    State.CANDIDATES_PUBLISHED,
)
OPEN_ROUND = (State.CANDIDATES_PUBLISHED, State.VOTING, State.COUNTING)
ENDED = (State.ELECTED, State.IN_OFFICE, State.CANCELLED)

_HOLD = frozenset({Role.ELECTION_COMMITTEE})
_OVERSEE = frozenset({Role.STREET_OFFICER, Role.CIVIL_AFFAIRS})

_STATES: Mapping[str, Text] = {
    State.RESOLVED: Text("已决议", "resolved"),
    State.REGISTERING: Text("选民登记", "registering electors"),
    State.ROLL_PUBLISHED: Text("名单已公布", "roll published"),
    State.ROLL_FROZEN: Text("名单已确定", "roll frozen"),
    State.CANDIDATES_PUBLISHED: Text("候选人已公布", "candidates published"),
    State.VOTING: Text("投票中", "voting"),
    State.COUNTING: Text("计票中", "counting"),
    State.UNDECIDED: Text("待决定", "waiting for a decision"),
    State.SECOND_BALLOT_DUE: Text("须另行选举", "second ballot due"),
    State.INVALID: Text("选举无效", "void"),
    State.ELECTED: Text("已选出", "elected"),
    State.IN_OFFICE: Text("已就任", "in office"),
    State.CANCELLED: Text("已取消", "cancelled"),
}
_ACTIONS: Mapping[str, Text] = {
    "registration": Text("开始选民登记", "begin registration"),
    "publication": Text("公布选民名单", "publish the roll"),
    "freeze": Text("确定选民名单", "freeze the roll"),
    "candidacy": Text("公布候选人", "publish the candidates"),
    "opening": Text("开始投票", "open the vote"),
    "closing": Text("结束投票", "close the vote"),
    "election": Text("宣布当选", "declare elected"),
    "question": Text("提请决定", "ask for a decision"),
    "shortfall": Text("宣布缺额", "declare seats vacant"),
    "voiding": Text("宣布选举无效", "declare void"),
    "second_ballot": Text("组织另行选举", "hold a second ballot"),
    "repetition": Text("重新投票", "vote again"),
    "vacancy": Text("缺额结束", "close with vacant seats"),
    "accession": Text("新一届就任", "take office"),
    "postponement": Text("变更选举日", "move election day"),
    "cancellation": Text("取消选举", "cancel"),
}


def _results(state: State) -> tuple[Step, ...]:
    """What a count, or the answer to its question, may lead to."""
    return (
        Step(state, "election", "elected", State.ELECTED, _HOLD),
        Step(state, "question", "left_undecided", State.UNDECIDED, _HOLD),
        Step(state, "shortfall", "fell_short", State.SECOND_BALLOT_DUE, _HOLD),
        Step(state, "voiding", "voided", State.INVALID, _HOLD),
    )


def _anywhere(action: str, act: str, next: State | None, by: frozenset[Role]) -> tuple[Step, ...]:
    states = [state for state in State if state not in ENDED]
    if next is None:
        states = list(BEFORE_VOTING)
    return tuple(Step(state, action, act, next or state, by, True) for state in states)


ELECTION = Procedure(
    "election",
    _STATES,
    _ACTIONS,
    (
        Step(State.RESOLVED, "registration", "registration_begun", State.REGISTERING, _HOLD),
        Step(State.REGISTERING, "publication", "roll_published", State.ROLL_PUBLISHED, _HOLD),
        Step(State.ROLL_PUBLISHED, "freeze", "roll_frozen", State.ROLL_FROZEN, _HOLD),
        Step(
            State.ROLL_FROZEN,
            "candidacy",
            "candidates_published",
            State.CANDIDATES_PUBLISHED,
            _HOLD,
        ),
        Step(
            State.CANDIDATES_PUBLISHED,
            "candidacy",
            "candidates_published",
            State.CANDIDATES_PUBLISHED,
            _HOLD,
        ),
        Step(State.CANDIDATES_PUBLISHED, "opening", "opened", State.VOTING, _HOLD),
        Step(State.VOTING, "closing", "closed", State.COUNTING, _HOLD),
        *_results(State.COUNTING),
        *_results(State.UNDECIDED),
        Step(
            State.SECOND_BALLOT_DUE,
            "second_ballot",
            "second_ballot_set",
            State.CANDIDATES_PUBLISHED,
            _HOLD,
        ),
        Step(State.SECOND_BALLOT_DUE, "vacancy", "left_vacant", State.ELECTED, _HOLD, True),
        Step(State.INVALID, "repetition", "repeated", State.CANDIDATES_PUBLISHED, _HOLD, True),
        Step(State.ELECTED, "accession", "acceded", State.IN_OFFICE, _HOLD),
        *_anywhere("postponement", "election_day_moved", None, _HOLD),
        *_anywhere("cancellation", "cancelled", State.CANCELLED, _HOLD | _OVERSEE),
    ),
)
"""A step is possible when nothing blocks it (`blockers`). The residents' election committee holds
the election; the offices that oversee it may only cancel it, with the reason."""
