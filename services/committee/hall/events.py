"""What the hall hears of the workstation: what it does with a matter in its hands.

A report that comes after the committee has taken the matter back changes the matter no more; it is
kept on record. Nothing is refused here, so that no report is lost.
"""

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.hall import handing_over
from services.committee.hall.domain import HandoverState, Kind, Speaker
from services.committee.hall.models.matters import Handover, Matter
from services.committee.hall.speaking import say
from services.committee.rulebook import RULES
from shared.audit.record import Actor, record
from shared.contracts.hall import HandoverMoved
from shared.kernel.clock import SystemClock
from shared.kernel.personal_data import masked_text
from shared.procedures.acting import Act
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.in_force import RulesInForce
from shared.rulebook.rulebook import Rulebook

RULEBOOKS = RulesInForce(Rulebook.from_files(*COMMON, *RULES))
_OPEN = {HandoverState.SENT, HandoverState.SIGNED}


async def take_in_move(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """Let a matter follow what the workstation does with it."""
    told = HandoverMoved.model_validate(event.get_data())
    matter = await session.scalar(
        select(Matter).where(Matter.id == told.matter_id).with_for_update()
    )
    held = await session.scalar(select(Handover).where(Handover.id == told.id).with_for_update())
    assert matter is not None and held is not None
    text = masked_text(told.text or "")
    act = Act(
        session,
        Actor.platform(district),
        frozenset(),
        await RULEBOOKS.of(session, district),
        told.moved_on,
        SystemClock().now(),
    )
    if held.state not in _OPEN:
        await record(
            session, act.actor, "handover.reported_late", ("handover", held.id),
            after={"move": told.move, "text": text},
        )  # fmt: skip
        return
    if told.move == "signed":
        await handing_over.signed(act, matter, held, by_platform=True)
    elif told.move == "refused":
        await handing_over.refused(act, matter, held, text, by_platform=True)
    elif told.move == "done":
        await handing_over.done(act, matter, held, text, Speaker.WORKSTATION, by_platform=True)
    else:
        await say(act, matter, kind=Kind.PROGRESS, speaker=Speaker.WORKSTATION, body=text)
