"""Keeps child processes running: waits until they are ready, restarts one that dies, gives up on
one that dies again and again, stops all in order."""

import http.client
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.cli.processes import spawn, stop
from services.cli.speech import CannotGoOn, say
from shared.kernel.text import Text

DEATHS_ALLOWED = int(os.environ.get("SHEQU_DEATHS_ALLOWED", "5"))
"""Short lives in a row after which a child is given up."""
SHORT_LIFE_SECONDS = 30.0
READY_SECONDS = 60.0
LOG_BYTES = 10 << 20
_TICK = 0.1


@dataclass
class Child:
    """One process to keep running. `ready_url` answers 200 once it can work; None: at once."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    ready_url: str | None = None
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    short_lives: int = 0

    def start(self) -> None:
        """Start it; its output goes to the log, the log before last is dropped."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".1.log"))
        with self.log.open("ab") as log:
            self.process = spawn(self.arguments, log=log, environment=self.environment)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        """Whether it can work now."""
        if self.ready_url is None:
            return self.alive()
        try:
            with urllib.request.urlopen(self.ready_url, timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, http.client.HTTPException):
            return False

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-2000:].strip() if self.log.exists() else ""


class Supervisor:
    """Children in the order in which they are to be stopped."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        beneath: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`beneath` keeps alive what the children stand on; called before they are looked at."""
        self._children = children
        self._beneath = beneath
        self._clock = clock
        self._stopping = False

    def start(self) -> None:
        """Start all at once and wait until each is ready.

        Raises CannotGoOn naming the child that does not come up; nothing is left running then.
        """
        for child in self._children:
            self._start(child)
        deadline = self._clock() + READY_SECONDS
        waiting = list(self._children)
        while waiting and not self._stopping:
            self._revive()
            waiting = [child for child in waiting if not child.ready()]
            if waiting and self._clock() > deadline:
                raise _gave_up(waiting[0], "not_ready")
            if waiting:
                time.sleep(_TICK)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Return when asked to stop, or once `until` holds. Raises CannotGoOn when a child cannot
        be kept running."""
        while not self._stopping and not until():
            self._revive()
            time.sleep(_TICK)

    def ask_to_stop(self) -> None:
        """Make `start` and `watch` return; for signal handlers."""
        self._stopping = True

    def stop(self) -> None:
        """Stop every child in order; each may finish what it is doing."""
        for child in self._children:
            if child.process is not None:
                stop(child.process, signal.SIGTERM)

    def _revive(self) -> None:
        self._beneath()
        for child in self._children:
            if child.alive() or self._stopping:
                continue
            lived = self._clock() - child.started
            child.short_lives = 0 if lived > SHORT_LIFE_SECONDS else child.short_lives + 1
            if child.short_lives >= DEATHS_ALLOWED:
                raise _gave_up(child, "dies")
            self._start(child)
            say(_started_again(child.name))

    def _start(self, child: Child) -> None:
        child.started = self._clock()
        child.start()


def _started_again(name: str) -> Text:
    return Text(
        zh=f"进程 {name} 意外退出，已重新启动。",
        en=f"The process {name} ended unexpectedly and was started again.",
    )


def _gave_up(child: Child, why: str) -> CannotGoOn:
    words = child.last_words()
    zh = "反复退出" if why == "dies" else f"在 {READY_SECONDS:.0f} 秒内未就绪"
    en = "dies again and again" if why == "dies" else f"was not ready in {READY_SECONDS:.0f} s"
    return CannotGoOn(
        Text(
            zh=f"进程 {child.name} {zh}，已全部停止。它的日志 {child.log} 末尾：\n{words}",
            en=f"The process {child.name} {en}; everything was stopped. The end of its log "
            f"{child.log}:\n{words}",
        )
    )
