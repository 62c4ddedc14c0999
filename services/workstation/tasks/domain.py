"""The table of a task, and when it needs a reminder or the street's eye. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.auth.principal import Role
from shared.kernel.text import Text
from shared.kernel.working_days import UnknownYear, WorkingDays
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
CLERKS_TURN = frozenset({_S.RECEIVED, _S.ACCEPTED, _S.IN_PROGRESS, _S.SENT_BACK})


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


@dataclass(frozen=True, slots=True)
class Watched:
    """What the watch over a task needs: the last day of its present step and of the task."""

    state: TaskState
    due_on: date | None
    deadline: date

    @property
    def next_due(self) -> date:
        """The earlier of the two days that the one whose turn it is must keep."""
        if self.state is TaskState.SUBMITTED:
            return self.due_on or self.deadline
        return min(self.due_on or self.deadline, self.deadline)


def is_overdue(task: Watched, today: date) -> bool:
    """Whether the street is to look at it: its day has passed and it has not ended."""
    return task.state not in ENDED and task.next_due < today


def needs_reminder(task: Watched, today: date, calendar: WorkingDays, days: int) -> bool:
    """Whether its day is at most so many working days ahead (where next year's are not known yet,
    weekdays ahead)."""
    if task.state in ENDED or is_overdue(task, today):
        return False
    try:
        return calendar.between(today, task.next_due) <= days
    except UnknownYear:
        return (task.next_due - today).days <= days
