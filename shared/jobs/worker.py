"""Runs one service's queue: PgQueuer with retries that end in a held job, never a lost one."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
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
"""Takes the payload that was enqueued."""

MAX_ATTEMPTS = 8
DEQUEUE_TIMEOUT = timedelta(seconds=2)
HEARTBEAT_TIMEOUT = timedelta(seconds=15)

log = structlog.get_logger(__name__)


def _retrying(parameters: EntrypointExecutorParameters) -> AbstractEntrypointExecutor:
    return DatabaseRetryEntrypointExecutor(
        parameters=replace(parameters), max_attempts=MAX_ATTEMPTS
    )


def queue_runner(
    connection: "asyncpg.Connection[Any]",
    work: Mapping[str, Work],
    schedules: Mapping[str, tuple[str, Callable[[], Awaitable[None]]]],
) -> PgQueuer:
    """A runner over one service's database connection.

    `work` maps entrypoints to functions; `schedules` maps a name to (cron expression, function).
    A job retaken after its worker was killed starts again, so work must bear repetition.
    """
    runner = PgQueuer.from_asyncpg_connection(connection)
    for name, function in work.items():
        _register(runner, name, function)
    for name, (expression, tick) in schedules.items():
        _schedule(runner, name, expression, tick)
    return runner


def _register(runner: PgQueuer, name: str, function: Work) -> None:
    @runner.entrypoint(name, on_failure="hold", executor_factory=_retrying)
    async def run(job: QueuedJob) -> None:
        try:
            await function((job.payload or b"").decode())
        except Exception:
            log.exception("job.attempt_failed", entrypoint=name, attempts=job.attempts)
            raise


def _schedule(
    runner: PgQueuer, name: str, expression: str, tick: Callable[[], Awaitable[None]]
) -> None:
    @runner.schedule(name, expression)
    async def run(_schedule: Schedule) -> None:
        await tick()
