"""Assistance asked of the residents' committee, which may decline (组织法 43)."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.workstation.tasks.domain import (
    ASSISTANCE,
    IN_WORK,
    OPEN_ASSISTANCE,
    TASK,
    AssistanceState,
)
from services.workstation.tasks.models import Assistance, Task
from shared.audit.record import Actor, record
from shared.auth.policy import Place, Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take


async def ask(act: Act, task: Task, *, request: str, wanted_by: date) -> Assistance:
    """Ask the community's committee for help with a locked task. Raises Conflict when it is not
    being worked on, Invalid for a day that has passed."""
    require_in_work(task)
    if wanted_by < act.today:
        raise Invalid(issues=(_PASSED,))
    made = Assistance(
        district=act.actor.district,
        id=new_id(),
        task_id=task.id,
        community_id=task.community_id,
        request=request,
        wanted_by=wanted_by,
        state=AssistanceState.ASKED.value,
    )
    act.session.add(made)
    await act.session.flush()
    after = {"task": str(task.id), "wanted_by": wanted_by.isoformat()}
    await record(act.session, act.actor, "assistance.asked", ("assistance", made.id), after=after)
    return made


async def answer(act: Act, reach: Reach, id: UUID, action: str, reply: str | None) -> None:
    """The committee accepts, declines or completes a request. Raises NotFound out of reach, and
    what its table refuses."""
    found = await _locked(act, reach, id)
    found.reply = reply or found.reply
    await take(
        act.session, act.actor, ASSISTANCE, found, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reply,
    )  # fmt: skip


async def cancel(act: Act, reach: Reach, id: UUID, reason: str) -> None:
    """The workstation takes a request back. Raises as `answer`."""
    found = await _locked(act, reach, id)
    await take(
        act.session, act.actor, ASSISTANCE, found, "cancellation",
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason,
    )  # fmt: skip


async def _locked(act: Act, reach: Reach, id: UUID) -> Assistance:
    found = await act.session.scalar(
        select(Assistance).where(Assistance.id == id).with_for_update()
    )
    if found is None:
        raise NotFound
    reach.require(Place(community=found.community_id))
    return found


async def cancel_open(act: Act, task: Task) -> None:
    """Take back what is still asked for a task that has ended."""
    query = (
        select(Assistance)
        .where(Assistance.task_id == task.id, Assistance.state.in_(OPEN_ASSISTANCE))
        .order_by(Assistance.id)
        .with_for_update()
    )
    ended = Text(f"任务{TASK.states[task.state].zh}", f"The task is {TASK.states[task.state].en}")
    for found in await act.session.scalars(query):
        await take(
            act.session, Actor.platform(task.district), ASSISTANCE, found, "cancellation",
            by=None, rulebook=act.rulebook, today=act.today, reason=ended.zh,
        )  # fmt: skip


def require_in_work(task: Task) -> None:
    """Raises Conflict when nobody works on it: before it is accepted, and after it is submitted."""
    if task.state not in IN_WORK:
        state = TASK.states[task.state]
        raise Conflict(
            code="task_not_in_work",
            detail=Text(
                zh=f"任务当前状态是“{state.zh}”，接收之后、提交之前才能办理此项。如已提交，可先撤回提交。",
                en=f"The task is “{state.en}”; this is done after it is accepted and before it is "
                "submitted. Recall it first if it was submitted.",
            ),
        )


_PASSED = Issue(
    code="day_passed",
    pointer="/wanted_by",
    detail=Text(zh="希望完成的日期已过。", en="The day by which it is wanted has passed."),
    remedy=Text(zh="请填写今天或以后的日期。", en="Give today or a later day."),
)
