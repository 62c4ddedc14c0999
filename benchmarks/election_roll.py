"""A community-sized stress case: the roll of 100,000 electors published, frozen, exported, verified.

    python -m benchmarks.election_roll [--electors 100000]

The committee service's own use cases on a real PostgreSQL, through its HTTP; the electors are put
into the table directly, since they would register over weeks.
"""

import argparse
import asyncio
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from benchmarks.support import table
from services.cli.demo.electing import ELECTIONS, POSTS, SEATS
from services.cli.demo.generator import check_character
from services.cli.verify_election import verify
from services.committee.app import create_app
from services.committee.elections.chain import commitment
from services.committee.settings import Settings
from shared.auth.principal import Role
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from tests.conftest import KEYS, client_of
from tests.support.databases import Databases, migrated_server
from tests.support.identity import ISSUER, SigningIdentity

DISTRICT = "421002"
COLUMNS = (
    "district", "election_id", "id", "person_id", "identity_hash", "name", "sex", "born_on",
    "basis", "state", "reasons", "declaration", "registered_on", "votes", "alone", "commitment",
    "frozen",
)  # fmt: skip


async def _community(connection: Any) -> UUID:
    id = new_id()
    await connection.execute(
        "INSERT INTO committee.community (district, id, code, name, kind, state, household_count, "
        "street_id, street_code, street_name) VALUES ($1, $2, 'C0', '压力社区', 'urban', 'active', "
        "40000, $3, 'S1', '街道')",
        DISTRICT,
        id,
        new_id(),
    )
    return id


async def _electors(connection: Any, election: UUID, count: int, today: Any) -> None:
    rows = []
    for place in range(count):
        id = new_id()
        name = f"选民{place}"
        bound = commitment(f"{place:032x}", str(id), name)
        rows.append(
            (
                DISTRICT, election, id, id, place.to_bytes(32, "big"), name, "female", today,
                "household_register", "registered", "[]", "登记册", today, True, False, bound,
                False,
            )
        )  # fmt: skip
    await connection.copy_records_to_table(
        "elector", schema_name="committee", columns=COLUMNS, records=rows
    )


async def _measure(databases: Databases, files: Path, count: int) -> list[tuple[str, str]]:
    identity = SigningIdentity()
    clock = SystemClock()
    settings = Settings(
        database_url=databases.url("committee"),
        issuer=ISSUER,
        files_url=files.as_uri(),
        demo_elections=True,
        **KEYS,
    )
    owner = await asyncpg.connect(databases.server.superuser_dsn())
    community = await _community(owner)
    who = identity.bearer(DISTRICT, Role.ELECTION_COMMITTEE, community=community)
    figures: list[tuple[str, str]] = []
    async with client_of(create_app(settings, identity=identity, clock=clock)) as client:

        async def post(path: str, body: Any = None) -> Any:
            answer = await client.post(f"{ELECTIONS}{path}", json=body, headers=who, timeout=120)
            assert answer.status_code < 300, answer.text
            return answer.json()

        async def timed(name: str, doing: Any) -> Any:
            began = time.perf_counter()
            found = await doing
            figures.append((name, f"{time.perf_counter() - began:.1f} s"))
            return found

        start = clock.today()
        made = await post(
            "",
            {
                "community_id": str(community),
                "form": "all_electors",
                "seats": SEATS,
                "election_day": str(start + timedelta(days=40)),
                "resolved_on": str(start),
                "resolution": "压力测试",
                "demo_today": str(start),
            },
        )
        one = f"/{made['id']}"
        members = [
            {"name": f"委员{at}", "post": post_, "id_number": _number(at)}
            for at, post_ in enumerate(POSTS)
        ]
        await post(f"{one}/committee", {"members": members, "resolution": "压力测试"})
        await post(f"{one}/registration")
        await _electors(owner, UUID(made["id"]), count, start)
        await timed("publish the roll: numbers drawn, hashed", post(f"{one}/roll/publication"))
        await post(f"{one}/demo-clock", {"today": str(start + timedelta(days=6))})
        await timed("freeze the roll", post(f"{one}/freeze"))
        path = f"{ELECTIONS}{one}/log/export?district={DISTRICT}"
        file: httpx.Response = await timed("export", client.get(path, timeout=120))
        began = time.perf_counter()
        report = verify(file.content)
        figures.append(("verify", f"{time.perf_counter() - began:.1f} s"))
        assert report.faults == []
        figures.append(("file", f"{len(file.content) / 1e6:.1f} MB"))
    await owner.close()
    return figures


def _number(place: int) -> str:
    body = f"42100219620308{2 * place:03d}"
    return body + check_character(body)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--electors", type=int, default=100_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        files.mkdir()
        with migrated_server(Path(folder) / "postgres") as databases:
            figures = asyncio.run(_measure(databases, files, given.electors))
    print(table(("step", "took"), figures))


if __name__ == "__main__":
    main()
