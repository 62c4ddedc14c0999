"""Starting child processes that cannot outlive their parent."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1


def die_with_parent(how: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel signals the child when its parent has died (Linux)."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:  # it died between fork and prctl
            os.kill(os.getpid(), signal.SIGKILL)

    return prepare


def spawn(
    arguments: Sequence[str | Path],
    *,
    log: IO[bytes] | None,
    environment: Mapping[str, str] | None = None,
    on_parent_death: signal.Signals = signal.SIGTERM,
    **options: Any,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own, so that Ctrl-C reaches only the parent, which stops
    its children in order. Without a log it writes where its parent does."""
    return subprocess.Popen(
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=None if log is None else subprocess.STDOUT,
        env=None if environment is None else dict(environment),
        start_new_session=True,
        preexec_fn=die_with_parent(on_parent_death),  # noqa: PLW1509 - sets a flag of the kernel
        **options,
    )


def stop(
    process: "subprocess.Popen[bytes]", how: signal.Signals, *, patience: float = 15.0
) -> None:
    """Ask a process to end, and end it after `patience` seconds."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
