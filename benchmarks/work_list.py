"""The work list at once and ten times the tasks: median time and number of queries.

    python -m benchmarks.work_list [--tasks 50000] [--rounds 40]

Tasks of the demo district's 83 communities and twelve departments over three years, one in twelve
still open. The service runs in this process on a PostgreSQL of its own; each list is asked through
its whole stack (token, policy, query, checked model, JSON), and everything grows tenfold between
the two measurements, what is open too.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from fastapi import FastAPI
from sqlalchemy import event

from benchmarks.districts import DISTRICT, KEYS, settled_district
from benchmarks.support import table
from services.cli.serve import settle
from services.workstation.app import create_app
from services.workstation.settings import Settings
from shared.auth.principal import Role
from tests.conftest import client_of
from tests.support.databases import Databases, migrated_server
from tests.support.identity import ISSUER, SigningIdentity

LIMIT = 1.5
COMMUNITIES = 83
DISPATCHES = """
INSERT INTO workstation.task_dispatch (district, id, item_id, item_code, item_title, department_id,
    department_name, title, content, standard, dispatched_on, due_on, elements)
SELECT $1, gen_random_uuid(), gen_random_uuid(), 'WJ-' || n % 40, '事项' || n % 40,
    lpad(to_hex(n % 12 + 1), 32, '0')::uuid, '部门' || n % 12, '任务' || n, '按名单核对。', '全部核对',
    day, day + 30, '{}'
FROM generate_series($2::int, $3::int - 1) AS n,
    LATERAL (SELECT current_date - (n * 7919 % 1095) AS day) AS at
"""
TASKS = """
INSERT INTO workstation.task (district, id, dispatch_id, community_id, department_id, cases, amount,
    deadline, next_due_on, state, concluded_on, version)
SELECT d.district, gen_random_uuid(), d.id, c.id, d.department_id, 1, 1000, d.due_on,
    d.due_on + (hashtext(d.id::text || c.id) & 7),
    CASE WHEN open THEN (ARRAY['received', 'in_progress', 'submitted'])[1 + chance % 3]
        ELSE 'closed' END,
    CASE WHEN open THEN NULL ELSE d.due_on END, 1
FROM workstation.task_dispatch d
JOIN workstation.community c ON c.district = d.district AND c.state = 'active',
    LATERAL (SELECT hashtext(c.id::text || d.id) & 65535 AS chance) AS r,
    LATERAL (SELECT r.chance % 12 = 0 AS open) AS o
WHERE NOT EXISTS (SELECT 1 FROM workstation.task t
    WHERE t.district = d.district AND t.dispatch_id = d.id)
"""


async def _grow(dsn: str, since: int, until: int) -> int:
    """More dispatches with their tasks; how many tasks there are then."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(DISPATCHES, DISTRICT, since, until)
        await connection.execute(TASKS)
        await connection.execute("VACUUM ANALYZE")
        return int(await connection.fetchval("SELECT count(*) FROM workstation.task"))
    finally:
        await connection.close()


@contextmanager
def _statements(app: FastAPI) -> Iterator[list[str]]:
    found: list[str] = []
    engine = app.state.database._reading.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def _ask(
    app: FastAPI, client: httpx.AsyncClient, path: str, headers: dict[str, str], rounds: int
) -> tuple[float, int]:
    """Median seconds of an answer, and how many queries it takes."""
    with _statements(app) as statements:
        answer = await client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        await client.get(path, headers=headers)
        times.append(time.perf_counter() - began)
    return median(times), len(statements)


async def _lists(client: httpx.AsyncClient, dsn: str) -> dict[str, tuple[str, dict[str, str]]]:
    """What is asked, by whom."""
    connection = await asyncpg.connect(dsn)
    place = await connection.fetchrow(
        "SELECT id, street_id FROM workstation.community WHERE state = 'active' ORDER BY code LIMIT 1"
    )
    await connection.close()
    assert place is not None
    bearer = IDENTITY.bearer
    clerk = bearer(DISTRICT, Role.WORKSTATION_STAFF, community=place["id"])
    street = bearer(DISTRICT, Role.STREET_OFFICER, street=place["street_id"])
    department = bearer(DISTRICT, Role.DEPARTMENT, department=UUID(int=3))
    group = bearer(DISTRICT, Role.LEADING_GROUP)
    base = "/v1/workstation/tasks"
    first = await client.get(f"{base}?open=true&limit=4", headers=clerk)
    return {
        "a clerk's open tasks": (f"{base}?open=true", clerk),
        "their next page": (first.json()["next"], clerk),
        "their tasks, all": (base, clerk),
        "a department's submitted": (f"{base}?state=submitted", department),
        "a street's overdue": (f"{base}?overdue=true", street),
        "the district's open": (f"{base}?open=true", group),
        "the district's, by title": (f"{base}?q=任务12", group),
    }


IDENTITY = SigningIdentity()


async def _measure(server: Databases, folder: Path, tasks: int, rounds: int) -> None:
    files = (folder / "files").as_uri()
    await settled_district(server.url("workstation"), files)
    app = create_app(
        Settings(
            database_url=server.url("workstation"),
            issuer=ISSUER,
            files_url=files,
            personal_data_keys=KEYS[0],
            lookup_key=KEYS[1],
        ),
        identity=IDENTITY,
    )
    settle()
    dsn = server.server.superuser_dsn()
    dispatches = tasks // COMMUNITIES
    found: dict[str, list[tuple[float, int]]] = {}
    sizes = []
    async with client_of(app) as client:
        for since, until in ((0, dispatches), (dispatches, 10 * dispatches)):
            sizes.append(await _grow(dsn, since, until))
            lists = await _lists(client, dsn)
            for _ in range(2):
                for name, (path, headers) in lists.items():
                    found.setdefault(name, []).append(
                        await _ask(app, client, path, headers, rounds)
                    )
    rows = []
    for name, asked in found.items():
        small, large = (median(one[0] for one in asked[at : at + 2]) for at in (0, 2))
        queries = {one[1] for one in asked}
        rows.append(
            [
                name,
                f"{small * 1000:.1f}",
                f"{large * 1000:.1f}",
                f"{large / small:.2f}",
                "/".join(str(number) for number in sorted(queries)),
            ]
        )
    heads = ["", *(f"p50 ms, {size:,} tasks" for size in sizes), "ratio", "queries"]
    print(table(heads, rows))
    print(f"\nTarget: a ratio of at most {LIMIT} and the same number of queries.")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tasks", type=int, default=50_000)
    arguments.add_argument("--rounds", type=int, default=40)
    given = arguments.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="shequ-bench-") as name,
        migrated_server(Path(name) / "postgres") as server,
    ):
        asyncio.run(_measure(server, Path(name), given.tasks, given.rounds))


if __name__ == "__main__":
    main()
