"""Which column of a department's own form is which element: proposed by likeness. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from services.workstation.ledger.domain import Element
from shared.kernel.similarity import similarity

_COMMUNITY_HEADS = {"社区", "社区名称", "社区代码", "community", "communitycode", "communityname"}
_ASIDE = re.compile(r"[（(\[【].*?[）)\]】]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the form, counted from 1, and the element proposed for it; `likeness` in
    hundredths."""

    column: int
    header: str
    element: str | None
    likeness: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the form, counted from 1, and the community that it names, None where none does."""

    row: int
    label: str
    community_id: UUID | None


def community_column(
    headers: Sequence[str], rows: Sequence[Sequence[str]], names: Mapping[str, UUID]
) -> int | None:
    """The column, counted from 1, that names communities: by its header, else the one in which
    most cells do; None where none does."""
    counts = {
        at: sum(named(row[at - 1], names) is not None for row in rows if at <= len(row))
        for at in range(1, len(headers) + 1)
    }
    best = max(
        counts,
        key=lambda at: (_plain(headers[at - 1]) in _COMMUNITY_HEADS, counts[at], -at),
        default=None,
    )
    return best if best is not None and counts[best] else None


def named(label: str, names: Mapping[str, UUID]) -> UUID | None:
    """The community of a label: its code, or its name with or without 社区."""
    text = label.strip()
    return names.get(text) or names.get(f"{text}社区") or names.get(text.removesuffix("社区"))


def propose(
    headers: Sequence[str], elements: Collection[Element], least: Fraction, *, but: int | None
) -> tuple[Column, ...]:
    """An element for each column that resembles one, each element once, the most alike first;
    `but` is the column of the communities."""
    pairs = sorted(
        (
            (_likeness(header, element), -at, element.code)
            for at, header in enumerate(headers, start=1)
            if at != but
            for element in elements
        ),
        reverse=True,
    )
    chosen: dict[int, tuple[str, Fraction]] = {}
    for share, place, code in pairs:
        taken = {kept for kept, _ in chosen.values()}
        if share >= least and -place not in chosen and code not in taken:
            chosen[-place] = (code, share)
    return tuple(
        Column(
            at,
            header,
            chosen[at][0] if at in chosen else None,
            int(chosen[at][1] * 100) if at in chosen else 0,
        )
        for at, header in enumerate(headers, start=1)
    )


def _likeness(header: str, element: Element) -> Fraction:
    plain = _plain(header)
    if plain in {element.code.casefold(), _plain(element.title)}:
        return Fraction(1)
    return similarity(plain, _plain(element.title))


def _plain(text: str) -> str:
    bare = _ASIDE.sub("", text)
    return "".join(sign for sign in bare.casefold() if not sign.isspace())
