"""Read use cases of the ledger."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from services.workstation.ledger import grant_repository, repository
from services.workstation.ledger.access import personal_reach
from services.workstation.ledger.domain import Element, Scope, ValueType, show_value
from services.workstation.ledger.grant_repository import Right
from services.workstation.ledger.models import LedgerEntry
from services.workstation.ledger.recording import element_unknown
from services.workstation.ledger.schemas import (
    Coverage,
    CoveredCommunity,
    ElementCoverage,
    EntryView,
)
from shared.auth.policy import Place, Reach
from shared.auth.principal import Principal
from shared.db.base import Rows
from shared.db.reading import the_row
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Reader:
    """What a caller may read: entries within reach, elements by right, persons' values unmasked
    where `personal` reaches."""

    reach: Reach
    personal: Reach
    rights: Mapping[UUID, Right] = field(default_factory=dict)

    @classmethod
    async def of(
        cls, session: AsyncConnection, principal: Principal, reach: Reach, today: date
    ) -> "Reader":
        """The caller as a reader; one query, for departments only."""
        rights = {}
        if reach.departments:
            rights = await grant_repository.rights(session, reach.departments, today)
        return cls(reach, personal_reach(principal), rights)

    def sees(self, row: Any) -> bool:
        """Whether the reader sees an entry's value, and of whom it is."""
        return (
            row.scope == Scope.COMMUNITY
            or row.element_id in self.rights
            or self.personal.covers(Place(street=row.street_id, community=row.community_id))
        )

    def query(self) -> Rows:
        """The entries that the reader may list."""
        return repository.entries(self.reach, self.rights)

    def view(self, row: Any) -> EntryView:
        """An entry as the reader may see it."""
        seen = self.sees(row)
        made = {"value", "masked", "household_id", "resident_id"}
        own = {name: getattr(row, name) for name in EntryView.model_fields if name not in made}
        return EntryView(
            **own,
            household_id=row.household_id if seen else None,
            resident_id=row.resident_id if seen else None,
            value=show_value(ValueType(row.type), row.value) if seen else None,
            masked=not seen,
        )


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for among entries."""

    element: Sequence[str]
    q: str | None
    community_id: UUID | None
    household_id: UUID | None
    resident_id: UUID | None
    period: str | None
    on: date | None
    history: bool

    def told(self) -> dict[str, Any]:
        """The filters as they stand in the log of reads."""
        given = {
            "element": list(self.element),
            "q": self.q,
            "community_id": self.community_id,
            "household_id": self.household_id,
            "resident_id": self.resident_id,
            "period": self.period,
            "on": self.on,
            "history": self.history,
        }
        return {
            name: value if isinstance(value, (list, bool)) else str(value)
            for name, value in given.items()
            if value not in (None, False, [])
        }


async def asked_elements(
    session: AsyncConnection, reader: Reader, filters: Filters
) -> set[UUID] | None:
    """The elements that the filters name, None for all. Raises Invalid for a code that the
    catalogue does not have, NotFound for one that a department may not read."""
    wanted: set[UUID] | None = None
    if filters.element:
        found = await repository.elements_by_code(session, filters.element)
        unknown = [code for code in filters.element if code not in found]
        if unknown:
            raise Invalid(issues=[element_unknown(code, "/query/element") for code in unknown])
        wanted = {element.id for element in found.values()}
        only_by_right = not (reader.reach.whole_district or _local(reader.reach))
        for element in found.values():
            if only_by_right and element.id not in reader.rights:
                raise not_granted(element)
    if filters.q:
        named = await repository.element_ids_named(session, filters.q)
        wanted = named if wanted is None else wanted & named
    return wanted


def not_granted(element: Element) -> NotFound:
    """That a department has no grant for an element: for it there are no entries."""
    return NotFound(
        code="not_granted",
        detail=Text(
            zh=f"贵部门没有数据项“{element.title}”的使用授权。请向其采集方（{element.owner_name}）"
            "或领导小组申请，或发起报表请求。",
            en=f"Your department has no grant for {element.code}. Ask its owner "
            f"({element.owner_name}) or the Leading Group for one, or send a form request.",
        ),
    )


def _local(reach: Reach) -> bool:
    return bool(reach.communities or reach.streets)


def listed(reader: Reader, filters: Filters, wanted: Collection[UUID] | None) -> Rows:
    """The entries that the filters leave. Whoever asks for one person's entries gets only those
    that they would see unmasked."""
    one_person = filters.household_id is not None or filters.resident_id is not None
    query = repository.entries(reader.personal, reader.rights) if one_person else reader.query()
    conditions: list[ColumnElement[bool]] = []
    if wanted is not None:
        conditions.append(LedgerEntry.element_id.in_(wanted))
    for column, value in (
        (LedgerEntry.community_id, filters.community_id),
        (LedgerEntry.household_id, filters.household_id),
        (LedgerEntry.resident_id, filters.resident_id),
        (LedgerEntry.period, filters.period),
    ):
        if value is not None:
            conditions.append(column == value)
    if filters.on is not None:
        conditions.append(repository.valid_on(filters.on))
    elif not filters.history:
        conditions.append(LedgerEntry.ended_on.is_(None))
    return query.where(*conditions)


async def one_entry(session: AsyncConnection, reader: Reader, id: UUID) -> Any:
    """An entry that the reader may see. Raises NotFound."""
    return await the_row(session, reader.query().where(LedgerEntry.id == id))


async def versions_of(session: AsyncConnection, reader: Reader, row: Any) -> Sequence[Any]:
    """Everything that was ever said for an entry's element, subject and period, newest first."""
    query = reader.query().where(
        LedgerEntry.element_id == row.element_id,
        LedgerEntry.subject_id == row.subject_id,
        LedgerEntry.period == row.period,
    )
    return (await session.execute(query.order_by(LedgerEntry.id.desc()))).all()


async def coverage_of(
    session: AsyncConnection,
    codes: Sequence[str],
    day: date,
    communities: Collection[UUID] | None,
) -> Coverage:
    """Which communities have a value of the elements on a day: two queries."""
    found = await repository.elements_by_code(session, codes)
    told: dict[UUID, list[CoveredCommunity]] = {one.id: [] for one in found.values()}
    for row in await repository.covering(session, told, day, communities):
        told[row.element_id].append(
            CoveredCommunity(
                community_id=row.community_id,
                entry_id=row.id,
                period=row.period,
                recorded_on=row.recorded_on,
                valid_until=row.valid_until,
            )
        )
    return Coverage(
        on=day,
        elements=[_covered(code, found.get(code), told, day) for code in dict.fromkeys(codes)],
    )


def _covered(
    code: str, element: Element | None, told: Mapping[UUID, list[CoveredCommunity]], day: date
) -> ElementCoverage:
    if element is None:
        return ElementCoverage(
            element=code, known=False, active=False, title=None, scope=None, communities=[]
        )
    return ElementCoverage(
        element=code,
        known=True,
        active=element.ended_on is None or element.ended_on > day,
        title=element.title,
        scope=element.scope,
        communities=told[element.id],
    )
