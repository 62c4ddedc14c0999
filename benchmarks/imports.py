"""The import of residents beside COPY of the same rows into the same table, in one run.

`python -m benchmarks.imports [--rows 100000]` imports a generated file of residents (every ID
number checked, encrypted, hashed and audited) in a process of its own, prints rows a second and
that process's peak memory, then empties the table and lets the superuser COPY the very same rows
back in, with the same indexes and constraints.
"""

import argparse
import asyncio
import csv
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

import asyncpg

from benchmarks.districts import DISTRICT, bring_in, settled_district
from services.cli.demo.files import DATA
from services.cli.demo.generator import generate
from tests.support.databases import Databases, migrated_server

MEMORY_TARGET_MB = 500
RATIO_TARGET = 0.25
AT_ONCE = """
import asyncio, json, resource, sys, time
from uuid import UUID
from benchmarks.districts import DISTRICT, importing_of
from shared.imports.runner import run_import

async def main():
    importing = importing_of(sys.argv[1], sys.argv[2])
    began = time.perf_counter()
    await run_import(importing, DISTRICT, UUID(sys.argv[3]))
    seconds = time.perf_counter() - began
    print(json.dumps({
        "seconds": seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))

asyncio.run(main())
"""


def _first_rows(source: Path, target: Path, rows: int) -> None:
    with source.open(encoding="utf-8") as file, target.open("w", encoding="utf-8") as out:
        out.writelines(itertools.islice(file, rows + 1))


def _cut_households(households: Path, residents: Path) -> None:
    """Keep the households that the residents live in."""
    with residents.open(encoding="utf-8", newline="") as file:
        wanted = {(row["社区代码"], row["户编号"]) for row in csv.DictReader(file)}
    with households.open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.reader(file) if (row[0], row[1]) in wanted or row[0] == "社区代码"
        ]
    with households.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


async def _copy(server: Databases, rows: int) -> float:
    """Seconds that COPY takes for the same rows into the same, emptied table."""
    connection = await asyncpg.connect(server.server.superuser_dsn())
    try:
        await connection.execute("SET search_path TO workstation")
        found = await connection.fetch("SELECT * FROM resident")
        assert len(found) == rows
        columns = list(found[0].keys())
        records = [tuple(row) for row in found]
        await connection.execute("TRUNCATE resident CASCADE")
        began = time.perf_counter()
        await connection.copy_records_to_table("resident", records=records, columns=columns)
        return time.perf_counter() - began
    finally:
        await connection.close()


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=100_000)
    rows = arguments.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="shequ-bench-") as name:
        folder = Path(name)
        with migrated_server(folder / "postgres") as server:
            households, every = generate(folder, DATA / DISTRICT / "communities.csv", 0.25)
            residents = folder / "first.csv"
            _first_rows(every, residents, rows)
            _cut_households(households, residents)
            files = (folder / "files").as_uri()
            url = server.url("workstation")
            asyncio.run(settled_district(url, files))
            asyncio.run(bring_in(url, files, "households", households))
            id = asyncio.run(bring_in(url, files, "residents", residents, work=False))
            told = subprocess.run(
                [sys.executable, "-c", AT_ONCE, url, files, str(UUID(str(id)))],
                env={**os.environ, "PYTHONPATH": str(Path.cwd())},
                stdout=subprocess.PIPE,
                check=True,
            )
            measured = json.loads(told.stdout)
            copied = asyncio.run(_copy(server, rows))
    ratio = copied / measured["seconds"]
    print(f"rows                  {rows:>10,}")
    print(f"import, rows/s        {rows / measured['seconds']:>10,.0f}")
    print(f"COPY, rows/s          {rows / copied:>10,.0f}")
    print(f"import : COPY         {ratio:>10.0%}   (target {RATIO_TARGET:.0%})")
    print(f"peak memory, MB       {measured['peak_mb']:>10,.0f}   (limit {MEMORY_TARGET_MB})")


if __name__ == "__main__":
    main()
