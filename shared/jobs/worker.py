"""Runs the services' queues: PgQueuer with retries that end in a held job, never a lost one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import asyncpg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.core.executors import (
    AbstractEntrypointExecutor,
    DatabaseRetryEntrypointExecutor,
    EntrypointExecutorParameters,
)
from pgqueuer.models import Job as QueuedJob
from pgqueuer.models import Schedule

Work = Callable[[str], Awaitable[None]]
"""Takes the payload that was enqueued; may be run again from the start, so bears repetition."""
Tick = Callable[[], Awaitable[None]]

MAX_ATTEMPTS = 8
DEQUEUE_TIMEOUT = timedelta(seconds=2)
HEARTBEAT_TIMEOUT = timedelta(seconds=15)
RECONNECT_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One service's queue: what its entrypoints do, and what happens once they are given up.

    `schedules` maps a name to (cron expression, function).
    """

    url: str
    schema: str
    work: Mapping[str, Work]
    given_up: Mapping[str, Work] = field(default_factory=dict)
    schedules: Mapping[str, tuple[str, Tick]] = field(default_factory=dict)


async def run_queue(queue: Queue, stop: asyncio.Event) -> None:
    """Work until `stop`; a lost database connection is made anew. Work that has begun is finished
    before it returns."""
    while not stop.is_set():
        try:
            connection = await asyncpg.connect(
                queue.url.replace("+asyncpg", ""),
                server_settings={"search_path": queue.schema, "timezone": "UTC"},
                timeout=10,
            )
        except (OSError, asyncpg.PostgresError) as error:
            log.warning("worker.database_unreachable", schema=queue.schema, error=str(error))
            await _pause(stop)
            continue
        try:
            await _run(queue, connection, stop)
        except Exception:
            log.exception("worker.interrupted", schema=queue.schema)
            await _pause(stop)
        finally:
            with suppress(Exception):
                await connection.close(timeout=5)


async def _run(queue: Queue, connection: "asyncpg.Connection[Any]", stop: asyncio.Event) -> None:
    runner = queue_runner(queue, connection)
    stopping = asyncio.create_task(_forward(stop, runner.shutdown))
    connection.add_termination_listener(lambda _connection: runner.shutdown.set())
    try:
        await runner.run(
            dequeue_timeout=DEQUEUE_TIMEOUT,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            shutdown_on_listener_failure=True,
        )
    finally:
        stopping.cancel()


async def _forward(stop: asyncio.Event, shutdown: asyncio.Event) -> None:
    await stop.wait()
    shutdown.set()


async def _pause(stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), RECONNECT_SECONDS)


def queue_runner(queue: Queue, connection: "asyncpg.Connection[Any]") -> PgQueuer:
    """A runner of the queue over one database connection of its service's role."""
    runner = PgQueuer.from_asyncpg_connection(connection)
    for name, function in queue.work.items():
        _register(runner, name, function, queue.given_up.get(name))
    for name, (expression, tick) in queue.schedules.items():
        _schedule(runner, name, expression, tick)
    return runner


def _retrying(parameters: EntrypointExecutorParameters) -> AbstractEntrypointExecutor:
    return DatabaseRetryEntrypointExecutor(
        parameters=replace(parameters), max_attempts=MAX_ATTEMPTS
    )


def _register(runner: PgQueuer, name: str, function: Work, given_up: Work | None) -> None:
    @runner.entrypoint(name, on_failure="hold", executor_factory=_retrying)
    async def run(job: QueuedJob) -> None:
        payload = (job.payload or b"").decode()
        try:
            await function(payload)
        except Exception:
            log.exception("job.attempt_failed", entrypoint=name, attempts=job.attempts)
            if given_up is not None and job.attempts >= MAX_ATTEMPTS:
                await given_up(payload)
            raise


def _schedule(runner: PgQueuer, name: str, expression: str, tick: Tick) -> None:
    @runner.schedule(name, expression)
    async def run(_schedule: Schedule) -> None:
        try:
            await tick()
        except Exception:
            log.exception("schedule.failed", schedule=name)
