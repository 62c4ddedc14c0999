"""Statistics of the hall, by one query: what residents talk about, how soon they are answered, how
content they are. Medians and means of few answers are left out for the public."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.committee.hall.domain import ENDED, MatterState
from services.committee.hall.models.matters import Matter, Rating
from services.committee.organisation.public import Community
from shared.db.base import Rows
from shared.kernel.clock import start_of

KEYS: dict[str, tuple[Any, Any]] = {
    "community": (Community.code, func.max(Community.name)),
    "street": (Community.street_code, func.max(Community.street_name)),
    "category": (Matter.category, func.max(Matter.category)),
    "place": (Matter.place, func.max(Matter.place)),
    "channel": (Matter.channel, func.max(Matter.channel)),
    "month": (
        func.to_char(func.timezone("Asia/Shanghai", Matter.raised_at), "YYYY-MM"),
        func.max(func.to_char(func.timezone("Asia/Shanghai", Matter.raised_at), "YYYY-MM")),
    ),
}
MEASURES = ("median_days_to_answer", "median_days_to_result", "mean_score")


def _days(moment: Any) -> Any:
    return func.extract("epoch", moment - Matter.raised_at) / 86400


def _median(moment: Any) -> Any:
    middle = func.percentile_cont(0.5).within_group(_days(moment).asc())
    return func.round(cast(middle, Numeric), 1)


MOST_ROWS = 500
"""Places are written freely; those that residents name most come first."""


@dataclass(frozen=True, slots=True)
class Within:
    """Which matters count; None leaves it open."""

    since: date
    until: date
    community_id: UUID | None = None
    street_id: UUID | None = None
    category: str | None = None


def _statistics(by: str, within: Within, today: date) -> Rows:
    key, name = KEYS[by]
    ended = [state.value for state in ENDED]
    latest = (
        select(Rating.matter_id, func.max(Rating.round).label("round"))
        .group_by(Rating.matter_id)
        .subquery()
    )
    late = and_(Matter.state.not_in([*ended, MatterState.RESULT.value]), Matter.due_on < today)
    query = (
        select(
            key.label("key"),
            name.label("name"),
            func.count().label("matters"),
            func.count().filter(Matter.state.not_in(ended)).label("open"),
            func.count().filter(Matter.state == MatterState.CLOSED.value).label("closed"),
            func.count().filter(late).label("overdue"),
            func.count().filter(Matter.reopened).label("reopened"),
            func.coalesce(func.sum(Matter.supporters), 0).label("supporters"),
            func.count(Matter.first_answered_at).label("answered"),
            _median(Matter.first_answered_at).label("median_days_to_answer"),
            func.count(Matter.resulted_at).label("resulted"),
            _median(Matter.resulted_at).label("median_days_to_result"),
            func.count(Rating.score).label("rated"),
            func.round(func.avg(Rating.score), 2).label("mean_score"),
            func.count().filter(Rating.score >= 4).label("content"),
        )
        .select_from(Matter)
        .join(
            Community,
            and_(Community.district == Matter.district, Community.id == Matter.community_id),
        )
        .outerjoin(latest, latest.c.matter_id == Matter.id)
        .outerjoin(
            Rating,
            and_(
                Rating.district == Matter.district,
                Rating.matter_id == Matter.id,
                Rating.round == latest.c.round,
            ),
        )
        .where(
            Matter.raised_at >= start_of(within.since),
            Matter.raised_at < start_of(within.until),
            Matter.merged_into.is_(None),
        )
        .group_by(key)
        .order_by(func.count().desc(), key)
        .limit(MOST_ROWS)
    )
    for column, value in (
        (Matter.community_id, within.community_id),
        (Community.street_id, within.street_id),
        (Matter.category, within.category),
    ):
        if value is not None:
            query = query.where(column == value)
    return query


async def statistics(
    session: AsyncConnection, by: str, within: Within, today: date, small_cell: int
) -> list[dict[str, Any]]:
    """One row for each community, street, category, place, channel or month of matters raised
    from `since` until before `until`; merged ones count with what they were merged into. A figure
    that rests on fewer than `small_cell` answers is None, and so is how many were content."""
    rows = (await session.execute(_statistics(by, within, today))).all()
    found = []
    for row in rows:
        values = dict(row._mapping)
        for measure, base in zip(MEASURES, ("answered", "resulted", "rated"), strict=True):
            few = values[base] < small_cell
            values[measure] = None if few or values[measure] is None else float(values[measure])
        if values["rated"] < small_cell:
            values["content"] = None
        found.append(values)
    return found
