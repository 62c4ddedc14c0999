"""Webhook deliveries a second with one and with two worker processes, beside a bare POST loop.

    python -m benchmarks.webhooks [--rounds 3] [--events 60] [--webhooks 8]

The workers are `worker` processes as an installation runs them; the receiver is a bare ASGI app on
uvicorn that answers at once. In one transaction the events happen, each for every webhook, ten
subjects in turn; the time runs from the commit until the last one is delivered. Each delivery is
claimed, signed, sent on a connection of its own to the address that was judged, and logged. Beside
it one process POSTs the same bodies with httpx, as many at once as there are webhooks, over kept
connections and over a new one each. Rounds are interleaved, figures are medians.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID

import httpx
from sqlalchemy import func, select, text

from benchmarks.districts import DISTRICT
from benchmarks.support import running, table
from services.cli.home import Home
from services.cli.processes import spawn, stop
from services.gateway.identity.public import Department, Seal
from services.gateway.webhooks.domain import ITEM_DECIDED
from services.gateway.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery
from services.gateway.webhooks.publishing import publish
from services.gateway.webhooks.secrets import new_secret, sealed
from shared.db.database import Database
from shared.db.districts import register_district
from shared.kernel.ids import new_id
from tests.support.databases import Databases, migrated_server

SUBJECTS = 10
WORKERS = (1, 2)
DATA = {"item_id": str(new_id()), "code": "WJ-02", "outcome": "approval", "reason": None}
PATIENCE = 300.0

_AT_THE_QUEUE = text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE usename = current_user AND pid <> pg_backend_pid() AND query ~* '^listen|pgqueuer'
""")


@dataclass(frozen=True)
class Bench:
    """A district whose departments listen, and what its workers are started with."""

    server: Databases
    database: Database
    departments: Sequence[UUID]
    environment: Mapping[str, str]
    log: Path

    async def delivered(self, events: int) -> float:
        """Seconds from the commit of so many events until the last delivery."""
        async with self.database.transaction(DISTRICT) as session:
            for number in range(events):
                await publish(
                    session, DISTRICT, type=ITEM_DECIDED, subject=f"item/{number % SUBJECTS}",
                    data={**DATA, "number": number}, departments=self.departments,
                )  # fmt: skip
        return await self._until(self._all_delivered)

    async def _all_delivered(self) -> bool:
        async with self.database.read(DISTRICT) as session:
            query = select(WebhookDelivery.id).where(WebhookDelivery.state != "delivered").limit(1)
            return await session.scalar(query) is None

    async def _until(self, holds: Callable[[], Awaitable[bool]]) -> float:
        began = time.monotonic()
        while not await holds():
            if time.monotonic() - began > PATIENCE:
                raise SystemExit(f"It does not go on:\n{self.log.read_text()[-2000:]}")
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def rate(self, workers: int, events: int) -> float:
        """Deliveries a second of so many worker processes, once they are warm."""
        command = [sys.executable, "-m", "services.cli", "worker"]
        with self.log.open("ab") as log:
            started = [
                spawn(command, log=log, environment=self.environment) for _ in range(workers)
            ]
        try:
            await self._until(lambda: self._at_work(workers))
            await self.delivered(SUBJECTS)
            return events * len(self.departments) / await self.delivered(events)
        finally:
            for process in started:
                stop(process, signal.SIGTERM)

    async def _at_work(self, workers: int) -> bool:
        async with self.database.installation() as session:
            return int(await session.scalar(_AT_THE_QUEUE) or 0) >= workers


async def _bare(url: str, count: int, at_once: int, *, kept: bool) -> float:
    body = {"type": ITEM_DECIDED, "source": f"/districts/{DISTRICT}", "data": DATA}

    async def post(client: httpx.AsyncClient, times: int) -> None:
        for _ in range(times):
            if kept:
                (await client.post(url, json=body)).raise_for_status()
            else:
                async with httpx.AsyncClient(verify=False, trust_env=False) as own:
                    (await own.post(url, json=body)).raise_for_status()

    async with httpx.AsyncClient(trust_env=False) as client:
        began = time.monotonic()
        await asyncio.gather(*(post(client, count // at_once) for _ in range(at_once)))
        return count / (time.monotonic() - began)


async def _prepare(server: Databases, home: Home, url: str, webhooks: int) -> Bench:
    database = server.database("gateway")
    await register_district(
        database, DISTRICT, name="沙市区", prefecture="荆州市", province="湖北省"
    )
    kept = home.secrets()
    seal = Seal(kept["signing_key_secret"])
    departments = [new_id() for _ in range(webhooks)]
    async with database.transaction(DISTRICT) as session:
        for number, department in enumerate(departments):
            session.add(
                Department(
                    district=DISTRICT, id=department, code=f"d{number}", name=f"部门{number}"
                )
            )
            await session.flush()
            id = new_id()
            session.add(
                Webhook(
                    district=DISTRICT, id=id, department_id=department, url=url,
                    event_types=[ITEM_DECIDED], description="", state="active",
                    secret=sealed(seal, id, new_secret()), version=1,
                )
            )  # fmt: skip
    environment = {
        **os.environ,
        **{f"SHEQU_DATABASE_URL_{name.upper()}": server.url(name) for name in
           ("gateway", "workstation", "committee")},
        "SHEQU_FILES_URL": home.files.as_uri(),
        "SHEQU_PERSONAL_DATA_KEYS": kept["personal_data_keys"],
        "SHEQU_LOOKUP_KEY": kept["lookup_key"],
        "SHEQU_SIGNING_KEY_SECRET": kept["signing_key_secret"],
        "SHEQU_WEBHOOK_ALLOW": '["127.0.0.1"]',
        "SHEQU_LOG_LEVEL": "warning",
    }  # fmt: skip
    return Bench(server, database, departments, environment, home.folder / "worker.log")


async def _measure(
    server: Databases, home: Home, url: str, *, rounds: int, events: int, webhooks: int
) -> None:
    bench = await _prepare(server, home, url, webhooks)
    count = events * webhooks
    rates: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, kept in (("httpx, kept connections", True), ("httpx, a new one each", False)):
            rates.setdefault(name, []).append(await _bare(url, count, webhooks, kept=kept))
        for workers in WORKERS:
            name = f"{workers} worker" + "s" * (workers > 1)
            rates.setdefault(name, []).append(await bench.rate(workers, events))
    async with bench.database.read(DISTRICT) as session:
        made = await session.scalar(select(func.count()).select_from(WebhookDelivery))
        attempts = await session.scalar(select(func.count()).select_from(WebhookAttempt))
    await bench.database.close()
    assert made == attempts, (made, attempts)
    middle = {name: median(found) for name, found in rates.items()}
    limit = middle["httpx, kept connections"]
    rows = [[name, f"{rate:,.0f}", f"{rate / limit:.0%}"] for name, rate in middle.items()]
    print(table([f"{webhooks} endpoints", "deliveries/s", "of kept httpx"], rows))
    print(f"\nTwo workers to one: {middle['2 workers'] / middle['1 worker']:.2f}.")
    print(f"{made:,} deliveries, each in one attempt.")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--events", type=int, default=60)
    arguments.add_argument("--webhooks", type=int, default=8)
    given = arguments.parse_args()
    receiver = [
        *(sys.executable, "-m", "uvicorn", "benchmarks.upstream:app", "--no-access-log"),
        *("--loop", "uvloop", "--http", "httptools", "--log-level", "warning"),
    ]
    with ExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="shequ-bench-")))
        server = exits.enter_context(migrated_server(folder / "postgres"))
        home = Home(folder)
        home.prepare()
        listening = exits.enter_context(
            running(
                lambda port: [*receiver, "--port", str(port)],
                log=folder / "receiver.log",
                environment=os.environ,
            )
        )
        url = f"http://127.0.0.1:{listening.port}/shequ"
        asyncio.run(_measure(server, home, url, **vars(given)))


if __name__ == "__main__":
    main()
