"""Ledger search at 50,000 and at 500,000 entries, side by side in one run.

    python -m benchmarks.ledger [--rounds 60]

Two servers with the same 60 elements and 83 communities, the one with ten and the other with a
hundred periods; each request goes through the whole service in this process, by turns at the one
and at the other. Queries are counted where they leave for the database.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import asyncpg
import httpx
from sqlalchemy import Engine, event

from benchmarks.districts import DISTRICT, KEYS, settled_district
from benchmarks.support import table
from services.workstation.app import create_app
from services.workstation.settings import Settings
from shared.auth.principal import Role
from shared.kernel.ids import new_id
from tests.support.databases import Databases, migrated_server
from tests.support.identity import ISSUER, SigningIdentity

PERIODS = {"50,000": 10, "500,000": 100}
MOST_RATIO = 1.5
FILL = """
INSERT INTO workstation.ledger_element (district, id, code, title, definition, type, scope,
    frequency, validity_days, choices, owner_kind, owner_name, version)
SELECT '421002', uuidv7(), 'e' || n, (ARRAY['老年人数','残疾人数','犬只数','车位数','演练次数',
    '藏书数'])[1 + n % 6] || n, '第' || n || '项', 'integer', 'community', 'month', 400, '{}',
    'workstation', '社区工作站', 1 FROM generate_series(1, 60) n;
INSERT INTO workstation.ledger_entry (district, id, element_id, community_id, subject_id, period,
    value, recorded_on, valid_until, source, recorded_by_kind, ended_on, ended_because)
SELECT '421002', uuidv7(), e.id, c.id, c.id, 'p' || lpad(p::text, 3, '0'), (p * 7 % 900)::text,
    date '2018-01-01' + p * 30, date '2019-02-05' + p * 30, 'import', 'person',
    CASE WHEN p % 20 = 0 THEN date '2026-11-01' END, CASE WHEN p % 20 = 0 THEN '更正' END
FROM generate_series(1, {periods}) p, workstation.ledger_element e, workstation.community c
WHERE c.state = 'active'
ORDER BY p, random();
"""


@dataclass
class Side:
    """A service on a database of one size."""

    client: httpx.AsyncClient
    headers: dict[str, dict[str, str]]
    community: str
    cursor: str = ""
    seconds: dict[str, list[float]] = field(default_factory=dict)
    queries: dict[str, set[int]] = field(default_factory=dict)


class Counted:
    """Statements that left for the database since the last look."""

    def __init__(self) -> None:
        self.number = 0
        event.listen(Engine, "before_cursor_execute", self._one_more)

    def _one_more(self, *_: object) -> None:
        self.number += 1


@asynccontextmanager
async def side(server: Databases, folder: Path, periods: int) -> AsyncIterator[Side]:
    """The service on a filled database."""
    await settled_district(server.url("workstation"), folder.as_uri())
    owner = await asyncpg.connect(server.server.superuser_dsn())
    health = new_id()
    try:
        await owner.execute("SET session_replication_role = replica")  # no look-up of each key
        await owner.execute(FILL.replace("{periods}", str(periods)))
        await owner.execute(
            "INSERT INTO workstation.ledger_grant (district, id, department_id, element_id, "
            "purpose, starts_on, ends_on, version) SELECT '421002', uuidv7(), $1, id, '测算', "
            "'2020-01-01', '2099-01-01', 1 FROM workstation.ledger_element "
            "WHERE code IN ('e3', 'e9', 'e27')",
            health,
        )
        await owner.execute("VACUUM ANALYZE workstation.ledger_entry")
        await owner.execute("ANALYZE")
        row = await owner.fetchrow(
            "SELECT id, street_id FROM workstation.community WHERE state = 'active' "
            "ORDER BY code LIMIT 1"
        )
        assert row is not None
    finally:
        await owner.close()
    identity = SigningIdentity()
    settings = Settings(
        database_url=server.url("workstation"),
        issuer=ISSUER,
        files_url=folder.as_uri(),
        personal_data_keys=KEYS[0],
        lookup_key=KEYS[1],
    )
    app = create_app(settings, identity=identity)
    headers = {
        "group": identity.bearer(DISTRICT, Role.LEADING_GROUP),
        "street": identity.bearer(DISTRICT, Role.STREET_OFFICER, street=row["street_id"]),
        "clerk": identity.bearer(DISTRICT, Role.WORKSTATION_STAFF, community=row["id"]),
        "department": identity.bearer(DISTRICT, Role.DEPARTMENT, department=health),
    }
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://bench") as client,
    ):
        yield Side(client, headers, str(row["id"]))


def searches(one: Side) -> dict[str, tuple[str, str]]:
    """What is asked, by whom; each gives a full page of 50 at both sizes."""
    where = f"community_id={one.community}"
    return {
        "by part of a title": ("group", "q=犬只"),
        "by element, latest first": ("group", "element=e17"),
        "by element and community": ("group", f"element=e1&element=e2&element=e3&{where}"),
        "by community": ("clerk", where),
        "by period": ("group", "period=p007"),
        "within a street": ("street", "q=残疾"),
        "a department, by grant": ("department", "element=e3&element=e9"),
        "what counted on a day long ago": ("group", "on=2018-09-01&q=老年"),
        "everything, first page": ("group", ""),
        "everything, a later page": ("group", f"cursor={one.cursor}"),
    }


async def _ask(one: Side, who: str, query: str) -> httpx.Response:
    path = f"/v1/workstation/ledger/entries?{query}"
    answer = await one.client.get(path, headers=one.headers[who])
    assert answer.status_code == 200, answer.text
    return answer


async def _later(one: Side) -> str:
    """The cursor after twenty pages."""
    query = "limit=200"
    for _ in range(20):
        query = (await _ask(one, "group", query)).json()["next"].partition("?")[2]
    return query.rpartition("cursor=")[2]


async def measure(sides: dict[str, Side], rounds: int) -> None:
    """Ask by turns; the first rounds only warm up."""
    counted = Counted()
    for one in sides.values():
        one.cursor = await _later(one)
    for number in range(-5, rounds):
        for one in sides.values():
            for name, (who, query) in searches(one).items():
                counted.number = 0
                begun = time.perf_counter()
                answer = await _ask(one, who, query)
                took = time.perf_counter() - begun
                if number >= 0:
                    one.seconds.setdefault(name, []).append(took)
                    one.queries.setdefault(name, set()).add(counted.number)
                elif number == -1 and len(answer.json()["items"]) < 10:
                    raise SystemExit(f"{name}: too few entries to compare")


async def run(servers: dict[str, Databases], folder: Path, rounds: int) -> None:
    """Fill both, measure, and print."""
    small, large = PERIODS
    async with (
        side(servers[small], folder / small, PERIODS[small]) as few,
        side(servers[large], folder / large, PERIODS[large]) as many,
    ):
        await measure({small: few, large: many}, rounds)
        rows = []
        worst = 0.0
        for name in few.seconds:
            one, other = median(few.seconds[name]), median(many.seconds[name])
            worst = max(worst, other / one)
            counts = sorted(few.queries[name] | many.queries[name])
            rows.append(
                [
                    name,
                    f"{one * 1000:.1f}",
                    f"{other * 1000:.1f}",
                    f"{other / one:.2f}",
                    ", ".join(map(str, counts)),
                ]
            )
    print(table(["search", f"p50 ms, {small}", f"p50 ms, {large}", "ratio", "queries"], rows))
    print(f"\nWorst ratio {worst:.2f}; target: at most {MOST_RATIO}.")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=60)
    given = arguments.parse_args()
    with ExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="shequ-bench-")))
        servers = {
            size: exits.enter_context(migrated_server(folder / f"postgres{number}"))
            for number, size in enumerate(PERIODS)
        }
        asyncio.run(run(servers, folder, given.rounds))


if __name__ == "__main__":
    main()
