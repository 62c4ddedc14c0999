"""Write use cases of what the residents' talk hall handed over; each is told to the hall."""

from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.registry.public import Community
from services.workstation.tasks.domain import TaskState
from services.workstation.tasks.hall_domain import HALL_TASK
from services.workstation.tasks.models import HallTask
from shared.audit.record import record
from shared.auth.policy import Place, Reach
from shared.contracts.hall import HandoverMoved, Move
from shared.contracts.subscriptions import HALL_TASK_MOVED
from shared.db.base import Rows
from shared.events.outbox import emit
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.personal_data import personal_number_issues
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take

_MOVES: dict[str, Move] = {"acceptance": "signed", "return": "refused", "completion": "done"}


def hall_tasks(reach: Reach) -> Rows:
    """Tasks of the hall within reach, with their community."""
    query: Rows = select(
        *HallTask.__table__.columns,
        Community.name.label("community_name"),
        Community.street_id,
    ).join(
        Community,
        and_(Community.district == HallTask.district, Community.id == HallTask.community_id),
    )
    if reach.whole_district:
        return query
    return query.where(
        or_(HallTask.community_id.in_(reach.communities), Community.street_id.in_(reach.streets))
    )


async def locked_hall_task(session: AsyncSession, reach: Reach, id: UUID) -> HallTask:
    """A task of the hall under a row lock. Raises NotFound when it is out of reach."""
    found = await session.scalar(select(HallTask).where(HallTask.id == id).with_for_update())
    if found is None:
        raise NotFound
    street = await session.scalar(
        select(Community.street_id).where(Community.id == found.community_id)
    )
    reach.require(Place(street=street, community=found.community_id))
    return found


async def move(
    act: Act, reach: Reach, id: UUID, action: str, *, text: str | None, pointer: str = ""
) -> None:
    """Take a step of a task of the hall and tell the hall, which publishes `text`. Raises Invalid
    for personal data in it."""
    task = await locked_hall_task(act.session, reach, id)
    _require_publishable(text, pointer)
    HALL_TASK.step(task.state, action, by=act.roles, reason=text)
    if action == "completion":
        task.result, task.concluded_on = text, act.today
    elif action == "return":
        task.reason, task.concluded_on = text, act.today
    due_on = task.deadline if action == "acceptance" else None
    await take(
        act.session, act.actor, HALL_TASK, task, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=text, due_on=due_on,
    )  # fmt: skip
    await _tell(act, task, _MOVES[action], text)


async def report(act: Act, reach: Reach, id: UUID, text: str) -> None:
    """Say how the work goes on; the hall publishes it. Raises Conflict when it is not in work."""
    task = await locked_hall_task(act.session, reach, id)
    _require_publishable(text, "/body")
    if task.state != TaskState.IN_PROGRESS:
        now = HALL_TASK.states[task.state]
        raise Conflict(
            code="task_not_in_work",
            detail=Text(
                zh=f"任务当前“{now.zh}”，签收后办理中才能报进展。",
                en=f"The task is “{now.en}”; progress is reported while it is in progress.",
            ),
        )
    await record(
        act.session, act.actor, "hall_task.progress_reported", ("hall_task", id),
        after={"text": text},
    )  # fmt: skip
    await _tell(act, task, "progress", text)


async def _tell(act: Act, task: HallTask, moved: Move, text: str | None) -> None:
    told = HandoverMoved(
        id=task.id, matter_id=task.matter_id, move=moved, text=text, moved_on=act.today
    )
    await tell_hall(act.session, task.district, told)


async def tell_hall(session: AsyncSession, district: str, told: HandoverMoved) -> None:
    """Tell the hall what happens with a matter."""
    await emit(
        session,
        district=district,
        type=HALL_TASK_MOVED,
        subject=f"handover/{told.id}",
        data=told.model_dump(mode="json"),
    )


def _require_publishable(text: str | None, pointer: str) -> None:
    issues = personal_number_issues([(pointer, text)] if text else [])
    if issues:
        raise Invalid(issues=issues)
