"""What a sitting's stream tells, as it is stored and as it is read. Numbers rise by one, in the
order of commits: whoever writes one holds the sitting's lock until then."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import and_, cast, select, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.committee.hall.models.talk import Comment, Sitting, SittingEvent
from services.committee.hall.sitting_domain import SittingState

CHANNEL = "hall_sitting"
OVER = frozenset({SittingState.ENDED, SittingState.PUBLISHED, SittingState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it goes to listeners, and whether it is the stream's last."""

    number: int
    frame: bytes
    last: bool


async def tell(session: AsyncSession, sitting: Sitting, kind: str, data: Mapping[str, Any]) -> None:
    """Add an event to a locked sitting; listeners hear of it when the transaction commits."""
    sitting.last_event += 1
    session.add(
        SittingEvent(
            district=sitting.district,
            sitting_id=sitting.id,
            number=sitting.last_event,
            kind=kind,
            data=dict(data),
        )
    )
    await session.flush()
    await session.execute(
        text("SELECT pg_notify(:channel, :payload)"),
        {
            "channel": CHANNEL,
            "payload": f"{sitting.district} {sitting.id} {sitting.last_event}",
        },
    )


async def told_after(
    session: AsyncConnection | AsyncSession, sitting_id: UUID, number: int
) -> list[Told]:
    """What a sitting told after a number, in order. An opinion that was hidden since is told
    without its words."""
    said = cast(SittingEvent.data["comment_id"].astext, PG_UUID(as_uuid=True))
    rows = await session.execute(
        select(
            SittingEvent.number,
            SittingEvent.kind,
            SittingEvent.data,
            SittingEvent.at,
            Comment.body,
            Comment.hidden,
        )
        .outerjoin(Comment, and_(Comment.district == SittingEvent.district, Comment.id == said))
        .where(SittingEvent.sitting_id == sitting_id, SittingEvent.number > number)
        .order_by(SittingEvent.number)
    )
    return [_told(row) for row in rows]


def _told(row: Any) -> Told:
    data = {**row.data, "at": row.at}
    if row.kind == "opinion":
        data["body"] = None if row.hidden else row.body
    frame = b"id: %d\nevent: %b\ndata: %b\n\n" % (
        row.number,
        row.kind.encode(),
        orjson.dumps(data),
    )
    return Told(row.number, frame, row.kind == "state" and row.data["state"] in OVER)
