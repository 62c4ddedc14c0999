"""Background work: nothing that was asked for is lost, whatever becomes of a worker."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

from shared.db.database import Database
from shared.db.districts import register_district
from shared.jobs import worker
from shared.jobs.housekeeping import forget_old_keys
from shared.jobs.queue import enqueue
from shared.jobs.worker import Queue, Work, run_queue
from shared.kernel.ids import new_id
from tests.support.databases import Databases

PATIENCE = 60


class Desk:
    """A queue of the committee service's with one kind of work of the test's own."""

    def __init__(self, databases: Databases, database: Database, district: str) -> None:
        self.databases = databases
        self.database = database
        self.district = district
        self.name = f"test_{uuid4().hex}"

    async def ask(self, payload: str) -> None:
        """Ask for one run."""
        async with self.database.transaction(self.district) as session:
            await enqueue(session, self.name, payload)

    def queue(self, work: Work, given_up: Work | None = None) -> Queue:
        """The queue with that work."""
        return Queue(
            url=self.databases.url("committee"),
            schema="committee",
            work={self.name: work},
            given_up={} if given_up is None else {self.name: given_up},
        )

    @asynccontextmanager
    async def working(
        self, work: Work, given_up: Work | None = None
    ) -> AsyncIterator[asyncio.Event]:
        """A worker that runs meanwhile; setting the event stops it."""
        stop = asyncio.Event()
        running = asyncio.create_task(run_queue(self.queue(work, given_up), stop))
        try:
            yield stop
        finally:
            stop.set()
            await asyncio.wait_for(running, PATIENCE)


@pytest.fixture
def desk(databases: Databases, committee_database: Database, district: str) -> Desk:
    """A queue of this test's own."""
    return Desk(databases, committee_database, district)


def _collecting() -> tuple[list[str], asyncio.Event, Callable[[str], Awaitable[None]]]:
    done: list[str] = []
    told = asyncio.Event()

    async def work(payload: str) -> None:
        done.append(payload)
        told.set()

    return done, told, work


async def test_work_that_was_asked_for_in_a_transaction_rolled_back_is_not_done(desk: Desk) -> None:
    done, told, work = _collecting()
    with pytest.raises(RuntimeError):
        async with desk.database.transaction(desk.district) as session:
            await enqueue(session, desk.name, "undone")
            raise RuntimeError
    await desk.ask("done")
    async with desk.working(work):
        await asyncio.wait_for(told.wait(), PATIENCE)
    assert done == ["done"]


async def test_a_worker_whose_connection_is_cut_connects_again_and_goes_on(desk: Desk) -> None:
    done, told, work = _collecting()
    async with desk.working(work):
        await desk.ask("before")
        await asyncio.wait_for(told.wait(), PATIENCE)
        told.clear()
        owner = await asyncpg.connect(desk.databases.server.superuser_dsn())
        cut = await owner.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE usename = 'shequ_committee' AND query ILIKE '%pgqueuer%'"
        )
        await owner.close()
        assert cut >= 1
        await desk.ask("after")
        await asyncio.wait_for(told.wait(), PATIENCE)
    assert done == ["before", "after"]


async def test_a_worker_asked_to_stop_finishes_what_it_has_in_hand(desk: Desk) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    finished = []

    async def work(payload: str) -> None:
        begun.set()
        await may_end.wait()
        finished.append(payload)

    await desk.ask("in hand")
    async with desk.working(work) as stop:
        await asyncio.wait_for(begun.wait(), PATIENCE)
        stop.set()
        may_end.set()
    assert finished == ["in hand"]


async def test_work_that_fails_again_and_again_is_given_up_once_and_held(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MAX_ATTEMPTS", 2)
    attempts: list[str] = []
    given_up: list[str] = []
    told = asyncio.Event()

    async def fail(payload: str) -> None:
        attempts.append(payload)
        raise RuntimeError("it cannot be done")

    async def give_up(payload: str) -> None:
        given_up.append(payload)
        told.set()

    await desk.ask("hopeless")
    async with desk.working(fail, give_up):
        await asyncio.wait_for(told.wait(), PATIENCE)
    assert given_up == ["hopeless"]
    assert len(attempts) >= 2
    async with desk.database.read(desk.district) as session:
        held = await session.scalar(
            text("SELECT count(*) FROM pgqueuer WHERE entrypoint = :name AND status = 'failed'"),
            {"name": desk.name},
        )
    assert held == 1


KILLED = """
import asyncio, sys
from shared.jobs.worker import Queue, run_queue

url, name = sys.argv[1:]

async def work(payload):
    print("begun", flush=True)
    await asyncio.Event().wait()  # killed here

asyncio.run(run_queue(Queue(url=url, schema="committee", work={name: work}), asyncio.Event()))
"""


async def test_the_work_of_a_killed_worker_is_taken_up_by_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.ask("cut off")
    killed = subprocess.Popen(  # noqa: ASYNC220 - started at once
        [sys.executable, "-c", KILLED, desk.databases.url("committee"), desk.name],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert killed.stdout is not None
    assert await asyncio.to_thread(killed.stdout.readline) == b"begun\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    monkeypatch.setattr(worker, "HEARTBEAT_TIMEOUT", timedelta(seconds=1))
    done, told, work = _collecting()
    async with desk.working(work):
        await asyncio.wait_for(told.wait(), PATIENCE)
    assert done == ["cut off"]


async def test_keys_are_forgotten_a_day_after_their_use_and_not_before(
    committee_database: Database, district: str
) -> None:
    await register_district(
        committee_database, district, name="甲区", prefecture="乙市", province="丙省"
    )
    async with committee_database.transaction(district) as session:
        for key, age in (("old", "25 hours"), ("young", "23 hours")):
            await session.execute(
                text(
                    "INSERT INTO idempotency_key (district, subject, key, fingerprint, created_at) "
                    f"VALUES (:district, :subject, :key, '', now() - interval '{age}')"
                ),
                {"district": district, "subject": new_id(), "key": key},
            )
    await forget_old_keys(committee_database)
    async with committee_database.read(district) as session:
        kept = (await session.execute(text("SELECT key FROM idempotency_key"))).scalars().all()
    assert kept == ["young"]
