"""Deliveries of the worker never wait for one another's connections in a circle."""

import asyncio
from typing import cast

import pytest

from services.cli import worker
from shared.db.database import Database
from shared.events.delivery import Receiver
from shared.events.outbox import DELIVER
from shared.jobs.worker import Queue


async def test_a_burst_of_events_is_delivered_a_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = most = done = 0

    async def deliver_due(*_given: object) -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        for _ in range(5):
            await asyncio.sleep(0)
        running -= 1
        done += 1

    monkeypatch.setattr(worker, "deliver_due", deliver_due)
    database = cast(Database, None)
    receiver = Receiver("workstation", database, {})
    queue = Queue(url="", schema="gateway", work={})
    delivering = worker._delivering(queue, database, {"workstation": receiver})
    await asyncio.gather(*(delivering.work[DELIVER]("421002 workstation") for _ in range(20)))
    assert done == 20
    assert most == worker.DELIVERIES_AT_ONCE
    assert 3 * worker.DELIVERIES_AT_ONCE <= 2 * worker.POOL_SIZE
