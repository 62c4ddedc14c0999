"""Write use cases of entries: a value is entered once; corrections keep what was said before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger import repository
from services.workstation.ledger.access import Collector
from services.workstation.ledger.closing import close_questions, recording_lock
from services.workstation.ledger.domain import (
    Checked,
    Element,
    Proposed,
    Scope,
    Source,
    check_entry,
)
from services.workstation.ledger.models import LedgerEntry
from services.workstation.ledger.planning import Cell
from shared.audit.record import Actor, record
from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text

Place = Mapping[str, UUID | None]


@dataclass(frozen=True, slots=True)
class Told:
    """How a value came in: by whom, from where, on which day."""

    source: Source
    today: date
    recorded_on: date
    task_id: UUID | None = None


async def element_named(session: AsyncSession, code: str) -> Element:
    """The element of a code. Raises Invalid when the catalogue has none."""
    found = (await repository.elements_by_code(session, [code])).get(code)
    if found is None:
        raise Invalid(issues=(element_unknown(code),))
    return found


def element_unknown(code: str, pointer: str = "/element") -> Issue:
    """That the catalogue has no such element."""
    return Issue(
        code="element_unknown",
        pointer=pointer,
        detail=Text(zh=f"没有数据项“{code[:40]}”。", en=f"There is no element “{code[:40]}”."),
        remedy=Text(
            zh="请在数据项目录中查找正确的代码。", en="Look its code up in the element catalogue."
        ),
    )


async def record_entry(
    session: AsyncSession,
    actor: Actor,
    collector: Collector,
    values: Mapping[str, Any],
    *,
    today: date,
) -> LedgerEntry:
    """Enter a value that a person tells. Raises Invalid with everything that stands against it,
    NotFound for another's place, Forbidden for who does not collect the element, Conflict when
    one stands already."""
    await recording_lock(session, actor.district)
    element = await element_named(session, values["element"])
    place = await _place(session, collector, element, values)
    recorded_on = values["recorded_on"] or today
    proposed = Proposed(values["value"], values["unit"], values["period"], recorded_on)
    checked = checked_or_refused(element, proposed, today)
    told = Told(Source.PERSON, today, recorded_on)
    made = await enter(session, actor, element, place, checked, told)
    if made is None:
        raise await _stands(session, element, place, checked)
    return made


def checked_or_refused(element: Element, proposed: Proposed, today: date) -> Checked:
    """The value as it is kept. Raises Invalid with everything that stands against it."""
    checked = check_entry(element, proposed, today)
    if not isinstance(checked, Checked):
        raise Invalid(issues=checked)
    return checked


async def _place(
    session: AsyncSession, collector: Collector, element: Element, values: Mapping[str, Any]
) -> Place:
    wanted = f"{element.scope.value}_id"
    if values[wanted] is None:
        raise Invalid(issues=(_subject_missing(element, wanted),))
    place = await repository.place_of(session, element.scope, values)
    if place is None:
        raise NotFound
    require_collector(collector, element, place["community_id"])
    return place


def require_collector(collector: Collector, element: Element, community: UUID | None) -> None:
    """Raises NotFound for another's place, Forbidden for who does not collect the element."""
    assert community is not None
    if not collector.is_at(community):
        raise NotFound
    if not collector.collects(element, community):
        raise Forbidden(
            code="not_the_owner",
            detail=Text(
                zh=f"“{element.title}”由{element.owner_name}采集，一数一源，其他单位不得另行登记。"
                "如数值有误，请联系其采集方更正。",
                en=f"{element.code} is collected by {element.owner_name} alone. If its value is "
                "wrong, ask them to correct it.",
            ),
        )


async def enter(
    session: AsyncSession,
    actor: Actor,
    element: Element,
    place: Place,
    checked: Checked,
    told: Told,
    *,
    reason: str | None = None,
    id: UUID | None = None,
) -> LedgerEntry | None:
    """Make an entry under the recording lock, and close what it answers; None when one stands
    already for its element, subject and period."""
    made: LedgerEntry | None = await session.scalar(
        insert(LedgerEntry)
        .values(
            district=actor.district,
            id=id or new_id(),
            element_id=element.id,
            **place,
            period=checked.period.key,
            value=checked.value,
            recorded_on=told.recorded_on,
            valid_until=element.valid_until(told.recorded_on),
            source=told.source.value,
            task_id=told.task_id,
            reason=reason,
            recorded_by=actor.id,
            recorded_by_kind=actor.kind,
        )
        .on_conflict_do_nothing()
        .returning(LedgerEntry)
    )
    if made is None:
        return None
    await record(
        session,
        actor,
        "ledger_entry.corrected" if reason else "ledger_entry.recorded",
        ("ledger_entry", made.id),
        after={
            "element": element.code,
            "period": made.period,
            "value": made.value,
            "source": made.source,
            "reason": reason,
        },
        personal=_personal(element),
    )
    if element.scope is Scope.COMMUNITY and counts_on(made.valid_until, told.today):
        cell = Cell(element.id, made.subject_id, made.period)
        await close_questions(session, actor, {cell: made.id}, told.today)
    return made


def counts_on(valid_until: date | None, day: date) -> bool:
    """Whether a value that counts until then still counts on the day."""
    return valid_until is None or valid_until >= day


def _personal(element: Element) -> frozenset[str]:
    return frozenset() if element.scope is Scope.COMMUNITY else frozenset({"value"})


async def correct(
    session: AsyncSession,
    actor: Actor,
    entry: LedgerEntry,
    element: Element,
    values: Mapping[str, Any],
    *,
    today: date,
) -> LedgerEntry:
    """Put a new entry in the place of a locked one, which stays readable. Raises Conflict when it
    no longer stands, Invalid for a value that cannot be entered."""
    recorded_on = values["recorded_on"] or today
    proposed = Proposed(values["value"], values["unit"], entry.period, recorded_on)
    checked = checked_or_refused(element, proposed, today)
    told = Told(Source.PERSON, today, recorded_on)
    return await supersede(session, actor, entry, element, checked, told, values["reason"])


async def supersede(
    session: AsyncSession,
    actor: Actor,
    entry: LedgerEntry,
    element: Element,
    checked: Checked,
    told: Told,
    reason: str,
) -> LedgerEntry:
    """End a locked entry and put another in its place. Raises Conflict when it has ended."""
    id = new_id()
    await _end(session, actor, entry, reason, told.today, by=id)
    place = {
        name: getattr(entry, name)
        for name in ("community_id", "household_id", "resident_id", "subject_id")
    }
    made = await enter(session, actor, element, place, checked, told, reason=reason, id=id)
    assert made is not None  # the old one, locked and ended, stood in this place
    return made


async def withdraw(
    session: AsyncSession,
    actor: Actor,
    entry: LedgerEntry,
    element: Element,
    *,
    reason: str,
    today: date,
) -> None:
    """End a locked entry that should not have been made. Raises Conflict when it has ended."""
    await _end(session, actor, entry, reason, today)
    await record(
        session,
        actor,
        "ledger_entry.withdrawn",
        ("ledger_entry", entry.id),
        after={"element": element.code, "period": entry.period, "reason": reason},
    )


async def _end(
    session: AsyncSession,
    actor: Actor,
    entry: LedgerEntry,
    reason: str,
    today: date,
    *,
    by: UUID | None = None,
) -> None:
    if entry.ended_on is not None:
        raise Conflict(
            code="entry_ended",
            detail=Text(
                zh=f"这一条已于 {entry.ended_on} 被更正或撤销，请对现行条目操作。",
                en=f"This entry was corrected or withdrawn on {entry.ended_on}. Take the one that "
                "stands.",
            ),
        )
    entry.ended_on, entry.ended_at = max(today, entry.recorded_on), func.now()
    entry.ended_by, entry.ended_because, entry.superseded_by = actor.id, reason, by
    await session.flush()


async def collected_entry(
    session: AsyncSession, actor: Actor, collector: Collector, id: UUID
) -> tuple[LedgerEntry, Element]:
    """An entry, locked, for who collects its element there. Raises NotFound or Forbidden."""
    await recording_lock(session, actor.district)
    entry, element = await repository.locked_entry(session, id)
    require_collector(collector, element, entry.community_id)
    return entry, element


async def _stands(
    session: AsyncSession, element: Element, place: Place, checked: Checked
) -> Conflict:
    subject = place["subject_id"]
    assert subject is not None
    found = await repository.current_entry(session, element.id, subject, checked.period.key)
    id = "" if found is None else str(found.id)
    return Conflict(
        code="entry_exists",
        detail=Text(
            zh=f"“{element.title}”在该期间（{checked.period.key}）已有条目 {id}，不能重复登记。"
            f"如需更正，请用 POST …/entries/{id}/correction 并说明理由。",
            en=f"{element.code} has the entry {id} for this period, {checked.period.key}. To change "
            f"it, POST …/entries/{id}/correction with a reason.",
        ),
    )


def _subject_missing(element: Element, wanted: str) -> Issue:
    return Issue(
        code="subject_missing",
        pointer=f"/{wanted}",
        detail=Text(
            zh=f"“{element.title}”按{_SCOPES[element.scope].zh}填报，未指明对象。",
            en=f"{element.code} is told of a {element.scope.value}, and none is named.",
        ),
        remedy=Text(zh=f"请填写 {wanted}。", en=f"Give {wanted}."),
    )


_SCOPES = {
    Scope.COMMUNITY: Text("社区", "community"),
    Scope.HOUSEHOLD: Text("家庭户", "household"),
    Scope.RESIDENT: Text("居民", "resident"),
}
