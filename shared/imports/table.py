"""What can be imported: a kind of table, its columns, and how its rows are checked and applied."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit.record import Actor
from shared.kernel.issue import Issue
from shared.kernel.text import Text

Context = TypeVar("Context")
Row = TypeVar("Row")

Parse = Callable[[str], Any]
"""The trimmed text of a cell (never empty) to a value; raises BadCell."""


NO_NOTE = Text(zh="", en="")


class BadCell(Exception):
    """A cell does not hold what its column asks for: what is wrong and how to mend it."""

    def __init__(self, code: str, detail: Text, remedy: Text) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` heads it in English files, `title.zh` in Chinese ones; both are read.

    A cell left empty gives None, which a required column refuses. `personal` values never stand
    in a report, a log or an audit event.
    """

    name: str
    title: Text
    parse: Parse
    example: str
    note: Text = NO_NOTE
    required: bool = True
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of import file: its name in the API, its title and its columns in order."""

    kind: str
    title: Text
    columns: tuple[Column, ...]


@dataclass(slots=True)
class Counts:
    """What applying rows changed; the same file again gives only `unchanged`."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def add(self, other: "Counts") -> None:
        """Sum up."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged


@dataclass(frozen=True, slots=True)
class Finding:
    """An issue of one cell (or of the whole row when `column` is empty); `row` is the line in the
    sheet as a person counts it, the header being 1."""

    row: int
    column: str
    issue: Issue


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a row cannot be taken: (column name or "", issue)."""

    issues: tuple[tuple[str, Issue], ...] = field(default_factory=tuple)


class ImportKind(Protocol, Generic[Context, Row]):
    """How one kind of rows is taken in.

    `prepare` loads once what rows refer to; `check` is pure and says every fault of a row at once,
    duplicates within the file included (the context may remember what was seen); `apply` writes a
    chunk of good rows by their natural keys, emits events, and never commits.
    """

    @property
    def template(self) -> Template: ...

    async def prepare(self, session: AsyncSession, district: str) -> Context: ...

    def check(self, values: Mapping[str, Any], context: Context) -> Row | Rejected: ...

    async def apply(
        self, session: AsyncSession, actor: Actor, rows: Sequence[Row], context: Context
    ) -> Counts: ...
