"""A thousand listeners on one live sitting: the delay from a commit to each of them.

python -m benchmarks.hall_live [listeners] [events]
"""

import asyncio
import os
import sys
import tempfile
import time
from datetime import date
from datetime import time as clock_time
from pathlib import Path
from statistics import quantiles
from uuid import UUID

from benchmarks.support import Process, running, table
from services.committee.events import HANDLERS
from services.committee.hall.models.talk import Sitting
from services.committee.hall.streaming import tell
from shared.contracts.subscriptions import COMMUNITY_RECORDED
from shared.db.database import Database
from shared.kernel.ids import new_id
from tests.services.committee.conftest import community_event
from tests.support.databases import migrated_server

DISTRICT = "421002"
PAUSE_SECONDS = 0.2
PATIENCE_SECONDS = 60.0


async def _sitting(database: Database) -> UUID:
    community = new_id()
    async with database.transaction(DISTRICT) as session:
        event = community_event(community, f"C{community.hex[-6:]}", new_id())
        await HANDLERS[COMMUNITY_RECORDED](session, DISTRICT, event)
        sitting = Sitting(
            district=DISTRICT,
            id=new_id(),
            community_id=community,
            topic="议事",
            held_on=date(2026, 12, 5),
            begins=clock_time(19, 0),
            place="",
            state="live",
            last_event=0,
        )
        session.add(sitting)
    return UUID(str(sitting.id))


class Listener:
    """One client, reading frames as they come."""

    def __init__(self) -> None:
        self.arrived: dict[int, float] = {}

    async def listen(self, port: int, sitting: UUID, opened: asyncio.Semaphore, last: int) -> None:
        """Until the last event."""
        async with opened:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            path = f"/v1/committee/hall/live/{sitting}?district={DISTRICT}"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            status = await reader.readline()
            if b" 200 " not in status:
                raise SystemExit(f"a listener was refused: {status!r}")
            await reader.readuntil(b"retry: 3000")
        while last not in self.arrived:
            line = await reader.readline()
            if not line:
                raise SystemExit("a stream was cut off")
            if line.startswith(b"id: "):
                self.arrived[int(line[4:])] = time.perf_counter()
        writer.close()


async def _measure(
    database: Database, port: int, listeners: int, events: int
) -> tuple[list[float], int]:
    sitting_id = await _sitting(database)
    gate = asyncio.Semaphore(50)
    clients = [Listener() for _ in range(listeners)]
    tasks = [asyncio.create_task(one.listen(port, sitting_id, gate, events)) for one in clients]
    await asyncio.sleep(3)
    while gate._value < 50 or any(task.done() for task in tasks):
        if any(task.done() for task in tasks):
            await asyncio.gather(*tasks)
        await asyncio.sleep(0.2)
    sent: dict[int, float] = {}
    for number in range(1, events + 1):
        async with database.session(DISTRICT) as session:
            sitting = await session.get_one(Sitting, (DISTRICT, sitting_id), with_for_update=True)
            await tell(session, sitting, "vote", {"agree": number, "reserve": 0, "oppose": 0})
            sent[number] = time.perf_counter()
            await session.commit()
        await asyncio.sleep(PAUSE_SECONDS)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*tasks)
    delays = [at - sent[number] for one in clients for number, at in one.arrived.items()]
    return delays, sum(len(one.arrived) for one in clients)


def _row(way: str, delays: list[float], heard: int, wanted: int, cpu: float) -> list[str]:
    cuts = quantiles(delays, n=100)
    return [
        way,
        f"{heard:,} of {wanted:,}",
        f"{cuts[49] * 1000:.0f}",
        f"{cuts[98] * 1000:.0f}",
        f"{max(delays) * 1000:.0f}",
        f"{cpu / heard * 1e6:.0f}",
    ]


async def _run(
    url: str, ways: list[tuple[str, int, list[Process]]], listeners: int, events: int
) -> None:
    database = Database(url, schema="committee")
    rows = []
    for way, port, processes in ways:
        cpu = sum(process.cpu_seconds() for process in processes)
        delays, heard = await _measure(database, port, listeners, events)
        cpu = sum(process.cpu_seconds() for process in processes) - cpu
        rows.append(_row(way, delays, heard, listeners * events, cpu))
    await database.close()
    heads = ["way", "events heard", "p50 ms", "p99 ms", "slowest ms", "CPU µs/event heard"]
    print(f"{listeners:,} listeners, {events} events, one each {PAUSE_SECONDS} s")
    print(table(heads, rows))


def main() -> None:
    """Measure directly at the service, and through the gateway."""
    listeners = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    events = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    with tempfile.TemporaryDirectory(prefix="shequ-benchmark-") as name:
        folder = Path(name)
        with migrated_server(folder / "data") as databases:
            environment = {
                **os.environ,
                "COMMITTEE_DATABASE": databases.url("committee"),
                "GATEWAY_DATABASE": databases.url("gateway"),
                "FILES": (folder / "files").as_uri(),
            }

            def uvicorn(factory: str, port: int) -> list[str | Path]:
                return [
                    sys.executable, "-m", "uvicorn", "--factory", f"benchmarks.hall_services:{factory}",
                    "--port", str(port), "--loop", "uvloop", "--http", "httptools",
                    "--no-access-log", "--log-level", "warning",
                ]  # fmt: skip

            with running(
                lambda port: uvicorn("committee", port),
                log=folder / "committee.log",
                environment=environment,
            ) as service:
                environment["COMMITTEE_URL"] = f"http://127.0.0.1:{service.port}"
                with running(
                    lambda port: uvicorn("gateway", port),
                    log=folder / "gateway.log",
                    environment=environment,
                ) as door:
                    ways = [
                        ("committee service", service.port, [service]),
                        ("through the gateway", door.port, [service, door]),
                    ]
                    asyncio.run(_run(databases.url("committee"), ways, listeners, events))


if __name__ == "__main__":
    main()
