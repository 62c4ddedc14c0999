"""What tasks hear of the residents' talk hall: matters handed over, and taken back."""

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.registry.public import Community
from services.workstation.tasks.domain import TaskState
from services.workstation.tasks.events import RULEBOOKS
from services.workstation.tasks.hall_domain import HALL_ENDED, HALL_TASK
from services.workstation.tasks.hall_working import tell_hall
from services.workstation.tasks.models import HallTask
from shared.audit.record import Actor, record
from shared.contracts.hall import HandedOver, HandoverMoved, HandoverRecalled
from shared.procedures.taking import take


async def take_in_handover(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """A matter becomes a task; one of a community that is not here goes back with the reason."""
    told = HandedOver.model_validate(event.get_data())
    actor = Actor.platform(district)
    if await session.get(Community, (district, told.community_id)) is None:
        moved = HandoverMoved(
            id=told.id,
            matter_id=told.matter_id,
            move="refused",
            text="工作站没有该社区的登记，无法办理。",
            moved_on=told.handed_on,
        )
        await tell_hall(session, district, moved)
        return
    kept = told.model_dump(exclude={"id", "sign_by", "due_on"})
    session.add(
        HallTask(
            district=district,
            id=told.id,
            **kept,
            deadline=told.due_on,
            due_on=told.sign_by,
            state=TaskState.RECEIVED.value,
        )
    )
    await session.flush()
    await record(
        session, actor, "hall_task.received", ("hall_task", told.id),
        after={"matter": told.matter_code},
    )  # fmt: skip


async def take_in_recall(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """The committee takes a matter back; one that has ended here meanwhile stays as it ended."""
    told = HandoverRecalled.model_validate(event.get_data())
    task = await session.scalar(select(HallTask).where(HallTask.id == told.id).with_for_update())
    if task is None or task.state in HALL_ENDED:
        return
    task.reason, task.concluded_on = told.reason, told.recalled_on
    await take(
        session, Actor.platform(district), HALL_TASK, task, "withdrawal",
        by=None, rulebook=await RULEBOOKS.of(session, district), today=told.recalled_on,
        reason=told.reason,
    )  # fmt: skip
