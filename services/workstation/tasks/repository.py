"""Queries of tasks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.workstation.registry.public import Community, Street
from services.workstation.tasks.domain import ENDED, TaskState
from services.workstation.tasks.models import Assistance, Evidence, Task, TaskDispatch
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.kernel.errors import NotFound

_OF_DISPATCH = and_(TaskDispatch.district == Task.district, TaskDispatch.id == Task.dispatch_id)
_OF_COMMUNITY = and_(Community.district == Task.district, Community.id == Task.community_id)
_OF_STREET = and_(Street.district == Community.district, Street.id == Community.street_id)
_OF_DISPATCH_COLUMNS = tuple(
    getattr(TaskDispatch, name)
    for name in (
        "item_id",
        "item_code",
        "item_title",
        "department_name",
        "title",
        "dispatched_on",
        "content",
        "standard",
        "elements",
    )
)
COLUMNS = (
    *Task.__table__.columns,
    *_OF_DISPATCH_COLUMNS,
    Community.name.label("community_name"),
    Community.street_id,
    Street.name.label("street_name"),
)
OPEN = Task.concluded_on.is_(None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a work list is narrowed down to; None and empty leave it as it is."""

    states: tuple[TaskState, ...] = ()
    open: bool | None = None
    overdue: bool = False
    reminded: bool = False
    escalated: bool = False
    due_before: date | None = None
    department_id: UUID | None = None
    community_id: UUID | None = None
    street_id: UUID | None = None
    dispatch_id: UUID | None = None
    item_code: str | None = None
    q: str | None = None


def _within(reach: Reach, community_id: Any, department_id: Any = None) -> ColumnElement[bool]:
    """Whether a row's community, or its department, lies within reach. What a reach does not hold
    is left out, so that the index of what it does hold is used."""
    parts: list[ColumnElement[bool]] = []
    if reach.communities:
        parts.append(community_id.in_(reach.communities))
    if reach.streets:
        of_streets = select(Community.id).where(Community.street_id.in_(reach.streets))
        parts.append(community_id.in_(of_streets))
    if reach.departments and department_id is not None:
        parts.append(department_id.in_(reach.departments))
    return or_(*parts) if parts else false()


def _joined(*columns: Any) -> Rows:
    return (
        select(*columns)
        .select_from(Task)
        .join(TaskDispatch, _OF_DISPATCH)
        .join(Community, _OF_COMMUNITY)
        .join(Street, _OF_STREET)
    )


def tasks(reach: Reach) -> Rows:
    """Tasks within reach with what was dispatched, and where."""
    query = _joined(*COLUMNS)
    if reach.whole_district:
        return query
    return query.where(_within(reach, Task.community_id, Task.department_id))


async def named_dispatches(session: AsyncConnection, wanted: Wanted) -> list[UUID] | None:
    """The dispatches of the item, and with the part of a title, that are wanted; None when neither
    is. They are few beside the tasks, and once they are counted the list of tasks is read in the
    better order: by the day due where many match, by dispatch where few do."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.item_code is not None:
        conditions.append(TaskDispatch.item_code == wanted.item_code)
    if wanted.q:
        title, item = (
            column.contains(wanted.q, autoescape=True)
            for column in (TaskDispatch.title, TaskDispatch.item_title)
        )
        conditions.append(or_(title, item))
    if not conditions:
        return None
    return list(await session.scalars(select(TaskDispatch.id).where(*conditions)))


def work_list(reach: Reach, wanted: Wanted, today: date, dispatches: Sequence[UUID] | None) -> Rows:
    """Tasks within reach that are wanted; of the dispatches only, unless None."""
    query = tasks(reach)
    if dispatches is not None:
        listed = literal(dispatches, ARRAY(Uuid))
        query = query.where(Task.dispatch_id == any_(listed))
    if wanted.states:
        query = query.where(Task.state.in_([state.value for state in wanted.states]))
    if wanted.overdue:
        query = query.where(Task.next_due_on < today)
    only_open = wanted.overdue or (wanted.states and not ENDED & set(wanted.states))
    if wanted.open or only_open:
        query = query.where(OPEN)
    if wanted.open is False:
        query = query.where(Task.concluded_on.is_not(None))
    if wanted.reminded:
        query = query.where(Task.reminded_at.is_not(None))
    if wanted.escalated:
        query = query.where(Task.escalated_at.is_not(None))
    if wanted.due_before is not None:
        query = query.where(Task.next_due_on < wanted.due_before)
    for column, value in (
        (Task.department_id, wanted.department_id),
        (Task.community_id, wanted.community_id),
        (Community.street_id, wanted.street_id),
        (Task.dispatch_id, wanted.dispatch_id),
    ):
        if value is not None:
            query = query.where(column == value)
    return query


async def locked_tasks(
    session: AsyncSession, reach: Reach, ids: Collection[UUID]
) -> Sequence[Task]:
    """Those of the tasks that are within reach, under row locks taken in the order of their ids."""
    query = select(Task).where(Task.id.in_(ids)).order_by(Task.id).with_for_update()
    if not reach.whole_district:
        query = query.where(_within(reach, Task.community_id, Task.department_id))
    return (await session.scalars(query)).all()


async def locked_task(session: AsyncSession, reach: Reach, id: UUID) -> Task:
    """A task under a row lock. Raises NotFound when it is out of reach."""
    found = await locked_tasks(session, reach, [id])
    if not found:
        raise NotFound
    return found[0]


async def items_of(session: AsyncSession, found: Collection[Task]) -> set[UUID]:
    """The items of tasks."""
    dispatches = {task.dispatch_id for task in found}
    query = select(TaskDispatch.item_id).where(TaskDispatch.id.in_(dispatches))
    return set(await session.scalars(query))


async def evidence_of(
    session: AsyncConnection | AsyncSession, task_id: UUID, *, withdrawn: bool = False
) -> Sequence[Any]:
    """A task's files, oldest first; those that were withdrawn too, if wanted."""
    query = select(*Evidence.__table__.columns).where(Evidence.task_id == task_id)
    if not withdrawn:
        query = query.where(Evidence.withdrawn_at.is_(None))
    return (await session.execute(query.order_by(Evidence.id))).all()


def assistance(reach: Reach) -> Rows:
    """Requests for assistance within reach with their task's title."""
    query: Rows = (
        select(
            *Assistance.__table__.columns,
            TaskDispatch.title,
            Community.name.label("community_name"),
        )
        .join(Task, and_(Task.district == Assistance.district, Task.id == Assistance.task_id))
        .join(TaskDispatch, _OF_DISPATCH)
        .join(Community, _OF_COMMUNITY)
    )
    if reach.whole_district:
        return query
    return query.where(_within(reach, Assistance.community_id))


KEYS: dict[str, tuple[Any, Any]] = {
    "community": (Task.community_id, func.max(Community.name)),
    "street": (Community.street_id, func.max(Street.name)),
    "department": (Task.department_id, func.max(TaskDispatch.department_name)),
}


async def workload(
    session: AsyncConnection, reach: Reach, by: str, first: date, until: date, today: date
) -> Sequence[Any]:
    """Counts and amounts of tasks dispatched from `first` until before `until`, one row for each
    community, street or department, in one query."""
    key, name = KEYS[by]
    ended = {
        "closed": Task.state == TaskState.CLOSED.value,
        "returned": Task.state == TaskState.RETURNED.value,
        "withdrawn": Task.state == TaskState.WITHDRAWN.value,
    }
    states = {
        "tasks": Task.id.is_not(None),
        "open": OPEN,
        "overdue": and_(OPEN, Task.next_due_on < today),
        "escalated": and_(OPEN, Task.escalated_at.is_not(None)),
        **ended,
    }
    counts = [func.count().filter(which).label(name) for name, which in states.items()]
    sums = [
        func.coalesce(func.sum(Task.amount).filter(states[which]), 0).label(f"{which}_amount")
        for which in ("tasks", "open", "closed")
    ]
    query = (
        _joined(key.label("key"), name.label("name"), *counts, *sums)
        .where(TaskDispatch.dispatched_on >= first, TaskDispatch.dispatched_on < until)
        .group_by(key)
        .order_by(name, key)
    )
    if not reach.whole_district:
        query = query.where(_within(reach, Task.community_id, Task.department_id))
    return (await session.execute(query)).all()
