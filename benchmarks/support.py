"""What the measurements share: programs found, servers started, wrk run and read, tables."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from services.cli.processes import free_port, spawn, stop

_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}
_START_SECONDS = 30.0


def program(name: str, *, package: str) -> str:
    """Where a program lies. Ends the script, saying which Debian package has it, when missing."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise SystemExit(f"{name} is missing. On Debian: apt-get install {package}")
    return found


@dataclass(frozen=True)
class Process:
    """A server that was started for a measurement."""

    port: int
    process: "subprocess.Popen[bytes]"

    def cpu_seconds(self) -> float:
        """Processor time that it and its workers have spent."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(path.parent.name) == self.process.pid or int(fields[1]) == self.process.pid:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    arguments: Callable[[int], Sequence[str | Path]],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    ready: Callable[[int], bool] | None = None,
) -> Iterator[Process]:
    """A server on a free port, until the end of the block. `arguments` get the port."""
    port = free_port()
    with log.open("ab") as output:
        process = spawn(arguments(port), log=output, environment=environment)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not (ready or accepts)(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"A server did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield Process(port, process)
    finally:
        stop(process, signal.SIGTERM)


def accepts(port: int) -> bool:
    """Whether somebody listens."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@dataclass(frozen=True)
class Load:
    """What wrk saw; latencies in seconds, `cpu` in seconds a request."""

    rate: float
    p50: float
    p99: float
    failed: int
    cpu: float


def load(
    wrk: str,
    server: Process,
    path: str,
    *,
    connections: int,
    seconds: int,
    headers: Mapping[str, str],
) -> Load:
    """Ask as fast as answers come."""
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    cpu = server.cpu_seconds()
    output = subprocess.run(
        [
            wrk,
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--latency",
            *given,
            f"http://127.0.0.1:{server.port}{path}",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    cpu = server.cpu_seconds() - cpu
    requests = int(_found(r"(\d+) requests in", output) or 0)
    failed = int(_found(r"Non-2xx or 3xx responses: (\d+)", output) or 0)
    failed += sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", output))
    return Load(
        rate=float(_found(r"Requests/sec:\s+([\d.]+)", output) or 0),
        p50=_latency("50", output),
        p99=_latency("99", output),
        failed=failed,
        cpu=cpu / max(requests, 1),
    )


def middle(loads: Sequence[Load]) -> Load:
    """The median of each figure; the failures of all."""
    return Load(
        rate=median(load.rate for load in loads),
        p50=median(load.p50 for load in loads),
        p99=median(load.p99 for load in loads),
        failed=sum(load.failed for load in loads),
        cpu=median(load.cpu for load in loads),
    )


def _found(pattern: str, output: str) -> str | None:
    match = re.search(pattern, output)
    return match.group(1) if match else None


def _latency(percent: str, output: str) -> float:
    match = re.search(rf"\s{percent}%\s+([\d.]+)(us|ms|s)", output)
    if match is None:
        raise SystemExit(f"wrk printed no latencies:\n{output}")
    return float(match.group(1)) * _SECONDS[match.group(2)]


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
