"""The daily watch over tasks: reminders, and overdue ones raised to the street."""

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.tasks.domain import ENDED, TaskState, Watched, is_overdue, needs_reminder
from services.workstation.tasks.events import RULEBOOKS
from services.workstation.tasks.models import Task
from shared.audit.record import Actor, record
from shared.db.database import Database
from shared.db.districts import district_codes
from shared.kernel.clock import Clock
from shared.rulebook.calendar import limit_day, working_days

CHUNK = 200


async def watch_tasks(database: Database, clock: Clock) -> None:
    """Look at every district's open tasks whose day is near or past, once a step each.

    Any number may run at once: rows are locked, and those that another holds are left to it.
    """
    today = clock.today()
    for district in await district_codes(database):
        while await _chunk(database, district, today):
            pass


async def _chunk(database: Database, district: str, today: date) -> bool:
    async with database.transaction(district) as session:
        rulebook = await RULEBOOKS.of(session, district)
        rule = rulebook.lookup("tasks.remind_working_days_before", district, today)
        calendar = working_days(rulebook, district, today)
        near = limit_day(rulebook, district, today, rule.integer())
        tasks = (await session.scalars(_candidates(today, near))).all()
        for task in tasks:
            await _look_at(session, task, today, calendar, rule.integer())
        return len(tasks) == CHUNK


def _candidates(today: date, near: date) -> Any:
    late = func.least(func.coalesce(Task.due_on, Task.deadline), Task.deadline)
    return (
        select(Task)
        .where(
            Task.state.not_in([state.value for state in ENDED]),
            or_(
                (late <= near) & Task.reminded_at.is_(None) & Task.escalated_at.is_(None),
                (late < today) & Task.escalated_at.is_(None) & (Task.state != "submitted"),
                (func.coalesce(Task.due_on, Task.deadline) < today)
                & Task.escalated_at.is_(None)
                & (Task.state == "submitted"),
            ),
        )
        .order_by(Task.id)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)
    )


async def _look_at(
    session: AsyncSession, task: Task, today: date, calendar: Any, days: int
) -> None:
    watched = Watched(TaskState(task.state), task.due_on, task.deadline)
    actor = Actor.platform(task.district)
    if is_overdue(watched, today):
        task.escalated_at = func.now()
        act = "task.escalated"
    else:
        task.reminded_at = func.now()
        if not needs_reminder(watched, today, calendar, days):
            return
        act = "task.reminded"
    await record(
        session, actor, act, ("task", task.id), after={"due_on": watched.next_due.isoformat()}
    )
