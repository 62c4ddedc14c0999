"""Write use cases of tasks: their steps, one by one or many at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding import public as funding
from services.workstation.ledger import public as ledger
from services.workstation.tasks import repository
from services.workstation.tasks.assisting import cancel_open
from services.workstation.tasks.domain import (
    ENDED,
    TASK,
    TaskState,
    figures_faults,
    next_due_on,
)
from services.workstation.tasks.models import Evidence, Task, TaskDispatch
from shared.auth.policy import Reach
from shared.contracts.subscriptions import TASK_CONCLUDED
from shared.contracts.work import TaskConcluded
from shared.events.outbox import emit
from shared.kernel.errors import DomainError, Invalid, NotFound
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take

MOVING_MONEY = frozenset({"approval", "return", "withdrawal"})
Outcome = Literal["released", "freed"]


@dataclass(frozen=True, slots=True)
class Said:
    """What comes with a step: the reason, and at a submission its result and figures."""

    reason: str | None = None
    result: str | None = None
    figures: Mapping[str, Any] | None = None


async def step(act: Act, reach: Reach, id: UUID, action: str, said: Said) -> None:
    """Take one step of one task. Raises NotFound when it is out of reach, and what `take_step`
    raises."""
    task = await repository.locked_task(act.session, reach, id)
    await take_step(act, task, action, said)


async def steps(
    act: Act, reach: Reach, ids: Sequence[UUID], action: str, said: Said
) -> dict[UUID, Task | DomainError]:
    """Take the same step of several tasks: each one succeeds or fails for itself.

    Whoever else acts on several locks in the same order, first tasks, then items' money, then what
    the ledger says of a community, so that nobody waits for another in a circle.
    """
    tasks = await repository.locked_tasks(act.session, reach, ids)
    found: dict[UUID, Task | DomainError] = dict.fromkeys(ids, NotFound())
    if action in MOVING_MONEY:
        await funding.lock_items(act.session, await repository.items_of(act.session, tasks))
    for task in sorted(tasks, key=lambda one: (one.community_id, one.id)):
        try:
            async with act.session.begin_nested():
                await take_step(act, task, action, said)
            found[task.id] = task
        except DomainError as error:
            await act.session.refresh(task)
            found[task.id] = error
    return found


async def take_step(act: Act, task: Task, action: str, said: Said) -> None:
    """Take a step of a locked task; its money follows where the step ends it.

    Raises what its table refuses, and Invalid for a submission with nothing to show or with other
    figures than were asked for.
    """
    row = TASK.step(task.state, action, by=act.roles, reason=said.reason)
    if action == "submission":
        await _submit(act, task, said)
    ends = row.next in ENDED
    if ends:
        task.concluded_on = act.today
    task.reminded_at = task.escalated_at = None
    await take(
        act.session, act.actor, TASK, task, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=said.reason,
    )  # fmt: skip
    if ends:
        await _settle(act, task)
    else:
        task.next_due_on = next_due_on(TaskState(task.state), task.due_on, task.deadline)
    await act.session.flush()


async def _submit(act: Act, task: Task, said: Said) -> None:
    session = act.session
    task.result = said.result or task.result
    task.figures = dict(said.figures) if said.figures is not None else task.figures
    dispatch = await session.get_one(TaskDispatch, (task.district, task.dispatch_id))
    task.submitted_on = act.today
    figures = task.figures or {}
    faults = figures_faults(dispatch.elements, figures)
    faults += await ledger.figure_issues(
        session, figures=figures, department_id=task.department_id, on=act.today
    )
    shown = await session.scalar(
        select(func.count())
        .select_from(Evidence)
        .where(Evidence.task_id == task.id, Evidence.withdrawn_at.is_(None))
    )
    if not shown and not task.result:
        faults.insert(0, _NOTHING_TO_SHOW)
    if faults:
        raise Invalid(issues=faults)


async def _settle(act: Act, task: Task) -> None:
    if task.state == TaskState.CLOSED:
        await funding.release(act.session, act.actor, task_id=task.id, on=act.today)
        await _enter_figures(act, task)
        outcome: Outcome = "released"
    else:
        await funding.cancel_reservation(act.session, act.actor, task_id=task.id, on=act.today)
        outcome = "freed"
    await cancel_open(act, task)
    dispatch = await act.session.get_one(TaskDispatch, (task.district, task.dispatch_id))
    told = TaskConcluded(
        task_id=task.id,
        dispatch_id=task.dispatch_id,
        item_id=dispatch.item_id,
        community_id=task.community_id,
        outcome=outcome,
        amount=task.amount,
        concluded_on=act.today,
    )
    await tell_concluded(act.session, task.district, [told])


async def _enter_figures(act: Act, task: Task) -> None:
    """What the work has shown is entered in the ledger once its department has accepted it, for
    the period of the day on which it was submitted."""
    if task.figures:
        await ledger.record_from_task(
            act.session,
            act.actor,
            task_id=task.id,
            community_id=task.community_id,
            department_id=task.department_id,
            figures=task.figures,
            on=task.submitted_on or act.today,
            today=act.today,
        )


async def tell_concluded(
    session: AsyncSession, district: str, concluded: Collection[TaskConcluded]
) -> None:
    """Tell the gateway what became of tasks' money."""
    for told in concluded:
        await emit(
            session,
            district=district,
            type=TASK_CONCLUDED,
            subject=f"item/{told.item_id}",
            data=told.model_dump(mode="json"),
        )


_NOTHING_TO_SHOW = Issue(
    code="evidence_missing",
    pointer="/result",
    detail=Text(
        zh="没有办理结果，也没有佐证材料。", en="There is neither a result nor any evidence."
    ),
    remedy=Text(
        zh="请填写 result，或先用 POST /v1/workstation/tasks/{id}/evidence 上传佐证材料。",
        en="Give the result, or add evidence first (POST /v1/workstation/tasks/{id}/evidence).",
    ),
)
