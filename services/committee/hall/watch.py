"""The watch over the hall's limits: reminders, public overdue marks, and results that nobody
judged."""

from datetime import date
from typing import Any

from sqlalchemy import or_, select

from services.committee.hall.domain import ENDED, MatterState, is_overdue
from services.committee.hall.events import RULEBOOKS
from services.committee.hall.judging import lapse
from services.committee.hall.models.matters import Matter
from shared.audit.record import Actor, record
from shared.db.database import Database
from shared.db.districts import district_codes
from shared.kernel.clock import Clock
from shared.procedures.acting import Act
from shared.rulebook.calendar import limit_day

CHUNK = 200
REMIND = "hall.remind_working_days_before"


async def watch_matters(database: Database, clock: Clock) -> None:
    """Look at every district's matters whose day is near or past, once a step each. Any number may
    run at once: rows are locked, and those that another holds are left to it."""
    for district in await district_codes(database):
        while await _chunk(database, district, clock):
            pass


async def _chunk(database: Database, district: str, clock: Clock) -> bool:
    today = clock.today()
    async with database.transaction(district) as session:
        rulebook = await RULEBOOKS.of(session, district)
        act = Act(session, Actor.platform(district), frozenset(), rulebook, today, clock.now())
        days = rulebook.lookup(REMIND, district, today).integer()
        near = limit_day(rulebook, district, today, days)
        matters = (await session.scalars(_candidates(today, near))).all()
        for matter in matters:
            await _look_at(act, matter)
        return len(matters) == CHUNK


def _candidates(today: date, near: date) -> Any:
    unjudged = Matter.state == MatterState.RESULT.value
    return (
        select(Matter)
        .where(
            Matter.due_on <= near,
            Matter.state.not_in([state.value for state in ENDED]),
            or_(
                Matter.reminded_at.is_(None) & Matter.overdue_at.is_(None),
                (Matter.due_on < today) & (Matter.overdue_at.is_(None) | unjudged),
            ),
        )
        .order_by(Matter.id)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)
    )


async def _look_at(act: Act, matter: Matter) -> None:
    assert matter.due_on is not None
    late = matter.due_on < act.today
    if late and matter.state == MatterState.RESULT:
        await lapse(act, matter)
        return
    if is_overdue(matter.state, matter.due_on, act.today):
        matter.overdue_at, said = act.now, "matter.overdue"
    else:
        matter.reminded_at, said = act.now, "matter.reminded"
    await record(
        act.session, act.actor, said, ("matter", matter.id),
        after={"due_on": matter.due_on.isoformat()},
    )  # fmt: skip
