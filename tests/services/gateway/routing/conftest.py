"""The door and the proxy on a real server (uvicorn on uvloop), before a service played by hand."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.door import Door
from services.gateway.routing.proxy import Authenticate, Proxy, Upstream
from services.gateway.settings import Settings
from shared.kernel.text import Text
from tests.services.gateway.routing.wire import Message, Service, Wire, within


class Server:
    """uvicorn as in operation, in a thread; what it serves is exchanged from test to test."""

    def __init__(self) -> None:
        self.app: ASGIApp = _fallback
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        config = uvicorn.Config(
            self._serve,
            interface="asgi3",
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}
        )
        self._thread.start()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    def stop(self) -> None:
        """End the thread."""
        self._server.force_exit = True
        self._server.should_exit = True
        self._thread.join(10)
        self._listener.close()


class Gateway:
    """The public door with one service, the workstation, behind it."""

    def __init__(self, port: int, upstream: Upstream) -> None:
        self._port = port
        self._wires: list[Wire] = []
        self.upstream = upstream

    async def call(self, data: bytes = b"") -> Wire:
        """A caller's new connection, on which `data` has been sent."""
        sock = socket.socket()
        sock.setblocking(False)
        await within(asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self._port)))
        wire = Wire(sock)
        self._wires.append(wire)
        await wire.send(data)
        return wire

    async def turn(self) -> None:
        """Return after the gateway has served a request of its own: it is not stuck, and has
        gone through what lay before it."""
        wire = await self.call(b"GET /own HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        assert (await wire.message()).body == b"own"
        wire.close()

    def later(self, seconds: float) -> None:
        """Let so many seconds have gone since the circuit opened."""
        assert self.upstream.circuit.opened_at is not None
        self.upstream.circuit.opened_at -= seconds

    def close(self) -> None:
        """Hang up every call."""
        for wire in self._wires:
            wire.close()


async def _fallback(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"3")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"own", "more_body": False})


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of this test process."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """The service."""
    service = Service()
    yield service
    service.close()


OpenGateway = Callable[..., Gateway]


@pytest.fixture
async def open_gateway(server: Server, service: Service) -> AsyncIterator[OpenGateway]:
    """Opens the gateway with settings of the test's own."""
    opened: list[Gateway] = []

    def open_it(
        *,
        deadline: float = 30,
        caller_seconds: float = 60,
        limit: int = 256,
        trusted_proxies: tuple[str, ...] = (),
        authenticate: Authenticate = lambda _scope: None,
    ) -> Gateway:
        upstream = Upstream(
            "workstation",
            Text(zh="社区工作站服务", en="workstation service"),
            service.url,
            deadline,
            caller_seconds=caller_seconds,
            limit=limit,
        )
        proxy = Proxy({"/v1/workstation": upstream}, _fallback, authenticate=authenticate)
        settings = Settings(
            database_url="postgresql+asyncpg://none", trusted_proxies=list(trusted_proxies)
        )
        server.app = Door(proxy, settings)
        gateway = Gateway(server.port, upstream)
        opened.append(gateway)
        return gateway

    yield open_it
    for gateway in opened:
        gateway.close()
    service.close()
    server.app = _fallback


@pytest.fixture
def gateway(open_gateway: OpenGateway) -> Gateway:
    """The gateway with its usual settings."""
    return open_gateway()


def request(
    *lines: str, method: str = "GET", path: str = "/v1/workstation/posts", body: bytes = b""
) -> bytes:
    """A request's bytes; `lines` are headers beside Host."""
    head = [f"{method} {path} HTTP/1.1", "Host: shequ.test", *lines]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def answer(*lines: str, status: str = "200 OK", body: bytes = b"") -> bytes:
    """An answer's bytes, with a Content-Length unless one is among `lines`."""
    named = {line.split(":")[0].lower() for line in lines}
    framed = named & {"content-length", "transfer-encoding"}
    head = [f"HTTP/1.1 {status}", *lines, *([] if framed else [f"Content-Length: {len(body)}"])]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


async def exchange(
    gateway: Gateway, service: Service, asked: bytes, answered: bytes
) -> tuple[Message, Message]:
    """One request through the gateway on a new connection: what the service got, and what the
    caller got."""
    caller = await gateway.call(asked)
    wire = await service.accept()
    got = await wire.message()
    await wire.send(answered)
    back = await caller.message(bodiless=asked.startswith(b"HEAD"))
    return got, back
