"""A whole installation started as a user starts it: `./shequ up`, with processes of its own."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from services.cli.demo.accounts import PASSWORD

READY_SECONDS = 180.0
UNHURRIED = {
    "SHEQU_REQUESTS_PER_SECOND": "100000",
    "SHEQU_REQUEST_BURST": "100000",
    "SHEQU_LOGINS_PER_SECOND": "1000",
    "SHEQU_LOGIN_BURST": "1000",
}
"""Limits that a test never meets; those of the gateway have tests of their own."""


def free_ports() -> int:
    """The first of three neighbouring ports that nobody listens on."""
    for base in range(20_000 + os.getpid() % 20_000, 60_000, 7):
        try:
            for port in range(base, base + 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return base
    raise RuntimeError("no free ports")


SHARED = {
    "SHEQU_DEATHS_ALLOWED": "100",
    "SHEQU_WEBHOOK_ALLOW": '["127.0.0.1"]',
    "SHEQU_ACCESS_TOKEN_SECONDS": "3600",
}
"""Several tests kill the processes of the shared installation, each more than once; receivers of
webhooks listen on this machine; a token obtained once serves every journey."""


@dataclass
class Installation:
    """A running `up`: its address, its home, what it has said so far."""

    process: "subprocess.Popen[str]"
    url: str
    home: Path
    lines: list[str] = field(default_factory=list)
    _tokens: dict[str, str] = field(default_factory=dict)

    def headers(self, login: str) -> dict[str, str]:
        """Authorization of a demo account, in English."""
        if login not in self._tokens:
            answer = httpx.post(
                f"{self.url}/v1/auth/token",
                data={"grant_type": "password", "username": login, "password": PASSWORD},
            )
            assert answer.status_code == 200, answer.text
            self._tokens[login] = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self._tokens[login]}", "Accept-Language": "en"}

    def get(self, path: str, login: str, **options: object) -> httpx.Response:
        """GET as a demo account."""
        headers = {**self.headers(login), **options.pop("headers", {})}  # type: ignore[dict-item]
        return httpx.get(self.url + path, headers=headers, timeout=30, **options)  # type: ignore[arg-type]


def start_up(
    home: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> tuple["subprocess.Popen[str]", int]:
    """`up` on free ports; the process and the gateway's port."""
    port = free_ports()
    whole = {
        **os.environ,
        **UNHURRIED,
        **(environment or {}),
        "SHEQU_HOME": str(home),
        "LANG": "C.UTF-8",
    }
    whole.pop("COVERAGE_PROCESS_START", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "up", "--port", str(port), *arguments],
        env=whole,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    return process, port


@contextmanager
def running_installation(home: Path, *arguments: str) -> Iterator[Installation]:
    """An installation that is ready; stopped by Ctrl-C at the end."""
    process, port = start_up(home, *arguments, environment=SHARED)
    found = Installation(process, f"http://127.0.0.1:{port}", home)
    said: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            found.lines.append(line)
            said.put(line)
        said.put(None)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    deadline = time.monotonic() + READY_SECONDS
    try:
        while True:
            line = said.get(timeout=max(deadline - time.monotonic(), 0.1))
            assert line is not None, "".join(found.lines)
            if "Gateway:" in line:
                break
        yield found
    finally:
        stop(process)
        reader.join(10)
        assert process.stdout is not None
        process.stdout.close()


def stop(process: "subprocess.Popen[str]") -> int:
    """Ctrl-C, then the exit status."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds; fails when it does not within the time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def children_of(pid: int) -> Mapping[str, int]:
    """Process ids of `up`'s children by name: gateway, workstation, committee, worker."""
    found = {}
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    for line in listed.stdout.splitlines():
        number, _, command = line.strip().partition(" ")
        for name in ("gateway", "workstation", "committee"):
            if f"serve {name}" in command:
                found[name] = int(number)
        if command.endswith("services.cli worker"):
            found["worker"] = int(number)
    return found
