"""Writing the public log: in the transaction of the act, after the locked last entry."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.committee.elections import chain
from services.committee.elections.acting import Act
from services.committee.elections.chain import Entry, Json, Kind, RollLine
from services.committee.elections.models import Election, ElectionLogEntry, Elector

LINE = (Elector.number, Elector.commitment, Elector.unit_commitment)


async def log(act: Act, election: Election, kind: Kind, body: Mapping[str, Any]) -> Entry:
    """Add the next entry. The caller holds the election's row lock."""
    last = None
    if election.log_hash is not None:
        last = (election.log_count - 1, election.log_hash)
    at = act.moment(election)
    entry = chain.append(last, kind, at, body)
    await act.session.execute(
        insert(ElectionLogEntry).values(
            district=election.district,
            election_id=election.id,
            sequence=entry.sequence,
            previous=entry.previous,
            kind=entry.kind.value,
            at=datetime.fromisoformat(entry.at),
            body=dict(entry.body),
            hash=entry.hash,
        )
    )
    election.log_count, election.log_hash = entry.sequence + 1, entry.hash
    election.log_at = datetime.fromisoformat(entry.at)
    return entry


def source(text: str, document: str | None = None) -> dict[str, Json]:
    """What an act rests on, as the log has it; `document` is the SHA-256 of its file."""
    return {"text": text, "document": document}


def line_of(row: Any) -> RollLine:
    """An elector's row as a line of the canonical roll."""
    return RollLine(row.number, row.commitment, row.unit_commitment)


def lines_json(rows: Iterable[Any]) -> list[Json]:
    """Lines as entries have them, by number."""
    return [line.as_json() for line in sorted(map(line_of, rows), key=lambda line: line.number)]


async def entries_of(session: AsyncConnection | AsyncSession, election_id: object) -> list[Entry]:
    """Every entry of an election's log, in order."""
    columns = [getattr(ElectionLogEntry, name) for name in _ENTRY]
    query = (
        select(*columns)
        .where(ElectionLogEntry.election_id == election_id)
        .order_by(ElectionLogEntry.sequence)
    )
    return [entry_of(row) for row in await session.execute(query)]


_ENTRY = ("sequence", "previous", "kind", "at", "body", "hash")


def entry_of(row: Any) -> Entry:
    """A stored entry."""
    at = row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Entry(row.sequence, row.previous, Kind(row.kind), at, row.body, row.hash)


async def frozen_roll(
    session: AsyncConnection | AsyncSession, election_id: object
) -> list[RollLine]:
    """The roll as it was frozen, by number."""
    query = select(*LINE).where(Elector.election_id == election_id, Elector.frozen)
    return [line_of(row) for row in await session.execute(query.order_by(Elector.number))]
