"""The usual kind of import: each row is one record with a natural key."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit.record import Actor, record
from shared.imports.bulk import keys_as_table
from shared.imports.table import Counts, Rejected, Template
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text

Values = dict[str, Any]
Load = Callable[[AsyncSession], Awaitable[Any]]
Resolve = Callable[[Mapping[str, Any], Any], Values | Rejected]
Changed = Callable[[AsyncSession, str, Sequence[Any]], Awaitable[None]]


def rejected(column: str, code: str, detail: Text, remedy: Text) -> Rejected:
    """One fault in one column."""
    return Rejected(((column, Issue(code=code, detail=detail, remedy=remedy)),))


def unknown(column: str, what: Text, value: str) -> Rejected:
    """The row refers to something that is not there."""
    return rejected(
        column,
        "not_found",
        Text(zh=f"没有{what.zh}“{value}”。", en=f"There is no {what.en} “{value}”."),
        Text(
            zh=f"请先导入{what.zh}，或更正此项。",
            en=f"Import the {what.en} first, or mend this cell.",
        ),
    )


def ends_before_start(column: str) -> Rejected:
    """A period whose end, in that column, comes before its start."""
    return rejected(
        column,
        "ends_before_start",
        Text(zh="结束日期早于开始日期。", en="It ends before it starts."),
        Text(zh="请更正日期。", en="Mend the dates."),
    )


@dataclass(slots=True)
class _Prepared:
    references: Any
    seen: set[tuple[Any, ...]] = field(default_factory=set)


async def _nothing(_session: AsyncSession) -> None:
    return None


def _as_it_is(values: Mapping[str, Any], _references: Any) -> Values:
    return dict(values)


async def _nobody(_session: AsyncSession, _district: str, _records: Sequence[Any]) -> None:
    return None


@dataclass(frozen=True)
class Records:
    """Rows of `model`, found by the columns `key`.

    `load` gets what rows refer to, once; `resolve` turns a row's values into the model's columns
    or says what is wrong; `changed` hears of created and updated records within the transaction.
    """

    template: Template
    model: Any
    key: tuple[str, ...]
    load: Load = _nothing
    resolve: Resolve = _as_it_is
    changed: Changed = _nobody

    async def prepare(self, session: AsyncSession, district: str) -> _Prepared:
        """What rows refer to."""
        return _Prepared(await self.load(session))

    def check(self, values: Mapping[str, Any], context: _Prepared) -> Values | Rejected:
        """The record's columns, or its faults; the same key twice in a file is one."""
        resolved = self.resolve(values, context.references)
        if isinstance(resolved, Rejected):
            return resolved
        key = tuple(resolved[name] for name in self.key)
        if key in context.seen:
            return rejected(
                self.template.columns[0].name,
                "repeated_in_file",
                Text(
                    zh="本文件中已有同一条记录。", en="The same record stands twice in this file."
                ),
                Text(zh="请删除重复的行。", en="Delete the repeated row."),
            )
        context.seen.add(key)
        return resolved

    async def apply(
        self, session: AsyncSession, actor: Actor, rows: Sequence[Values], context: _Prepared
    ) -> Counts:
        """Create what is new, update what differs, and leave the rest alone."""
        keys = [tuple(row[name] for name in self.key) for row in rows]
        found = await session.scalars(self._existing(keys))
        existing = {tuple(getattr(item, name) for name in self.key): item for item in found}
        counts = Counts()
        touched: list[Any] = []
        fresh: list[Values] = []
        for key, row in zip(keys, rows, strict=True):
            item = existing.get(key)
            if item is None:
                fresh.append({"district": actor.district, "id": new_id(), **row})
                counts.created += 1
            elif await self._update(session, actor, item, row):
                counts.updated += 1
                touched.append(item)
            else:
                counts.unchanged += 1
        await session.flush()
        if fresh:
            await session.execute(insert(self.model), fresh)
        if self.changed is not _nobody and counts.created + counts.updated:
            made = select(self.model).where(self.model.id.in_([row["id"] for row in fresh]))
            touched += await session.scalars(made)
            await self.changed(session, actor.district, touched)
        return counts

    def _existing(self, keys: Sequence[tuple[Any, ...]]) -> "Select[tuple[Any]]":
        """The records of these keys, locked."""
        columns = [getattr(self.model, name) for name in self.key]
        wanted, same = keys_as_table(columns, keys)
        return select(self.model).join(wanted, same).with_for_update(of=self.model)

    async def _update(self, session: AsyncSession, actor: Actor, item: Any, row: Values) -> bool:
        before = {name: getattr(item, name) for name in row}
        if before == row:
            return False
        for name, value in row.items():
            setattr(item, name, value)
        if hasattr(item, "version"):
            item.version += 1
        await record(
            session,
            actor,
            f"{item.__tablename__}.updated",
            (item.__tablename__, item.id),
            before={name: _plain(value) for name, value in before.items()},
            after={name: _plain(value) for name, value in row.items()},
            personal=frozenset(column.name for column in self.template.columns if column.personal),
        )
        return True


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
