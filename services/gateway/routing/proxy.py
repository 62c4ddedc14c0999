"""The proxy: a plain ASGI application in front of the gateway's own API."""

import asyncio
import math
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from prometheus_client import Counter
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.routing.circuit import Circuit
from services.gateway.routing.client import (
    CannotConnect,
    ClientGone,
    Connection,
    Header,
    Pool,
    UpstreamError,
    UpstreamTimeout,
)
from shared.kernel.errors import DomainError
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.web.errors import STATUS
from shared.web.language import negotiate
from shared.web.problem import CONTENT_TYPE, problem_body

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"expect",
    }
)
_NOT_FROM_OUTSIDE = (b"x-forwarded-", b"x-shequ-", b"x-real-ip")
_SAFE_TO_REPEAT = frozenset({"GET", "HEAD"})
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_WATCH_AFTER_SECONDS = 0.02

PROXIED = Counter("shequ_proxied_requests", "Requests passed on", ["service", "status"])
log = structlog.get_logger(__name__)

Authenticate = Callable[[Scope], DomainError | None]
"""None when the request may go on: its token is good, or it has none (the service decides)."""


@dataclass
class Upstream:
    """One service behind the gateway. `deadline` is in seconds, up to the answer's first byte."""

    name: str
    title: Text
    url: str
    deadline: float
    limit: int = 256
    circuit: Circuit = field(default_factory=Circuit)
    pool: Pool | None = None

    def connections(self) -> Pool:
        """The pool, made on first use within the running loop."""
        if self.pool is None:
            parts = urlsplit(self.url)
            self.pool = Pool(
                parts.hostname or "127.0.0.1",
                parts.port or 80,
                limit=self.limit,
                idle_seconds=50,
                connect_seconds=5,
            )
        return self.pool


class _Refusal(Exception):
    def __init__(
        self, status: int, code: str, detail: Text, retry_after: int | None = None
    ) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


class Proxy:
    """Sends requests under a prefix to its service, everything else to `fallback`.

    Answers 503 when a service cannot be reached or its circuit is open, 504 when it does not
    answer in time, 502 when it breaks off or does not speak HTTP. A request that may have reached
    the service is never sent again; only GET and HEAD on a connection that had gone stale are.
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        upstream = self._upstream(scope) if scope["type"] == "http" else None
        if upstream is None:
            await self._fallback(scope, receive, send)
            return
        given = next((v for k, v in scope["headers"] if k == b"x-request-id"), b"")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_id().hex.encode()
        refused = self._authenticate(scope)
        if refused is not None:
            await _send_problem(
                scope,
                send,
                request_id,
                _Refusal(STATUS.get(type(refused), 401), refused.code, refused.detail),
            )
            return
        try:
            await self._forward(upstream, scope, receive, send, request_id)
        except _Refusal as refusal:
            PROXIED.labels(upstream.name, str(refusal.status)).inc()
            await _send_problem(scope, send, request_id, refusal)
        except ClientGone:
            PROXIED.labels(upstream.name, "client_gone").inc()

    async def close(self) -> None:
        """Close the idle connections to every service."""
        for _, upstream in self._routes:
            if upstream.pool is not None:
                upstream.pool.close()

    def _upstream(self, scope: Scope) -> Upstream | None:
        path: str = scope["path"]
        for prefix, upstream in self._routes:
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in {"", "/"}:
                return upstream
        return None

    async def _forward(
        self, upstream: Upstream, scope: Scope, receive: Receive, send: Send, request_id: bytes
    ) -> None:
        loop = asyncio.get_running_loop()
        wait = upstream.circuit.wait(loop.time())
        if wait > 0:
            raise _down(upstream, math.ceil(wait))
        exchange = _Exchange(upstream, scope, receive, request_id)
        try:
            connection = await exchange.begin()
        except CannotConnect:
            upstream.circuit.failed(loop.time())
            raise _down(upstream, 1) from None
        except UpstreamTimeout:
            upstream.circuit.failed(loop.time())
            raise _late(upstream) from None
        except ClientGone:
            upstream.circuit.probing = False
            raise
        except UpstreamError as error:
            upstream.circuit.failed(loop.time())
            log.warning("upstream.failed", service=upstream.name, error=str(error))
            raise _broken(upstream) from None
        upstream.circuit.succeeded()
        try:
            await self._answer(upstream, connection, send, request_id)
        finally:
            exchange.end()

    async def _answer(
        self, upstream: Upstream, connection: Connection, send: Send, request_id: bytes
    ) -> None:
        PROXIED.labels(upstream.name, str(connection.status)).inc()
        named = _listed_in_connection(connection.headers)
        headers = [
            (name, value)
            for name, value in connection.headers
            if name not in HOP_BY_HOP and name not in named and name != b"x-request-id"
        ]
        headers.append((b"x-request-id", request_id))
        await send({"type": "http.response.start", "status": connection.status, "headers": headers})
        try:
            async for chunk in connection.body():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except ClientGone:
            return
        except UpstreamError as error:
            # The status is out already: leaving the answer unfinished makes the server close the
            # connection, so that the caller sees a broken answer and never a short one.
            log.warning("upstream.truncated", service=upstream.name, error=str(error))
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Exchange:
    """One request on its way to a service, and what must be tidied up afterwards."""

    def __init__(
        self, upstream: Upstream, scope: Scope, receive: Receive, request_id: bytes
    ) -> None:
        self._upstream = upstream
        self._scope = scope
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._connection: Connection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._timers: list[asyncio.TimerHandle] = []
        headers: list[Header] = scope["headers"]
        self._length = next((v for k, v in headers if k == b"content-length"), None)
        self._chunked = any(k == b"transfer-encoding" for k, _ in headers)
        self._has_body = self._chunked or self._length not in {None, b"0"}
        self._headers = _onward_headers(scope, request_id, chunked=self._chunked)

    async def begin(self) -> Connection:
        """Send the request and wait for the answer's head. Raises UpstreamError."""
        try:
            return await self._once(fresh=False)
        except (CannotConnect, ClientGone, UpstreamTimeout):
            self.end()
            raise
        except UpstreamError:
            connection, self._connection = self._connection, None
            stale = (
                connection is not None
                and connection.idle_since > 0
                and not connection.received
                and self._scope["method"] in _SAFE_TO_REPEAT
                and not self._has_body
            )
            if connection is not None:
                self._upstream.connections().release(connection)
            self.end()
            if not stale:
                raise
        try:
            return await self._once(fresh=True)
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """Give the connection back; one whose exchange is not finished is dropped."""
        for timer in self._timers:
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        self._timers, self._tasks = [], []
        if self._connection is not None:
            self._upstream.connections().release(self._connection)
            self._connection = None

    async def _once(self, *, fresh: bool) -> Connection:
        connection = await self._upstream.connections().acquire(fresh=fresh)
        self._connection = connection
        connection.send_head(
            self._scope["method"].encode(),
            _target(self._scope),
            self._headers,
            head_only=self._scope["method"] == "HEAD",
        )
        if self._has_body:
            self._tasks.append(self._loop.create_task(self._send_body(connection)))
        else:
            self._timers.append(
                self._loop.call_later(_WATCH_AFTER_SECONDS, self._watch, connection)
            )
        deadline = self._loop.call_later(
            self._upstream.deadline, connection.fail, UpstreamTimeout("deadline")
        )
        try:
            await connection.head()
        finally:
            deadline.cancel()
        return connection

    def _watch(self, connection: Connection) -> None:
        self._tasks.append(self._loop.create_task(self._until_gone(connection)))

    async def _until_gone(self, connection: Connection) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        connection.fail(ClientGone("the caller hung up"))

    async def _send_body(self, connection: Connection) -> None:
        await connection.send_body(self._chunks(connection), chunked=self._chunked)
        await self._until_gone(connection)

    async def _chunks(self, connection: Connection) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                connection.fail(ClientGone("the caller hung up"))
                return
            more = message.get("more_body", False)
            yield message.get("body", b"")


def _target(scope: Scope) -> bytes:
    raw: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    return raw + b"?" + query if query else raw


def _listed_in_connection(headers: list[Header]) -> set[bytes]:
    return {
        token.strip().lower()
        for name, value in headers
        if name == b"connection"
        for token in value.split(b",")
    }


def _onward_headers(scope: Scope, request_id: bytes, *, chunked: bool) -> list[Header]:
    given: list[Header] = scope["headers"]
    named = _listed_in_connection(given)
    headers = [
        (name, value)
        for name, value in given
        if name not in HOP_BY_HOP
        and name not in named
        and name not in {b"forwarded", b"x-request-id"}
        and not name.startswith(_NOT_FROM_OUTSIDE)
        and not (chunked and name == b"content-length")
    ]
    client = scope.get("client")
    host = next((v for k, v in given if k == b"host"), b"")
    headers.append((b"x-request-id", request_id))
    headers.append((b"x-forwarded-for", client[0].encode() if client else b"unknown"))
    headers.append((b"x-forwarded-proto", scope.get("scheme", "http").encode()))
    headers.append((b"x-forwarded-host", host))
    if chunked:
        headers.append((b"transfer-encoding", b"chunked"))
    return headers


def _down(upstream: Upstream, retry_after: int) -> _Refusal:
    return _Refusal(
        503,
        "service_down",
        Text(
            zh=f"{upstream.title.zh}暂不可用，本次操作未办理。请在 {retry_after} 秒后重试。",
            en=f"The {upstream.title.en} is down; your request was not carried out. Try again in "
            f"{retry_after} s.",
        ),
        retry_after,
    )


def _late(upstream: Upstream) -> _Refusal:
    return _Refusal(
        504,
        "service_timeout",
        Text(
            zh=f"{upstream.title.zh}未在 {upstream.deadline:.0f} 秒内应答。"
            "操作可能已经生效，请先查询再重试（重试请使用相同的 Idempotency-Key）。",
            en=f"The {upstream.title.en} did not answer within {upstream.deadline:.0f} s. What you "
            "asked may have been done: look first, then retry with the same Idempotency-Key.",
        ),
    )


def _broken(upstream: Upstream) -> _Refusal:
    return _Refusal(
        502,
        "service_broke_off",
        Text(
            zh=f"{upstream.title.zh}中断了应答。操作可能已经生效，请先查询再重试"
            "（重试请使用相同的 Idempotency-Key）。",
            en=f"The {upstream.title.en} broke off. What you asked may have been done: look first, "
            "then retry with the same Idempotency-Key.",
        ),
    )


async def _send_problem(scope: Scope, send: Send, request_id: bytes, refusal: _Refusal) -> None:
    accepted = next((v for k, v in scope["headers"] if k == b"accept-language"), b"")
    language = negotiate(accepted.decode("latin-1"))
    body = problem_body(
        status=refusal.status,
        code=refusal.code,
        detail=refusal.detail,
        language=language,
        request_id=request_id.decode(),
    )
    headers: list[Header] = [
        (b"content-type", CONTENT_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"content-language", b"zh-CN" if language == "zh" else b"en"),
        (b"cache-control", b"no-store"),
        (b"x-request-id", request_id),
    ]
    if refusal.retry_after is not None:
        headers.append((b"retry-after", str(refusal.retry_after).encode()))
    if refusal.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
