"""Says whether this container's process works: status 0 when it does, 1 when it does not.

A service works when its `/readyz` answers 200. The worker and the migration serve nothing; they
work as long as they run, and the container ends with them.
"""

import http.client
import os
import sys
from pathlib import Path


def ready(port: int) -> bool:
    """Whether the service on this port answers that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def serves(command_line: bytes) -> bool:
    """Whether a process with these arguments, as in /proc/PID/cmdline, is a service."""
    return b"serve" in command_line.split(b"\0")


def main() -> int:
    """The exit status."""
    if not serves(Path("/proc/1/cmdline").read_bytes()):
        return 0
    return 0 if ready(int(os.environ["SHEQU_PORT"])) else 1


if __name__ == "__main__":
    sys.exit(main())
