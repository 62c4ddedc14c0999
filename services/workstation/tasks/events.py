"""What tasks hear of the gateway: items with their money, and dispatches."""

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding import public as funding
from services.workstation.rulebook import RULES
from services.workstation.tasks.domain import TaskState
from services.workstation.tasks.models import Task, TaskDispatch
from shared.audit.record import Actor, record
from shared.contracts.work import DispatchAdmitted, ItemAdmitted
from shared.rulebook.calendar import limit_day
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.in_force import RulesInForce
from shared.rulebook.rulebook import Rulebook

RULEBOOKS = RulesInForce(Rulebook.from_files(*COMMON, *RULES))


async def take_in_item(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """Appropriate an admitted item's money."""
    told = ItemAdmitted.model_validate(event.get_data())
    await funding.appropriate_item(
        session,
        Actor.platform(district),
        item_id=told.id,
        item_code=told.code,
        title=told.title,
        department_id=told.department_id,
        department_name=told.department_name,
        amount=told.funds,
        source_line=told.source_line,
        document=told.document,
        on=told.admitted_on,
    )


async def take_in_dispatch(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """Make one task a community, each with its money set aside."""
    told = DispatchAdmitted.model_validate(event.get_data())
    actor = Actor.platform(district)
    rulebook = await RULEBOOKS.of(session, district)
    days = rulebook.lookup("tasks.accept_working_days", district, told.dispatched_on).integer()
    due_on = limit_day(rulebook, district, told.dispatched_on, days)
    kept = told.model_dump(exclude={"id", "communities"})
    session.add(TaskDispatch(district=district, id=told.id, **kept))
    await session.flush()
    for one in sorted(told.communities, key=lambda one: one.task_id):
        session.add(
            Task(
                district=district,
                id=one.task_id,
                dispatch_id=told.id,
                community_id=one.community_id,
                department_id=told.department_id,
                cases=one.cases,
                amount=one.amount,
                deadline=told.due_on,
                state=TaskState.RECEIVED.value,
                due_on=due_on,
            )
        )
        await funding.reserve(
            session,
            actor,
            item_id=told.item_id,
            task_id=one.task_id,
            community_id=one.community_id,
            amount=one.amount,
            on=told.dispatched_on,
        )
        await record(
            session, actor, "task.received", ("task", one.task_id), after={"amount": one.amount}
        )
