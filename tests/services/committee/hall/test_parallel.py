"""What holds under parallel connections, each with a control that shows what its guard is for."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from services.committee.hall import limits
from services.committee.hall.models.talk import Sitting
from services.committee.hall.streaming import tell, told_after
from services.committee.rulebook import RULES
from shared.audit.record import Actor
from shared.kernel.errors import TooMany
from shared.kernel.ids import new_id
from shared.procedures.acting import Act
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.rulebook import Rulebook
from tests.services.committee.hall.conftest import MONDAY, Hall
from tests.services.committee.hall.test_sittings import opened
from tests.support.databases import Databases
from tests.support.racing import waits_or_ends

RULEBOOK = Rulebook.from_files(*COMMON, *RULES)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sitting": (
        "district, id, community_id, topic, held_on, begins, place, state, version, last_event",
        ("$1", "$2", "$3", "'议事'", "'2026-03-25'", "'19:00'", "''", "'planned'", "1", "0"),
    ),
    "matter_handover": (
        "district, id, matter_id, handler, request, state, handed_on, due_on, version",
        ("$1", "$2", "$4", "'mediation'", "'办理'", "'sent'", "now()", "now()", "1"),
    ),
    "matter_rating": (
        "district, id, matter_id, round, score, entered",
        ("$1", "$2", "$4", "1", "5", "false"),
    ),
    "sitting_agenda": ("district, id, sitting_id, matter_id", ("$1", "$2", "$5", "$4")),
}


async def _race(databases: Databases, table: str, row: str, values: tuple[Any, ...]) -> int:
    """How many of six parallel inserts succeed."""
    columns, given = ROWS[row]
    shown = f"SELECT {', '.join(given)} WHERE ($3::uuid, $4::uuid, $5::uuid) IS NOT NULL"

    async def one() -> bool:
        connection = await asyncpg.connect(
            databases.url("committee").replace("+asyncpg", ""),
            server_settings={"search_path": "committee"},
        )
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL app.district = '{values[0]}'")
                await connection.execute(
                    f"INSERT INTO {table} ({columns}) "
                    + shown.replace("$1", f"'{values[0]}'").replace("$2", "$1::uuid")
                    .replace("$3", "$2").replace("$4", "$3").replace("$5", "$4"),
                    new_id(), *values[1:],
                )  # fmt: skip
        except asyncpg.UniqueViolationError:
            return False
        finally:
            await connection.close()
        return True

    return sum(await asyncio.gather(*(one() for _ in range(6))))


@pytest.mark.parametrize("table", sorted(ROWS))
async def test_only_one_of_several_at_once_is_taken(
    hall: Hall, databases: Databases, table: str
) -> None:
    sitting, _ = await opened(hall)
    matter = await hall.accepted("neighbour")
    values = (hall.code, hall.communities[0], matter["id"], sitting)
    owner = await asyncpg.connect(databases.server.superuser_dsn())
    copy = f"{table}_unguarded"
    try:
        await owner.execute(f"CREATE TABLE committee.{copy} (LIKE committee.{table})")
        await owner.execute(f"GRANT INSERT ON committee.{copy} TO shequ_committee")
        for name in ("at", "created_at", "updated_at"):
            await owner.execute(
                f"ALTER TABLE committee.{copy} ADD COLUMN IF NOT EXISTS {name} timestamptz"
            )
            await owner.execute(f"ALTER TABLE committee.{copy} ALTER {name} DROP NOT NULL")
        assert await _race(databases, copy, table, values) == 6
        assert await _race(databases, table, table, values) == 1
    finally:
        await owner.execute(f"DROP TABLE IF EXISTS committee.{copy}")
        await owner.close()


async def _two(hall: Hall, account: Any) -> tuple[bool, bool]:
    """Two requests of one person when one is left: whether the second waits for the first, and
    whether it is refused then."""
    async with (
        hall.database.session(hall.code) as first,
        hall.database.session(hall.code) as second,
    ):
        act = Act(first, Actor.platform(hall.code), frozenset(), RULEBOOK, MONDAY, NOON)
        await limits.count_against(act, account, limits.RAISING)
        later = asyncio.create_task(
            limits.count_against(replace(act, session=second), account, limits.RAISING)
        )
        await waits_or_ends(later, hall.database, hall.code)
        waited = not later.done()
        await first.commit()
        refused = isinstance((await asyncio.gather(later, return_exceptions=True))[0], TooMany)
        return waited, refused


async def test_the_last_one_of_a_limit_is_given_once(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, other = new_id(), new_id()
    for one in (account, other):
        async with hall.database.transaction(hall.code) as session:
            act = Act(session, Actor.platform(hall.code), frozenset(), RULEBOOK, MONDAY, NOON)
            for _ in range(4):
                await limits.count_against(act, one, limits.RAISING)
    assert await _two(hall, account) == (True, True)
    monkeypatch.setattr(limits, "text", lambda _statement: text("SELECT :what"))
    assert await _two(hall, other) == (False, False)


async def test_what_a_sitting_tells_is_numbered_without_gaps_in_the_order_of_commits(
    hall: Hall,
) -> None:
    sitting, _ = await opened(hall)
    seen: list[int] = []

    async def say(number: int) -> None:
        async with hall.database.session(hall.code) as session:
            found = await session.get_one(Sitting, (hall.code, sitting), with_for_update=True)
            await tell(session, found, "vote", {"agree": number})
            mine = found.last_event
            await session.commit()
            seen.append(mine)

    await asyncio.gather(*(say(number) for number in range(8)))
    async with hall.database.transaction(hall.code) as session:
        told = await told_after(session, UUID(sitting), 0)
    assert [one.number for one in told] == list(range(1, 11))
    assert sorted(seen) == list(range(3, 11))


async def test_without_the_lock_two_would_have_one_number(hall: Hall) -> None:
    sitting, _ = await opened(hall)

    async def say(gate: asyncio.Barrier) -> bool:
        async with hall.database.session(hall.code) as session:
            found = await session.get_one(Sitting, (hall.code, sitting))
            await gate.wait()
            try:
                await tell(session, found, "vote", {"agree": 1})
                await session.commit()
            except Exception:
                return False
            return True

    gate = asyncio.Barrier(3)
    assert sum(await asyncio.gather(*(say(gate) for _ in range(3)))) == 1
