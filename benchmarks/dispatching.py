"""Dispatch decisions a second under contention, beside the bare row lock that they stand on.

    python -m benchmarks.dispatching [--seconds 4] [--rounds 3]

Sixteen callers dispatch as fast as they can: all of them one item, then each an item of its own. A
decision reads the item under its lock, the communities and the rules, decides, writes the dispatch
with its part, draws the money, records the audit, and puts the event into the outbox. Beside it
sixteen connections do nothing but `SELECT … FOR UPDATE; UPDATE` on one row, and on a row each. At
the end the money drawn is compared with what was dispatched.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

import asyncpg
from sqlalchemy import func, select

from benchmarks.districts import DISTRICT
from benchmarks.support import table
from services.gateway.admission.dispatches import Admitted, dispatch
from services.gateway.admission.dispatching import Wanted
from services.gateway.admission.models import Community, Dispatch, Item
from services.gateway.identity.public import Department
from services.gateway.rulebook import RULES
from shared.audit.record import Actor
from shared.db.database import Database
from shared.db.districts import register_district
from shared.kernel.ids import new_id
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.rulebook import Rulebook
from tests.support.databases import Databases, migrated_server

CALLERS = 16
TODAY = date(2026, 3, 2)
AMOUNT = 100
BARE = """
CREATE TABLE bare (id int PRIMARY KEY, drawn bigint NOT NULL DEFAULT 0);
INSERT INTO bare SELECT generate_series(0, 15)
"""
Once = Callable[[int], Awaitable[None]]


def _item(at: int, department: UUID) -> Item:
    return Item(
        district=DISTRICT,
        id=new_id(),
        department_id=department,
        code=f"BENCH-{at}",
        title="健康档案更新",
        list="assistance",
        nature="ordinary",
        legal_basis="组织法 43",
        content="核对台账",
        standard="全部核对",
        targets={"communities": [], "kinds": [], "streets": []},
        elements=[],
        funding_basis="per_community",
        amount=AMOUNT,
        total=10**12,
        source_line="2100408",
        starts_on=TODAY - timedelta(days=30),
        ends_on=TODAY + timedelta(days=300),
        state="admitted",
        version=1,
    )


async def _prepare(database: Database) -> tuple[Department, UUID]:
    await register_district(
        database, DISTRICT, name="沙市区", prefecture="荆州市", province="湖北省"
    )
    async with database.transaction(DISTRICT) as session:
        department = Department(district=DISTRICT, id=new_id(), code="health", name="卫生健康局")
        community = Community(
            district=DISTRICT,
            id=new_id(),
            code="C",
            name="社区",
            kind="urban",
            state="active",
            street_id=new_id(),
            street_name="街道",
        )
        session.add_all([department, community])
        await session.flush()
        session.add_all([_item(at, department.id) for at in range(CALLERS)])
    return department, community.id


async def _rate(once: Once, items: Sequence[int], seconds: float) -> float:
    """How often a second all callers together get done; caller n works on item `items[n]`."""
    done = 0
    began = time.perf_counter()

    async def call(item: int) -> None:
        nonlocal done
        while time.perf_counter() - began < seconds:
            await once(item)
            done += 1

    await asyncio.gather(*(call(item) for item in items))
    return done / (time.perf_counter() - began)


async def _measure(server: Databases, seconds: float, rounds: int) -> None:
    database = server.database("gateway", pool_size=CALLERS)
    department, community = await _prepare(database)
    rulebook = Rulebook.from_files(*COMMON, *RULES)
    actor = Actor.platform(DISTRICT)
    dispatched = 0

    async def decide(item: int) -> None:
        nonlocal dispatched
        async with database.transaction(DISTRICT) as session:
            found = await dispatch(
                session, actor, department,
                item_code=f"BENCH-{item}", title="更新", content="核对",
                due_on=TODAY + timedelta(days=20), communities=[Wanted(community, 1)],
                rulebook=rulebook, today=TODAY,
            )  # fmt: skip
            assert isinstance(found, Admitted), found
        dispatched += 1

    pool = await asyncpg.create_pool(
        server.server.superuser_dsn(), min_size=CALLERS, max_size=CALLERS
    )
    await pool.execute(BARE)

    async def bare(item: int) -> None:
        async with pool.acquire() as connection, connection.transaction():
            await connection.fetchval("SELECT drawn FROM bare WHERE id = $1 FOR UPDATE", item)
            await connection.execute("UPDATE bare SET drawn = drawn + 1 WHERE id = $1", item)

    one, each = [0] * CALLERS, list(range(CALLERS))
    rates: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, once, items in (
            ("bare, one row", bare, one),
            ("bare, a row each", bare, each),
            ("dispatch, one item", decide, one),
            ("dispatch, an item each", decide, each),
        ):
            rates.setdefault(name, []).append(await _rate(once, items, seconds))
    await pool.close()
    async with database.transaction(DISTRICT) as session:
        drawn = await session.scalar(select(func.sum(Item.drawn)))
        kept = await session.scalar(select(func.count()).select_from(Dispatch))
    await database.close()
    assert (drawn, kept) == (dispatched * AMOUNT, dispatched), (drawn, kept, dispatched)
    middle = {name: median(found) for name, found in rates.items()}
    rows = [
        [
            name,
            f"{rate:,.0f}",
            f"{rate / middle['bare, one row' if 'one' in name else 'bare, a row each']:.0%}",
            f"{rate / middle[name.split(',')[0] + (', a row each' if 'bare' in name else ', an item each')]:.0%}",
        ]
        for name, rate in middle.items()
    ]
    print(table(["16 callers", "transactions/s", "of the bare lock", "of one row each"], rows))
    print(f"\n{kept:,} dispatches drew {drawn:,} fen: exactly {AMOUNT} each.")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=4)
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="shequ-bench-") as name,
        migrated_server(Path(name) / "postgres") as server,
    ):
        asyncio.run(_measure(server, given.seconds, given.rounds))


if __name__ == "__main__":
    main()
