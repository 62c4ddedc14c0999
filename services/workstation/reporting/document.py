"""A document as its renderers see it: titles, blocks in order, and finished text in one language.

Text here is plain: no renderer may read markup in it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import TypeVar

from shared.kernel.text import Language


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number already in the text; level 1 is the highest."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body, its first line indented by two characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its head, its share of the width, and whether it holds numbers."""

    title: str
    width: int
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption above and a note below; `total` sets off its last row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    total: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One set of bars; `labels` stand at their ends."""

    name: str
    values: tuple[int, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart: horizontal for one series of long names, upright for streets and bands.

    The series stand side by side, or on each other where `stacked`.
    """

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axis: str
    horizontal: bool = False
    stacked: bool = False

    @property
    def shows_something(self) -> bool:
        """Whether any bar of it is not zero."""
        return any(value for series in self.series for value in series.values)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with a caption and a note below it; `alternative` tells it to who cannot see it."""

    caption: str
    chart: Chart
    alternative: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """From here on the pages lie on their side and begin with this title."""

    title: str


Block = Heading | Paragraph | Table | Picture | Annex


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document; attachments, signature and its date stand before the first annex."""

    language: Language
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    attachments: tuple[str, ...]
    signature: str
    signed_on: str
    prepared_on: date


T = TypeVar("T")

MISSING_SIGN = "□"
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def printable(document: Document) -> Document:
    """The document with `□` for signs that no file of text or XML may hold."""
    return rewritten(document, lambda text: _UNPRINTABLE.sub(MISSING_SIGN, text))


def rewritten(part: T, rewrite: Callable[[str], str]) -> T:
    """A document, or a part of it, with each of its texts rewritten."""
    if isinstance(part, str):
        return rewrite(part)  # type: ignore[return-value]
    if isinstance(part, tuple):
        return tuple(rewritten(one, rewrite) for one in part)  # type: ignore[return-value]
    if is_dataclass(part) and not isinstance(part, type):
        texts = {
            field.name: rewritten(getattr(part, field.name), rewrite) for field in fields(part)
        }
        return replace(part, **texts)
    return part
