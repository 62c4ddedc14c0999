"""A single read and a list page of 50 beside a FastAPI route on raw asyncpg, in one run.

    python -m benchmarks.reads [--rounds 4] [--seconds 3]

Both are one uvicorn worker on the same PostgreSQL and the same rows. The workstation verifies a
token, asks a policy, reads in a read-only transaction under row-level security, and answers with a
checked model, an ETag and a request id; the route on asyncpg does nothing but read and answer.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import asyncpg

from benchmarks.districts import DISTRICT, settled_district
from benchmarks.support import Load, load, middle, program, running, table
from tests.support.databases import migrated_server

CONNECTIONS = 16
LEAST_SINGLE = 0.35


async def _a_community(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    try:
        return str(
            await connection.fetchval(
                "SELECT id FROM workstation.community WHERE district = $1 ORDER BY code LIMIT 1",
                DISTRICT,
            )
        )
    finally:
        await connection.close()


def _uvicorn(name: str) -> Callable[[int], Sequence[str]]:
    def arguments(port: int) -> Sequence[str]:
        return [
            sys.executable,
            *("-m", "uvicorn", f"benchmarks.reading:{name}", "--factory"),
            *("--port", str(port), "--loop", "uvloop", "--http", "httptools"),
            *("--no-access-log", "--log-level", "warning"),
        ]

    return arguments


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=4)
    arguments.add_argument("--seconds", type=int, default=3)
    given = arguments.parse_args()
    wrk = program("wrk", package="wrk")
    with ExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="shequ-bench-")))
        server = exits.enter_context(migrated_server(folder / "postgres"))
        asyncio.run(
            settled_district(server.url("workstation"), (folder / "files").as_uri(), records=True)
        )
        community = asyncio.run(_a_community(server.server.superuser_dsn()))
        environment = {
            **os.environ,
            "TOKEN_FILE": str(folder / "token"),
            "SERVICE_URL": server.url("workstation"),
            "SUPERUSER_URL": server.server.superuser_dsn(),
        }
        processes = {
            name: exits.enter_context(
                running(_uvicorn(name), log=folder / f"{name}.log", environment=environment)
            )
            for name in ("bare", "workstation")
        }
        headers = {"Authorization": (folder / "token").read_text()}
        paths = {
            "single read": f"/v1/workstation/communities/{community}",
            "page of 50": "/v1/workstation/facilities?limit=50",
        }
        rows = []
        for what, path in paths.items():
            loads: dict[str, list[Load]] = {name: [] for name in processes}
            for _ in range(given.rounds):
                for name, process in processes.items():
                    loads[name].append(
                        load(
                            wrk,
                            process,
                            path,
                            connections=CONNECTIONS,
                            seconds=given.seconds,
                            headers=headers,
                        )
                    )
            bare, ours = middle(loads["bare"]), middle(loads["workstation"])
            assert bare.failed == ours.failed == 0, (bare, ours)
            for name, one in (("asyncpg", bare), ("workstation", ours)):
                rows.append(
                    [
                        what,
                        name,
                        f"{one.rate:,.0f}",
                        f"{one.p50 * 1000:.2f}",
                        f"{one.p99 * 1000:.2f}",
                        f"{one.rate / bare.rate:.0%}",
                    ]
                )
    print(table(["", "", "requests/s", "p50 ms", "p99 ms", "ratio"], rows))
    print(f"\nTarget: a single read at no less than {LEAST_SINGLE:.0%} of the route on asyncpg.")


if __name__ == "__main__":
    main()
