"""The tables of a task and of a request for assistance, and whose turn it is until when. Pure."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from shared.auth.principal import Role
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class TaskState(StrEnum):
    """States of a task."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    CLOSED = "closed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


_CLERK = frozenset({Role.WORKSTATION_STAFF})
_DEPARTMENT = frozenset({Role.DEPARTMENT})
_S = TaskState
_REVIEW = "tasks.review_working_days"
TASK = Procedure(
    name="task",
    states={
        _S.RECEIVED: Text("待接收", "received"),
        _S.ACCEPTED: Text("已接收", "accepted"),
        _S.IN_PROGRESS: Text("办理中", "in progress"),
        _S.SUBMITTED: Text("待验收", "submitted"),
        _S.SENT_BACK: Text("退回重办", "sent back"),
        _S.CLOSED: Text("已验收", "closed"),
        _S.RETURNED: Text("退回部门", "returned"),
        _S.WITHDRAWN: Text("部门撤回", "withdrawn"),
    },
    actions={
        "acceptance": Text("接收", "accept"),
        "return": Text("退回部门", "return"),
        "start": Text("开始办理", "start"),
        "submission": Text("提交验收", "submit"),
        "recall": Text("撤回提交", "recall"),
        "approval": Text("验收通过", "approve"),
        "sending_back": Text("退回重办", "send back"),
        "withdrawal": Text("撤回任务", "withdraw"),
    },
    steps=(
        Step(_S.RECEIVED, "acceptance", "accepted", _S.ACCEPTED, _CLERK),
        Step(_S.RECEIVED, "return", "returned", _S.RETURNED, _CLERK, reason=True),
        Step(_S.ACCEPTED, "start", "started", _S.IN_PROGRESS, _CLERK),
        Step(_S.IN_PROGRESS, "submission", "submitted", _S.SUBMITTED, _CLERK, limit=_REVIEW),
        Step(_S.SENT_BACK, "submission", "submitted", _S.SUBMITTED, _CLERK, limit=_REVIEW),
        Step(_S.SUBMITTED, "recall", "recalled", _S.IN_PROGRESS, _CLERK),
        Step(_S.SUBMITTED, "approval", "approved", _S.CLOSED, _DEPARTMENT),
        Step(
            _S.SUBMITTED, "sending_back", "sent_back", _S.SENT_BACK, _DEPARTMENT, reason=True,
            limit="tasks.resubmit_working_days",
        ),
        Step(_S.RECEIVED, "withdrawal", "withdrawn", _S.WITHDRAWN, _DEPARTMENT, reason=True),
        Step(_S.ACCEPTED, "withdrawal", "withdrawn", _S.WITHDRAWN, _DEPARTMENT, reason=True),
        Step(_S.IN_PROGRESS, "withdrawal", "withdrawn", _S.WITHDRAWN, _DEPARTMENT, reason=True),
        Step(_S.SENT_BACK, "withdrawal", "withdrawn", _S.WITHDRAWN, _DEPARTMENT, reason=True),
    ),
)  # fmt: skip
ENDED = frozenset({_S.CLOSED, _S.RETURNED, _S.WITHDRAWN})
IN_WORK = frozenset({_S.ACCEPTED, _S.IN_PROGRESS, _S.SENT_BACK})
DEPARTMENTS_ACTIONS = frozenset({"approval", "sending_back", "withdrawal"})


class Turn(StrEnum):
    """Whose turn it is."""

    COMMUNITY = "community"
    DEPARTMENT = "department"


def turn_of(state: TaskState) -> Turn | None:
    """Who is to act next; nobody once it has ended."""
    if state in ENDED:
        return None
    return Turn.DEPARTMENT if state is _S.SUBMITTED else Turn.COMMUNITY


def next_due_on(state: TaskState, due_on: date | None, deadline: date) -> date:
    """The day that the one whose turn it is must keep. `due_on` is the last day of the present
    step where that has a limit of its own, `deadline` that of the work.

    A review has its own limit, and work that is sent back the days granted for mending it,
    whatever is left until the deadline: a late review is not the community's delay.
    """
    if due_on is None:
        return deadline
    return due_on if state in {_S.SUBMITTED, _S.SENT_BACK} else min(due_on, deadline)


def is_overdue(state: TaskState, due_on: date, today: date) -> bool:
    """Whether the day it is due on has passed and it has not ended."""
    return state not in ENDED and due_on < today


def figures_faults(elements: Collection[str], figures: Mapping[str, Any]) -> list[Issue]:
    """What is wrong with the figures of a submission: a task reports a figure for each ledger
    element of its dispatch, and no other."""
    faults = [
        Issue(
            code="element_not_asked",
            pointer=f"/figures/{_escaped(code)}",
            detail=Text(
                zh=f"本任务没有要求数据项 {code}。", en=f"The task does not ask for element {code}."
            ),
            remedy=Text(
                zh=f"请去掉它。本任务的数据项：{'、'.join(elements) or '无'}。",
                en=f"Leave it out. The task's elements: {', '.join(elements) or 'none'}.",
            ),
        )
        for code in figures
        if code not in elements
    ]
    faults += [
        Issue(
            code="figure_missing",
            pointer=f"/figures/{_escaped(code)}",
            detail=Text(
                zh=f"缺少数据项 {code} 的数值。", en=f"There is no figure for element {code}."
            ),
            remedy=Text(
                zh="请在 figures 中填写，数据只报这一次，以后由台账提供。",
                en="Give it in `figures`: it is reported this once, and the ledger has it then.",
            ),
        )
        for code in elements
        if code not in figures
    ]
    return faults


def _escaped(code: str) -> str:
    return code.replace("~", "~0").replace("/", "~1")


class AssistanceState(StrEnum):
    """States of a request to the residents' committee."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


_MEMBER = frozenset({Role.COMMITTEE_MEMBER})
_A = AssistanceState
ASSISTANCE = Procedure(
    name="assistance",
    states={
        _A.ASKED: Text("待答复", "asked"),
        _A.ACCEPTED: Text("同意协助", "accepted"),
        _A.DECLINED: Text("不予协助", "declined"),
        _A.COMPLETED: Text("已协助", "completed"),
        _A.CANCELLED: Text("已取消", "cancelled"),
    },
    actions={
        "acceptance": Text("同意协助", "accept"),
        "declining": Text("不予协助", "decline"),
        "completion": Text("完成协助", "complete"),
        "cancellation": Text("取消请求", "cancel"),
    },
    steps=(
        Step(_A.ASKED, "acceptance", "accepted", _A.ACCEPTED, _MEMBER),
        Step(_A.ASKED, "declining", "declined", _A.DECLINED, _MEMBER),
        Step(_A.ACCEPTED, "completion", "completed", _A.COMPLETED, _MEMBER),
        Step(_A.ASKED, "cancellation", "cancelled", _A.CANCELLED, _CLERK),
        Step(_A.ACCEPTED, "cancellation", "cancelled", _A.CANCELLED, _CLERK),
    ),
)
OPEN_ASSISTANCE = frozenset({_A.ASKED, _A.ACCEPTED})
