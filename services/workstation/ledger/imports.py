"""The file of ledger entries: values of communities by element and period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger import repository
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
from services.workstation.ledger.recording import Told, counts_on, supersede
from services.workstation.registry.public import community_ids
from shared.audit.record import Actor
from shared.imports.bulk import insert_rows, keys_as_table
from shared.imports.parsing import civil_date, code, text
from shared.imports.records import rejected, unknown
from shared.imports.table import Column, Counts, Rejected, Template
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.text import Text

REASON = "导入更正"
_COLUMNS = {
    "district": "char(6)",
    "id": "uuid",
    "element_id": "uuid",
    "community_id": "uuid",
    "subject_id": "uuid",
    "period": "text",
    "value": "text",
    "recorded_on": "date",
    "valid_until": "date",
    "source": "text",
    "recorded_by": "uuid",
    "recorded_by_kind": "text",
}
_POINTERS = {
    "/value": "value",
    "/period": "period",
    "/unit": "unit",
    "/recorded_on": "recorded_on",
    "/element": "element_code",
}
Key = tuple[UUID, UUID, str]


class EntryRow(NamedTuple):
    """A checked row of the file."""

    element: Element
    community_id: UUID
    checked: Checked
    recorded_on: date

    @property
    def key(self) -> Key:
        """What there is one current entry for."""
        return self.element.id, self.community_id, self.checked.period.key


@dataclass(slots=True)
class _Context:
    elements: Mapping[str, Element]
    communities: Mapping[str, UUID]
    seen: set[Key] = field(default_factory=set)


class LedgerEntries:
    """Values by element, community and period: what is new is entered, what differs is corrected,
    the same file again changes nothing."""

    template = Template(
        "ledger_entries",
        Text(zh="台账条目", en="ledger entries"),
        (
            Column("element_code", Text("数据项代码", "Element code"), code(), "elderly_60"),
            Column("community_code", Text("社区代码", "Community code"), code(), "421002001001"),
            Column(
                "period",
                Text("期间", "Period"),
                text(20),
                "2025-Q4",
                Text(
                    zh="2025、2025-H2、2025-Q4、2025-12；一次性数据项不填",
                    en="2025, 2025-H2, 2025-Q4, 2025-12; none for what is told once",
                ),
                required=False,
            ),
            Column("value", Text("值", "Value"), text(500), "412"),
            Column(
                "unit",
                Text("单位", "Unit"),
                text(20),
                "人",
                Text(zh="填写时与数据项核对", en="Compared with the element's where given"),
                required=False,
            ),
            Column(
                "recorded_on",
                Text("采集日期", "Recorded on"),
                civil_date,
                "2026-01-08",
                Text(zh="不填为导入当天", en="The day of the import if left out"),
                required=False,
            ),
        ),
    )

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def prepare(self, session: AsyncSession, district: str) -> _Context:
        """The catalogue and the district's communities."""
        return _Context(await repository.elements_by_code(session), await community_ids(session))

    def check(self, values: Mapping[str, Any], context: _Context) -> EntryRow | Rejected:
        """The row, or everything that is wrong with it."""
        element = context.elements.get(values["element_code"])
        if element is None:
            return unknown("element_code", Text("数据项", "element"), values["element_code"])
        community = context.communities.get(values["community_code"])
        if community is None:
            return unknown("community_code", Text("社区", "community"), values["community_code"])
        if element.scope is not Scope.COMMUNITY:
            return _personal(element)
        today = self._clock.today()
        recorded_on = values["recorded_on"] or today
        proposed = Proposed(values["value"], values["unit"], values["period"], recorded_on)
        checked = check_entry(element, proposed, today)
        if not isinstance(checked, Checked):
            return Rejected(tuple((_POINTERS[issue.pointer], issue) for issue in checked))
        row = EntryRow(element, community, checked, recorded_on)
        if row.key in context.seen:
            return rejected(
                "element_code",
                "repeated_in_file",
                Text(
                    zh="本文件中已有同一数据项、社区和期间的值。",
                    en="A value of this element, community and period stands twice in the file.",
                ),
                Text(zh="请删除重复的行。", en="Delete the repeated row."),
            )
        context.seen.add(row.key)
        return row

    async def apply(
        self, session: AsyncSession, actor: Actor, rows: Sequence[EntryRow], context: _Context
    ) -> Counts:
        """Enter what is new and correct what differs."""
        today = self._clock.today()
        await recording_lock(session, actor.district)
        standing = await _standing(session, [row.key for row in rows])
        counts = Counts()
        fresh: list[tuple[Any, ...]] = []
        answers: dict[Cell, UUID] = {}
        for row in rows:
            entry = standing.get(row.key)
            if entry is None:
                made = new_id()
                fresh.append(_new(actor, made, row))
                if counts_on(row.element.valid_until(row.recorded_on), today):
                    answers[Cell(*row.key)] = made
                counts.created += 1
            elif entry.value != row.checked.value or _renews(row, entry, today):
                told = Told(Source.IMPORT, today, row.recorded_on)
                await supersede(session, actor, entry, row.element, row.checked, told, REASON)
                counts.updated += 1
            else:
                counts.unchanged += 1
        await insert_rows(session, "ledger_entry", _COLUMNS, fresh)
        await close_questions(session, actor, answers, today)
        return counts


def _renews(row: EntryRow, entry: LedgerEntry, today: date) -> bool:
    """Whether the same value counts again because it was collected anew."""
    over = not counts_on(entry.valid_until, today)
    return over and counts_on(row.element.valid_until(row.recorded_on), today)


async def _standing(session: AsyncSession, keys: Sequence[Key]) -> dict[Key, LedgerEntry]:
    """The current entries of these keys, locked."""
    columns = (LedgerEntry.element_id, LedgerEntry.subject_id, LedgerEntry.period)
    wanted, same = keys_as_table(columns, keys)
    query = (
        select(LedgerEntry)
        .join(wanted, same)
        .where(LedgerEntry.ended_on.is_(None))
        .with_for_update(of=LedgerEntry)
    )
    found = await session.scalars(query)
    return {(one.element_id, one.subject_id, one.period): one for one in found}


def _new(actor: Actor, id: UUID, row: EntryRow) -> tuple[Any, ...]:
    return (
        actor.district,
        id,
        row.element.id,
        row.community_id,
        row.community_id,
        row.checked.period.key,
        row.checked.value,
        row.recorded_on,
        row.element.valid_until(row.recorded_on),
        Source.IMPORT.value,
        actor.id,
        actor.kind,
    )


def _personal(element: Element) -> Rejected:
    return rejected(
        "element_code",
        "element_personal",
        Text(
            zh=f"“{element.title}”按户或按人填报，不能用社区台账文件导入。",
            en=f"{element.code} is told of households or residents and is not taken in by this "
            "file.",
        ),
        Text(zh="请逐条登记。", en="Enter its values one by one."),
    )
