"""Write use cases of tasks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding import public as funding
from services.workstation.registry.public import Community
from services.workstation.tasks.domain import ASSISTANCE, TASK, AssistanceState, TaskState
from services.workstation.tasks.models import Assistance, Evidence, Task, TaskDispatch
from shared.audit.record import Actor, record
from shared.auth.policy import Place, Reach
from shared.auth.principal import Role
from shared.contracts.subscriptions import TASK_CONCLUDED
from shared.contracts.work import TaskConcluded
from shared.events.outbox import emit
from shared.files.checking import CheckedFile
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.rulebook import Rulebook

FREED = frozenset({TaskState.RETURNED, TaskState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Doing:
    """Who acts, under which rules, and on which day."""

    actor: Actor
    roles: Collection[Role]
    rulebook: Rulebook
    today: date


async def locked_task(session: AsyncSession, reach: Reach, id: UUID) -> Task:
    """A task under a row lock. Raises NotFound when it is out of reach."""
    found = await session.scalar(select(Task).where(Task.id == id).with_for_update())
    if found is None:
        raise NotFound
    street = await session.scalar(
        select(Community.street_id).where(Community.id == found.community_id)
    )
    reach.require(
        Place(street=street, community=found.community_id, department=found.department_id)
    )
    return found


async def act(
    session: AsyncSession,
    doing: Doing,
    task: Task,
    action: str,
    *,
    reason: str | None = None,
    result: str | None = None,
    figures: Mapping[str, Any] | None = None,
) -> None:
    """Take a step of a locked task; its money follows where the step ends it.

    Raises what the table refuses, and Invalid for a submission with nothing to show.
    """
    TASK.step(task.state, action, by=doing.roles, reason=reason)
    if action == "submission":
        await _require_something_to_show(session, task, result)
        task.result = result or task.result
        task.figures = dict(figures) if figures else task.figures
    task.reminded_at = task.escalated_at = None
    await take(
        session, doing.actor, TASK, task, action,
        by=doing.roles, rulebook=doing.rulebook, today=doing.today, reason=reason,
    )  # fmt: skip
    if task.state == TaskState.CLOSED:
        await funding.release(session, doing.actor, task_id=task.id, on=doing.today)
        await _conclude(session, task, "released", doing.today)
    elif task.state in FREED:
        await funding.cancel_reservation(session, doing.actor, task_id=task.id, on=doing.today)
        await _conclude(session, task, "freed", doing.today)


async def _conclude(session: AsyncSession, task: Task, outcome: Any, today: date) -> None:
    task.concluded_on = today
    item_id = await session.scalar(
        select(TaskDispatch.item_id).where(TaskDispatch.id == task.dispatch_id)
    )
    assert item_id is not None
    told = TaskConcluded(
        task_id=task.id,
        dispatch_id=task.dispatch_id,
        item_id=item_id,
        community_id=task.community_id,
        outcome=outcome,
        amount=task.amount,
        concluded_on=today,
    )
    await emit(
        session,
        district=task.district,
        type=TASK_CONCLUDED,
        subject=f"item/{item_id}",
        data=told.model_dump(mode="json"),
    )


async def _require_something_to_show(session: AsyncSession, task: Task, result: str | None) -> None:
    shown = await session.scalar(
        select(func.count()).select_from(Evidence).where(Evidence.task_id == task.id)
    )
    if not shown and not result and not task.result:
        raise Invalid(
            issues=(
                Issue(
                    code="evidence_missing",
                    pointer="/result",
                    detail=Text(
                        zh="没有办理结果，也没有佐证材料。",
                        en="There is neither result nor evidence.",
                    ),
                    remedy=Text(
                        zh="请填写 result，或先上传佐证材料。",
                        en="Give the result, or upload evidence first.",
                    ),
                ),
            )
        )


async def add_evidence(
    session: AsyncSession, actor: Actor, task: Task, file: CheckedFile, id: UUID, sha256: str
) -> Evidence:
    """Add a stored file to a locked task that is being worked on. Raises Conflict otherwise."""
    if task.state not in {TaskState.ACCEPTED, TaskState.IN_PROGRESS, TaskState.SENT_BACK}:
        raise Conflict(
            code="task_not_in_work",
            detail=Text(
                zh=f"任务当前状态是“{TASK.states[task.state].zh}”，办理中才能添加佐证材料。",
                en=f"The task is “{TASK.states[task.state].en}”; evidence is added while it is "
                "being worked on.",
            ),
        )
    made = Evidence(
        district=actor.district,
        id=id,
        task_id=task.id,
        name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        sha256=sha256,
        scanned=file.scanned,
        added_by=actor.id,
    )
    session.add(made)
    await session.flush()
    await session.refresh(made, ["added_at"])
    await record(
        session,
        actor,
        "task.evidence_added",
        ("task", task.id),
        after={"evidence": str(id), "name": file.name, "sha256": sha256},
    )
    return made


async def ask_assistance(
    session: AsyncSession, actor: Actor, task: Task, *, request: str, wanted_by: date
) -> Assistance:
    """Ask the community's committee for help with a locked task; it may decline."""
    made = Assistance(
        district=actor.district,
        id=new_id(),
        task_id=task.id,
        community_id=task.community_id,
        request=request,
        wanted_by=wanted_by,
        state=AssistanceState.ASKED.value,
    )
    session.add(made)
    await session.flush()
    await record(
        session, actor, "assistance.asked", ("assistance", made.id), after={"task": str(task.id)}
    )
    return made


async def answer_assistance(
    session: AsyncSession, doing: Doing, reach: Reach, id: UUID, action: str, reply: str | None
) -> Assistance:
    """Accept, decline, complete or cancel a request. Raises NotFound out of reach."""
    found = await session.scalar(select(Assistance).where(Assistance.id == id).with_for_update())
    if found is None:
        raise NotFound
    reach.require(Place(community=found.community_id))
    found.reply = reply or found.reply
    await take(
        session, doing.actor, ASSISTANCE, found, action,
        by=doing.roles, rulebook=doing.rulebook, today=doing.today, reason=reply,
    )  # fmt: skip
    return found
