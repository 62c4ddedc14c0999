"""The watch over tasks: reminders ahead of a day, and late ones raised to the street."""

from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.tasks.domain import TaskState, is_overdue
from services.workstation.tasks.events import RULEBOOKS
from services.workstation.tasks.models import Task
from services.workstation.tasks.repository import OPEN
from shared.audit.record import Actor, record
from shared.db.database import Database
from shared.db.districts import district_codes
from shared.kernel.clock import Clock
from shared.rulebook.calendar import limit_day

CHUNK = 200


async def watch_tasks(database: Database, clock: Clock) -> None:
    """Look at every district's open tasks whose day is near or past, once for each step.

    Any number may run at once: rows are locked, and those that another holds are left to it.
    """
    today = clock.today()
    for district in await district_codes(database):
        while await _chunk(database, district, today) == CHUNK:
            pass


async def _chunk(database: Database, district: str, today: date) -> int:
    async with database.transaction(district) as session:
        rulebook = await RULEBOOKS.of(session, district)
        ahead = rulebook.lookup("tasks.remind_working_days_before", district, today).integer()
        near = limit_day(rulebook, district, today, ahead)
        unseen = or_(
            and_(Task.next_due_on < today, Task.escalated_at.is_(None)),
            and_(Task.next_due_on.between(today, near), Task.reminded_at.is_(None)),
        )
        tasks = await session.scalars(
            select(Task)
            .where(OPEN, unseen)
            .order_by(Task.next_due_on, Task.id)
            .limit(CHUNK)
            .with_for_update(skip_locked=True)
        )
        found = tasks.all()
        for task in found:
            await _look_at(session, task, today)
        return len(found)


async def _look_at(session: AsyncSession, task: Task, today: date) -> None:
    if is_overdue(TaskState(task.state), task.next_due_on, today):
        task.escalated_at = func.now()
        action = "task.escalated"
    else:
        task.reminded_at = func.now()
        action = "task.reminded"
    after = {"due_on": task.next_due_on.isoformat()}
    await record(session, Actor.platform(task.district), action, ("task", task.id), after=after)
