"""The task's table walked by chance, and whose turn it is until when."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.workstation.tasks.domain import (
    ASSISTANCE,
    ENDED,
    TASK,
    AssistanceState,
    TaskState,
    Turn,
    figures_faults,
    is_overdue,
    next_due_on,
    turn_of,
)
from shared.auth.principal import Role
from shared.kernel.errors import Conflict, DomainError, Forbidden, Invalid

ROLES = st.sampled_from(list(Role))
REASONS = st.sampled_from([None, "", "  ", "名单有误"])
CLERK, DEPARTMENT = Role.WORKSTATION_STAFF, Role.DEPARTMENT


class ATasksCourse(RuleBasedStateMachine):
    """Anybody tries anything at any time; what is taken is remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.state: str = TaskState.RECEIVED
        self.course: list[tuple[str, Role, str | None]] = []

    @rule(action=st.sampled_from(sorted(TASK.actions)), role=ROLES, reason=REASONS)
    def attempt(self, action: str, role: Role, reason: str | None) -> None:
        try:
            step = TASK.step(self.state, action, by=[role], reason=reason)
        except DomainError:
            return
        self.state = step.next
        self.course.append((action, role, reason))

    @precondition(lambda self: self.state in ENDED)
    @rule(action=st.sampled_from(sorted(TASK.actions)), role=ROLES)
    def nothing_follows_the_end(self, action: str, role: Role) -> None:
        with pytest.raises(Conflict):
            TASK.step(self.state, action, by=[role], reason="理由")

    @invariant()
    def no_required_step_is_passed(self) -> None:
        actions = [action for action, _, _ in self.course]
        if self.state == TaskState.CLOSED:
            for before, after in (
                ("acceptance", "start"),
                ("start", "submission"),
                ("submission", "approval"),
            ):
                assert actions.index(before) < actions.index(after)
            assert actions[-2:] == ["submission", "approval"]
        if self.state == TaskState.RETURNED:
            assert actions == ["return"]
        if self.state == TaskState.WITHDRAWN:
            assert "approval" not in actions
            assert actions[-1] == "withdrawal"

    @invariant()
    def each_step_was_taken_by_whom_it_belongs_to(self) -> None:
        for action, role, reason in self.course:
            departments = action in {"approval", "sending_back", "withdrawal"}
            assert role is (DEPARTMENT if departments else CLERK)
            if action in {"return", "sending_back", "withdrawal"}:
                assert reason
                assert reason.strip()


TestATasksCourse = ATasksCourse.TestCase


@given(
    role=ROLES,
    action=st.sampled_from(sorted(ASSISTANCE.actions)),
    state=st.sampled_from(list(AssistanceState)),
)
def test_only_the_committee_answers_what_it_is_asked(
    role: Role, action: str, state: AssistanceState
) -> None:
    try:
        ASSISTANCE.step(state, action, by=[role], reason=None)
    except (Conflict, Forbidden):
        return
    wanted = CLERK if action == "cancellation" else Role.COMMITTEE_MEMBER
    assert role is wanted


def test_a_committee_may_decline_without_saying_why() -> None:
    step = ASSISTANCE.step("asked", "declining", by=[Role.COMMITTEE_MEMBER], reason=None)
    assert step.next == AssistanceState.DECLINED


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_a_return_without_a_reason_is_not_taken(reason: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        TASK.step("received", "return", by=[CLERK], reason=reason)
    assert [issue.pointer for issue in refused.value.issues] == ["/reason"]


DAY = date(2026, 3, 2)
DAYS = st.integers(-200, 200).map(lambda n: DAY + timedelta(n))


@given(state=st.sampled_from(list(TaskState)), due_on=st.none() | DAYS, deadline=DAYS)
def test_who_must_act_has_until_the_step_or_the_work_is_due(
    state: TaskState, due_on: date | None, deadline: date
) -> None:
    found = next_due_on(state, due_on, deadline)
    assert found in {due_on, deadline}
    if due_on is not None and state is TaskState.RECEIVED:
        assert found <= deadline
    if due_on is not None and state in {TaskState.SUBMITTED, TaskState.SENT_BACK}:
        assert found == due_on


def test_work_sent_back_after_its_deadline_has_the_days_granted_for_it() -> None:
    granted = DAY + timedelta(7)
    assert next_due_on(TaskState.SENT_BACK, granted, DAY - timedelta(1)) == granted
    assert not is_overdue(TaskState.SENT_BACK, granted, DAY)


@given(state=st.sampled_from(list(TaskState)), due_on=DAYS, today=DAYS)
def test_only_what_has_not_ended_is_overdue(state: TaskState, due_on: date, today: date) -> None:
    assert is_overdue(state, due_on, today) == (turn_of(state) is not None and due_on < today)


def test_a_submitted_task_waits_for_its_department() -> None:
    assert turn_of(TaskState.SUBMITTED) is Turn.DEPARTMENT
    assert turn_of(TaskState.SENT_BACK) is Turn.COMMUNITY
    assert turn_of(TaskState.CLOSED) is None


CODES = st.sets(st.sampled_from(["a", "b", "c/d", "e~f"]))


@given(asked=CODES, given_=CODES)
def test_figures_are_those_that_were_asked_for(asked: set[str], given_: set[str]) -> None:
    faults = figures_faults(sorted(asked), dict.fromkeys(given_, 1))
    found = {(fault.code, fault.pointer) for fault in faults}

    def pointer(code: str) -> Any:
        return f"/figures/{code.replace('~', '~0').replace('/', '~1')}"

    assert found == {
        *(("element_not_asked", pointer(code)) for code in given_ - asked),
        *(("figure_missing", pointer(code)) for code in asked - given_),
    }
