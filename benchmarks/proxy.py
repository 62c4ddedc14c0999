"""The gateway's proxy beside nginx `proxy_pass`, on the same upstream in the same run.

    python -m benchmarks.proxy [--upstream uvicorn|nginx] [--rounds 5] [--seconds 4]

Both are one worker with kept connections to the upstream, which answers 1 KB of JSON from memory:
a bare ASGI app on uvicorn, the server of every service here, or an nginx, three times as fast. The
gateway is the whole one, as `serve gateway` starts it, and verifies a token with every request;
nginx verifies nothing. Rounds are interleaved, figures are medians.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from benchmarks.support import Load, Process, load, middle, program, running, table
from benchmarks.upstream import BODY
from services.cli.embedded_postgres import EmbeddedPostgres
from services.cli.migrate import migrate
from services.gateway.identity.public import bootstrap_administrator
from shared.db.database import Database
from shared.kernel.clock import SystemClock

CONNECTIONS = 32
LEAST_RATE = 0.6
MOST_ADDED = 2.0
PATH = "/v1/workstation/posts"

_NGINX = """
daemon off;
worker_processes 1;
pid {folder}/{name}.pid;
error_log stderr error;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/{name}-body;
  proxy_temp_path {folder}/{name}-proxy;
  fastcgi_temp_path {folder}/{name}-fastcgi;
  uwsgi_temp_path {folder}/{name}-uwsgi;
  scgi_temp_path {folder}/{name}-scgi;
  {inside}
}}
"""
_UPSTREAM = """
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ default_type application/json; return 200 '{body}'; }}
  }}
"""
_PROXY = """
  upstream service {{
    server 127.0.0.1:{upstream}; keepalive 256; keepalive_requests 1000000000;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Request-Id $request_id;
    }}
  }}
"""


@contextmanager
def _nginx(folder: Path, name: str, inside: Callable[[int], str]) -> Iterator[Process]:
    nginx = program("nginx", package="nginx-light")
    settings = folder / f"{name}.conf"

    def arguments(port: int) -> list[str]:
        settings.write_text(_NGINX.format(folder=folder, name=name, inside=inside(port)))
        return [nginx, "-p", str(folder), "-c", str(settings)]

    with running(arguments, log=folder / f"{name}.log") as process:
        yield process


@contextmanager
def _uvicorn(folder: Path) -> Iterator[Process]:
    def arguments(port: int) -> list[str]:
        options = "--loop uvloop --http httptools --ws none --no-access-log --log-level warning"
        module = "benchmarks.upstream:app"
        return [sys.executable, "-m", "uvicorn", module, *options.split(), "--port", str(port)]

    with running(arguments, log=folder / "uvicorn.log") as process:
        yield process


@contextmanager
def _gateway(folder: Path, upstream: Process) -> Iterator[tuple[Process, str]]:
    """The gateway in front of the upstream, and a token of somebody known to it."""
    with EmbeddedPostgres(folder / "postgres", durable=False) as postgres:
        migrate(postgres.url("shequ_owner"))
        url = postgres.url("shequ_gateway")
        asyncio.run(_make_administrator(url))
        environment = {
            **os.environ,
            "SHEQU_DATABASE_URL_GATEWAY": url,
            "SHEQU_WORKSTATION_URL": f"http://127.0.0.1:{upstream.port}",
            "SHEQU_SIGNING_KEY_SECRET": "U" * 43 + "=",
            "SHEQU_ACCESS_TOKEN_SECONDS": "3600",
            "SHEQU_REQUESTS_PER_SECOND": "1000000000",
            "SHEQU_REQUEST_BURST": "1000000000",
        }

        def arguments(port: int) -> list[str]:
            return [sys.executable, "-m", "services.cli", "serve", "gateway", "--port", str(port)]

        log = folder / "gateway.log"
        with running(arguments, log=log, environment=environment, ready=_is_ready) as process:
            yield process, _token(process.port)


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


async def _make_administrator(url: str) -> None:
    database = Database(url, schema="gateway", pool_size=1)
    await bootstrap_administrator(
        database,
        "421002",
        login="measurer",
        name="measurer",
        password="spring-in-jiangling-98",
        clock=SystemClock(),
    )
    await database.close()


def _token(port: int) -> str:
    form = {
        "grant_type": "password",
        "username": "measurer",
        "password": "spring-in-jiangling-98",
    }
    request = Request(f"http://127.0.0.1:{port}/v1/auth/token", urlencode(form).encode())
    with urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["access_token"])


def measure(kind: str, rounds: int, seconds: int) -> tuple[dict[str, Load], dict[str, Load]]:
    """Under load, and one request at a time: what each way did, by name."""
    wrk = program("wrk", package="wrk")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        upstream = stack.enter_context(
            _uvicorn(folder)
            if kind == "uvicorn"
            else _nginx(folder, "upstream", lambda port: _UPSTREAM.format(port=port, body=BODY))
        )
        nginx = stack.enter_context(
            _nginx(folder, "nginx", lambda port: _PROXY.format(port=port, upstream=upstream.port))
        )
        gateway, token = stack.enter_context(_gateway(folder, upstream))
        ways = {"direct": upstream, "nginx": nginx, "gateway": gateway}
        headers = {"Authorization": f"Bearer {token}"}

        def once(name: str, connections: int, for_seconds: int) -> Load:
            return load(
                wrk, ways[name], PATH, connections=connections, seconds=for_seconds, headers=headers
            )

        for name in ways:
            once(name, CONNECTIONS, 1)
        busy: dict[str, list[Load]] = {name: [] for name in ways}
        alone: dict[str, list[Load]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name in ways:
                busy[name].append(once(name, CONNECTIONS, seconds))
                alone[name].append(once(name, 1, max(1, seconds // 2)))
    return (
        {name: middle(loads) for name, loads in busy.items()},
        {name: middle(loads) for name, loads in alone.items()},
    )


def report(busy: dict[str, Load], alone: dict[str, Load]) -> bool:
    """Print the table and the ratios; whether both targets are met."""
    direct = alone["direct"].p50
    rows = [
        [
            name,
            f"{busy[name].rate:,.0f}",
            f"{busy[name].p50 * 1e3:.2f}",
            f"{busy[name].p99 * 1e3:.2f}",
            f"{busy[name].cpu * 1e6:.0f}",
            f"{alone[name].p50 * 1e6:.0f}",
            f"{(alone[name].p50 - direct) * 1e6:.0f}",
            str(busy[name].failed + alone[name].failed),
        ]
        for name in busy
    ]
    print(
        table(
            [
                "way",
                "requests/s",
                "p50 ms",
                "p99 ms",
                "CPU µs/request",
                "p50 µs, one caller",
                "added µs",
                "failed",
            ],
            rows,
        )
    )
    rate = busy["gateway"].rate / busy["nginx"].rate
    added = (alone["gateway"].p50 - direct) / (alone["nginx"].p50 - direct)
    sound = all(not one.failed for one in (*busy.values(), *alone.values()))
    print(f"\nrequests/s, gateway : nginx = {rate:.2f} (target ≥ {LEAST_RATE})")
    print(f"added p50, gateway : nginx = {added:.2f} (target ≤ {MOST_ADDED})")
    return rate >= LEAST_RATE and added <= MOST_ADDED and sound


def main() -> None:
    """Measure, print, and end with 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upstream", choices=["uvicorn", "nginx"], default="uvicorn")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    options = parser.parse_args()
    busy, alone = measure(options.upstream, options.rounds, options.seconds)
    print(
        f"{os.cpu_count()} cores, {CONNECTIONS} callers, {len(BODY)} bytes from {options.upstream}\n"
    )
    raise SystemExit(0 if report(busy, alone) else 1)


if __name__ == "__main__":
    main()
