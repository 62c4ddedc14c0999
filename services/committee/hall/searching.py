"""Finding matters by parts of words, best first, and open ones that are alike."""

import math
from collections.abc import Collection
from fractions import Fraction
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.committee.hall import repository
from services.committee.hall.domain import OPEN
from services.committee.hall.models.matters import Matter, Pair
from services.committee.hall.words import ends, pairs, plain
from shared.db.base import Rows
from shared.imports.bulk import insert_rows

_WHOLE_TITLE, _WHOLE_CONTENT, _IN_TITLE = 20, 5, 3
_ENOUGH = Fraction(1, 2)
_MOST_WORDS = 8
_FEW = 3
_AFTER = "\U0010ffff"


def _rows_of(matter: Matter) -> list[tuple[str, UUID, str, bool]]:
    titled = f"{matter.title} {matter.place} {matter.code}"
    in_title = pairs(titled) | ends(titled)
    every = in_title | pairs(matter.content) | ends(matter.content)
    return [(matter.district, matter.id, pair, pair in in_title) for pair in sorted(every)]


async def index(session: AsyncSession, matters: Collection[Matter], *, anew: bool = False) -> None:
    """Make matters findable; `anew` when their text has changed."""
    if anew:
        ids = [matter.id for matter in matters]
        await session.execute(delete(Pair).where(Pair.matter_id.in_(ids)))
    columns = {"district": "char(6)", "matter_id": "uuid", "pair": "text", "in_title": "boolean"}
    rows = [row for matter in matters for row in _rows_of(matter)]
    await insert_rows(session, "matter_pair", columns, rows)


def matching(query: Rows, q: str) -> tuple[Rows, ColumnElement[int]]:
    """Of `matters`, those in which every word of `q` stands, with how well: all pairs of a short
    word, half of those of a long one, so that a whole phrase finds what says it in other words.

    Whole words in the title go before whole words in the content, and both before parts.
    """
    words = plain(q).split()[:_MOST_WORDS]
    score: ColumnElement[int] = literal(0)
    if not words:
        query = query.where(literal(False))
    for word in words:
        wanted = sorted(pairs(word))
        if wanted:
            needed = len(wanted) if len(wanted) <= _FEW else math.ceil(_ENOUGH * len(wanted))
            hits = (
                select(
                    Pair.matter_id,
                    cast(func.sum(case((Pair.in_title, _IN_TITLE), else_=1)), Integer).label(
                        "score"
                    ),
                )
                .where(Pair.pair.in_(wanted))
                .group_by(Pair.matter_id)
                .having(func.count() >= needed)
                .subquery()
            )
            query = query.join(hits, hits.c.matter_id == Matter.id)
            score = score + hits.c.score
        else:
            holding = select(Pair.matter_id).where(Pair.pair >= word, Pair.pair < word + _AFTER)
            query = query.where(Matter.id.in_(holding))
        score = score + case(
            (func.strpos(func.lower(Matter.title), word) > 0, _WHOLE_TITLE),
            (func.strpos(func.lower(Matter.content), word) > 0, _WHOLE_CONTENT),
            else_=0,
        )
    return query.where(~Matter.hidden), score


async def similar(
    session: AsyncConnection | AsyncSession,
    community_id: UUID,
    text: str,
    least: Fraction,
    *,
    most: int = 5,
) -> list[tuple[UUID, int]]:
    """Open matters of a community that are alike, the most alike first: (id, percent).

    Alike is twice the shared pairs of signs over all pairs of both (Sørensen–Dice).
    """
    wanted = pairs(text)
    if not wanted:
        return []
    shared = func.count()
    alike = (200 * shared) / (len(wanted) + Matter.pair_count)
    rows = await session.execute(
        select(Matter.id, alike.label("percent"))
        .join(Pair, and_(Pair.district == Matter.district, Pair.matter_id == Matter.id))
        .where(
            Matter.community_id == community_id,
            Matter.state.in_([state.value for state in OPEN]),
            ~Matter.hidden,
            Pair.pair.in_(sorted(wanted)),
        )
        .group_by(Matter.id, Matter.pair_count)
        .having(
            2 * shared * least.denominator >= least.numerator * (len(wanted) + Matter.pair_count)
        )
        .order_by(alike.desc(), Matter.id.desc())
        .limit(most)
    )
    return [(row.id, int(row.percent)) for row in rows]


async def similar_matters(
    session: AsyncConnection, community_id: UUID, text: str, least: Fraction
) -> Collection[tuple[object, int]]:
    """As `similar`, as rows of `matters`."""
    found = await similar(session, community_id, text, least)
    rows = await session.execute(repository.matters().where(Matter.id.in_([id for id, _ in found])))
    by_id = {row.id: row for row in rows}
    return [(by_id[id], percent) for id, percent in found]
