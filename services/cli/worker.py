"""`worker`: background work of all services in one process; any number may run."""

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import replace

from services.cli.configuration import SETTINGS, check_settings
from services.committee import work as committee
from services.committee.settings import Settings as CommitteeSettings
from services.gateway import work as gateway
from services.gateway.settings import Settings as GatewaySettings
from services.workstation import work as workstation
from services.workstation.settings import Settings as WorkstationSettings
from shared.db.database import Database
from shared.db.districts import district_codes
from shared.events.delivery import Receiver, deliver_due
from shared.events.outbox import DELIVER
from shared.jobs.worker import Queue, Tick, Work, run_queue
from shared.kernel.clock import SystemClock
from shared.web.logging import configure_logging

POOL_SIZE = 4
DELIVERIES_AT_ONCE = 2
"""Of each sender. A delivery holds a connection of the sender while it waits for one of the
receiver, so that all pools together must have room for those that wait for one another."""


def _delivering(queue: Queue, database: Database, receivers: Mapping[str, Receiver]) -> Queue:
    """The queue, which also delivers its service's events to the others."""

    gate = asyncio.Semaphore(DELIVERIES_AT_ONCE)

    async def deliver(payload: str) -> None:
        district, destination = payload.split()
        async with gate:
            await deliver_due(queue.schema, database, receivers[destination], district)

    async def sweep() -> None:
        for district in await district_codes(database):
            for destination in receivers:
                await deliver(f"{district} {destination}")

    work: dict[str, Work] = {**queue.work, DELIVER: deliver}
    schedules: dict[str, tuple[str, Tick]] = {**queue.schedules, "sweep": ("* * * * *", sweep)}
    return replace(queue, work=work, schedules=schedules)


async def _work(stop: asyncio.Event) -> None:
    clock = SystemClock()
    settings: dict[str, GatewaySettings | WorkstationSettings | CommitteeSettings] = {
        "gateway": GatewaySettings(),
        "workstation": WorkstationSettings(),
        "committee": CommitteeSettings(),
    }
    databases = {
        name: Database(found.database_url, schema=name, pool_size=POOL_SIZE)
        for name, found in settings.items()
    }
    receivers = {
        "gateway": gateway.receiver_of(databases["gateway"]),
        "workstation": workstation.receiver_of(databases["workstation"]),
        "committee": committee.receiver_of(databases["committee"]),
    }
    queues = [
        gateway.queue_of(GatewaySettings(), databases["gateway"]),
        workstation.queue_of(WorkstationSettings(), databases["workstation"], clock),
        committee.queue_of(CommitteeSettings(), databases["committee"], clock),
    ]
    try:
        await asyncio.gather(
            *(
                run_queue(_delivering(queue, databases[queue.schema], receivers), stop)
                for queue in queues
            )
        )
    finally:
        for database in databases.values():
            await database.close()


def run() -> None:
    """Work until SIGTERM or SIGINT; what has begun is finished or handed back. Raises CannotGoOn
    when settings are missing."""
    check_settings(*SETTINGS)
    configure_logging(os.environ.get("SHEQU_LOG_LEVEL", "info"), "worker")

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, stop.set)
        await _work(stop)

    asyncio.run(main())
