"""The proxy: a plain ASGI application in front of the gateway's own API."""

import asyncio
import itertools
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from prometheus_client import Counter
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.routing.circuit import Circuit
from services.gateway.routing.client import (
    CallerGone,
    CallerTooSlow,
    CannotConnect,
    Connection,
    NoConnectionFree,
    Pool,
    UpstreamError,
    UpstreamTimeout,
)
from services.gateway.routing.heads import Onward, answer_headers
from services.gateway.routing.refusals import (
    Refusal,
    broken,
    down,
    refused_token,
    send_problem,
    timed_out,
    too_slow,
    unreachable,
)
from services.gateway.routing.watch import TICK_SECONDS, Watch
from shared.kernel.errors import DomainError
from shared.kernel.ids import new_id
from shared.kernel.text import Text

IDLE_SECONDS = 50  # shorter than the services keep an idle connection
CONNECT_SECONDS = 5
_SAFE_TO_REPEAT = frozenset({"GET", "HEAD"})
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

PROXIED = Counter("shequ_proxied_requests", "Requests passed on", ["service", "status"])
log = structlog.get_logger(__name__)

Authenticate = Callable[[Scope], DomainError | None]
"""None when the request may go on: its token is good, or it has none (the service decides)."""


@dataclass
class Upstream:
    """One service behind the gateway.

    `deadline` is how many seconds the service may let the gateway wait: for its answer's head, or
    for more of a body. `caller_seconds` is the same for the caller.
    """

    name: str
    title: Text
    url: str
    deadline: float
    caller_seconds: float
    limit: int = 256
    circuit: Circuit = field(default_factory=Circuit)
    _line: "_Line | None" = field(default=None, init=False, repr=False)
    _counted: dict[int | str, Counter] = field(default_factory=dict, init=False, repr=False)

    def line(self) -> "_Line":
        """Made on first use, within the running loop."""
        if self._line is None:
            self._line = _Line(self)
        return self._line

    def count(self, outcome: int | str) -> None:
        """One more request that ended so."""
        counter = self._counted.get(outcome)
        if counter is None:
            counter = self._counted[outcome] = PROXIED.labels(self.name, str(outcome))
        counter.inc()

    def close(self) -> None:
        """Close the idle connections."""
        if self._line is not None:
            self._line.pool.close()


class _Line:
    """What leads to a service from within a running loop."""

    def __init__(self, upstream: Upstream) -> None:
        parts = urlsplit(upstream.url)
        self.loop = asyncio.get_running_loop()
        self.watch = Watch()
        self.pool = Pool(
            parts.hostname or "127.0.0.1",
            parts.port or 80,
            limit=upstream.limit,
            idle_seconds=IDLE_SECONDS,
            connect_seconds=CONNECT_SECONDS,
        )


class Proxy:
    """Sends requests under a prefix to its service, everything else to `fallback`.

    Answers 503 while a service is left alone, 504 when it does not answer in time, 502 when it
    cannot be reached, breaks off or does not speak HTTP. A request that may have reached the
    service is never sent again; only GET and HEAD on a connection that had gone stale are.
    """

    def __init__(
        self,
        routes: Mapping[str, Upstream],
        fallback: ASGIApp,
        *,
        authenticate: Authenticate = lambda _scope: None,
    ) -> None:
        self._routes = sorted(routes.items(), key=lambda item: -len(item[0]))
        self._fallback = fallback
        self._authenticate = authenticate
        # Ids of requests need not rise nor be secret, and are made ten times faster than others.
        self._id_prefix = new_id().hex[12:].encode()
        self._id_numbers = itertools.count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        upstream = self._upstream(scope) if scope["type"] == "http" else None
        if upstream is None:
            await self._fallback(scope, receive, send)
            if scope["type"] == "lifespan":
                await self.close()
            return
        given = next((v for k, v in scope["headers"] if k == b"x-request-id"), b"")
        if given and _REQUEST_ID.fullmatch(given):
            request_id = given
        else:
            request_id = b"%b%012x" % (self._id_prefix, next(self._id_numbers))
        try:
            refused = self._authenticate(scope)
            if refused is not None:
                raise refused_token(refused)
            await _forward(upstream, scope, receive, send, request_id)
        except Refusal as refusal:
            upstream.count(refusal.status)
            await send_problem(scope, send, request_id, refusal)
        except CallerGone:
            upstream.count("caller_gone")

    async def close(self) -> None:
        """Close the idle connections to every service."""
        for _, upstream in self._routes:
            upstream.close()

    def _upstream(self, scope: Scope) -> Upstream | None:
        path: str = scope["path"]
        for prefix, upstream in self._routes:
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in {"", "/"}:
                return upstream
        return None


async def _forward(
    upstream: Upstream, scope: Scope, receive: Receive, send: Send, request_id: bytes
) -> None:
    exchange = _Exchange(upstream, scope, receive, request_id)
    wait = upstream.circuit.wait(exchange.now())
    if wait > 0:
        raise down(upstream.title, math.ceil(wait))
    try:
        connection = await _begun(upstream, exchange)
        await _answer(upstream, exchange, connection, send, request_id)
    finally:
        exchange.end()


async def _begun(upstream: Upstream, exchange: "_Exchange") -> Connection:
    """The connection on which the answer has begun. Says how it went to the circuit."""
    circuit = upstream.circuit
    try:
        connection = await exchange.begin()
    except NoConnectionFree:
        circuit.let_go()
        raise down(upstream.title, 1) from None
    except CallerTooSlow:
        circuit.let_go()
        raise too_slow() from None
    except CannotConnect as error:
        circuit.failed(exchange.now())
        log.warning("upstream.unreachable", service=upstream.name, error=str(error))
        raise unreachable(upstream.title) from None
    except UpstreamTimeout:
        circuit.failed(exchange.now())
        raise timed_out(upstream.title, upstream.deadline) from None
    except CallerGone:
        circuit.let_go()
        raise
    except UpstreamError as error:
        circuit.failed(exchange.now())
        log.warning("upstream.failed", service=upstream.name, error=str(error))
        raise broken(upstream.title) from None
    except BaseException:
        circuit.let_go()
        raise
    circuit.succeeded()
    return connection


async def _answer(
    upstream: Upstream,
    exchange: "_Exchange",
    connection: Connection,
    send: Send,
    request_id: bytes,
) -> None:
    upstream.count(connection.status)
    headers = answer_headers(connection.status, connection.headers, request_id)
    await send({"type": "http.response.start", "status": connection.status, "headers": headers})
    exchange.await_answer(connection)
    more = True
    try:
        while more:
            body, more = await connection.read()
            exchange.await_caller()
            await send({"type": "http.response.body", "body": body, "more_body": more})
            exchange.await_answer(connection)
    except (CallerGone, CallerTooSlow):
        return
    except UpstreamError as error:
        # The status is out already: leaving the answer unfinished makes the server close the
        # connection, so that the caller sees a broken answer and never a short one.
        log.warning("upstream.truncated", service=upstream.name, error=str(error))


class _Exchange:
    """One request on its way to a service, and what must be tidied up afterwards.

    At any moment one side is to move: the service (take the body, answer, go on answering) or
    the caller (send more, take more). The watch ends the exchange when that side stands still.
    """

    __slots__ = (
        "_began",
        "_callers_turn",
        "_connection",
        "_line",
        "_onward",
        "_receive",
        "_scope",
        "_task",
        "_turn_began",
        "_upstream",
    )

    def __init__(
        self, upstream: Upstream, scope: Scope, receive: Receive, request_id: bytes
    ) -> None:
        self._upstream = upstream
        self._line = upstream.line()
        self._scope = scope
        self._receive = receive
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._callers_turn = False
        self._turn_began = self._began = self.now()
        self._onward = Onward.of(scope, request_id)

    def now(self) -> float:
        """Monotonic, in seconds."""
        return self._line.loop.time()

    def await_caller(self) -> None:
        """The caller is to move."""
        self._callers_turn, self._turn_began = True, self.now()

    def await_answer(self, connection: Connection) -> None:
        """The service is to go on answering, unless the caller still has something to send."""
        self._callers_turn, self._turn_began = not connection.sent, self.now()

    def _await_service(self) -> None:
        self._callers_turn, self._turn_began = False, self.now()

    async def begin(self) -> Connection:
        """Send the request and wait for the answer's head. Raises UpstreamError."""
        pool = self._line.pool
        connection = pool.idle() or await pool.acquire()
        self._send_head(connection)
        try:
            await connection.head()
        except (CallerGone, CallerTooSlow, UpstreamTimeout):
            raise
        except UpstreamError:
            stale = (
                connection.idle_since > 0
                and not connection.received
                and self._scope["method"] in _SAFE_TO_REPEAT
                and not self._onward.has_body
            )
            if not stale:
                raise
        else:
            return connection
        self.end()
        pool.close()  # the others have gone stale with it
        connection = await pool.acquire()
        self._send_head(connection)
        await connection.head()
        return connection

    def end(self) -> None:
        """Give the connection back; one whose exchange is not finished is dropped."""
        self._line.watch.remove(self)
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._connection is not None:
            self._line.pool.release(self._connection)
            self._connection = None

    def _send_head(self, connection: Connection) -> None:
        self._connection = connection
        self._await_service()
        connection.send_head(
            self._onward.head,
            head_only=self._scope["method"] == "HEAD",
            body_follows=self._onward.has_body,
        )
        if self._onward.has_body:
            self._task = self._line.loop.create_task(self._send_body(connection))
        self._line.watch.add(self)

    def look(self, now: float) -> None:
        """Most exchanges end before the first look; in the others the caller is watched too."""
        connection = self._connection
        if connection is None or now - self._began < TICK_SECONDS:
            return
        if self._task is None:
            self._task = self._line.loop.create_task(self._until_gone(connection))
        upstream = self._upstream
        allowed = upstream.caller_seconds if self._callers_turn else upstream.deadline
        if now - self._turn_began < allowed:
            return
        if not self._callers_turn:
            connection.fail(UpstreamTimeout("the service stands still"))
            return
        connection.fail(CallerTooSlow("the caller stands still"))
        if connection.begun:
            # Whoever sends the answer may wait for the caller for ever: the connection is given
            # back here, and dropped, since that sender still holds it.
            connection.abort()
            self.end()

    async def _until_gone(self, connection: Connection) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        connection.fail(CallerGone("the caller hung up"))

    async def _send_body(self, connection: Connection) -> None:
        wanted = more = True
        while wanted and more:
            self.await_caller()
            message = await self._receive()
            if message["type"] == "http.disconnect":
                connection.fail(CallerGone("the caller hung up"))
                return
            more = message.get("more_body", False)
            self._await_service()
            piece = self._onward.piece(message.get("body", b""), last=not more)
            wanted = await connection.send_piece(piece, last=not more)
        await self._until_gone(connection)
