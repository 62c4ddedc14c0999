"""What tasks hear of the gateway: items with their money, and dispatches.

Both are told with the item as their subject, so a dispatch always follows its item, and each takes
effect once. The gateway has checked the dispatch when it was made; what has changed since then —
a community that is no longer there, money that the books do not hold — is answered at once as a
task that was freed, so that neither side keeps money reserved for work that reaches nobody.
"""

from collections.abc import Sequence

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding import public as funding
from services.workstation.registry.public import Community
from services.workstation.rulebook import RULES
from services.workstation.tasks.domain import TaskState, next_due_on
from services.workstation.tasks.models import Task, TaskDispatch
from services.workstation.tasks.working import tell_concluded
from shared.audit.record import Actor, record
from shared.contracts.work import DispatchAdmitted, DispatchedTo, ItemAdmitted, TaskConcluded
from shared.kernel.errors import Conflict
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
    if await session.get(TaskDispatch, (district, told.id)) is not None:
        return
    kept = told.model_dump(exclude={"id", "communities"})
    session.add(TaskDispatch(district=district, id=told.id, **kept))
    await session.flush()
    there = set(
        await session.scalars(
            select(Community.id).where(
                Community.id.in_([one.community_id for one in told.communities]),
                Community.state == "active",
            )
        )
    )
    given = [one for one in told.communities if one.community_id in there]
    gone = [one for one in told.communities if one.community_id not in there]
    if not await _reserved(session, district, told, given):
        given, gone = [], told.communities
    await _make_tasks(session, district, told, given)
    await _free(session, district, told, gone)


async def _reserved(
    session: AsyncSession, district: str, told: DispatchAdmitted, given: Sequence[DispatchedTo]
) -> bool:
    parts = [funding.Part(one.task_id, one.community_id, one.amount) for one in given]
    try:
        await funding.reserve(
            session,
            Actor.platform(district),
            item_id=told.item_id,
            parts=parts,
            on=told.dispatched_on,
        )
    except Conflict as error:
        if error.code != "funds_short":
            raise
        return False
    return True


async def _make_tasks(
    session: AsyncSession, district: str, told: DispatchAdmitted, given: Sequence[DispatchedTo]
) -> None:
    rulebook = await RULEBOOKS.of(session, district)
    days = rulebook.lookup("tasks.accept_working_days", district, told.dispatched_on).integer()
    due_on = limit_day(rulebook, district, told.dispatched_on, days)
    for one in given:
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
                next_due_on=next_due_on(TaskState.RECEIVED, due_on, told.due_on),
            )
        )
        await record(
            session,
            Actor.platform(district),
            "task.received",
            ("task", one.task_id),
            after={"amount": one.amount},
        )
    await session.flush()


async def _free(
    session: AsyncSession, district: str, told: DispatchAdmitted, gone: Sequence[DispatchedTo]
) -> None:
    for one in gone:
        await record(
            session,
            Actor.platform(district),
            "task.not_received",
            ("task", one.task_id),
            after={"community": str(one.community_id), "amount": one.amount},
        )
    concluded = [
        TaskConcluded(
            task_id=one.task_id,
            dispatch_id=told.id,
            item_id=told.item_id,
            community_id=one.community_id,
            outcome="freed",
            amount=one.amount,
            concluded_on=told.dispatched_on,
        )
        for one in gone
    ]
    await tell_concluded(session, district, concluded)
