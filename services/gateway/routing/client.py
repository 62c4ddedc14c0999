"""A lean HTTP/1.1 client for the gateway's own services, on httptools.

It keeps no cookies, follows nothing, decompresses nothing and adds no header: what goes in comes
out. Bodies stream both ways with back pressure.
"""

import asyncio
from collections import deque
from typing import cast

import httptools

Header = tuple[bytes, bytes]
BUFFER_BYTES = 256 * 1024
_BODILESS = frozenset({204, 304})


class UpstreamError(Exception):
    """The service could not be spoken with: closed, truncated, or not HTTP."""


class UpstreamTimeout(UpstreamError):
    """The service did not answer within the deadline."""


class CannotConnect(UpstreamError):
    """No connection: nothing of the request has been sent."""


class NoConnectionFree(CannotConnect):
    """Every connection is in use."""


class CallerGone(UpstreamError):
    """The caller has hung up."""


class CallerTooSlow(UpstreamError):
    """The caller has stopped sending or reading."""


class Connection(asyncio.Protocol):
    """One connection to a service; one request at a time. Callbacks of httptools are methods."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._can_write = asyncio.Event()
        self._can_write.set()
        self.idle_since = 0.0
        self._busy = False
        self._parser_ready = False
        self._begin(head_only=False)

    def _begin(self, *, head_only: bool) -> None:
        if not self._parser_ready:
            self._parser = httptools.HttpResponseParser(self)
        self._parser_ready = False
        self._head_only = head_only
        self._head_known = False
        self._waiter: asyncio.Future[None] | None = None
        self._pieces: list[bytes] = []
        self._held = 0
        self._paused = False
        self._until_close = False
        self._keep_alive = False
        self._error: UpstreamError | None = None
        self.status = 0
        self.headers: list[Header] = []
        self.complete = False
        self.received = False
        self.sent = False

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in deed only

    def data_received(self, data: bytes) -> None:
        """Bytes of an answer; any while none is awaited spoil the connection."""
        self.received = True
        if self.complete or not self._busy:
            self.abort()
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self.fail(UpstreamError(f"not HTTP: {error}"))
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Closed: the end of an answer without a length, else a truncated one."""
        self._can_write.set()
        if self._until_close and exc is None and self._error is None:
            self.complete = True
            self._wake()
        else:
            self.fail(UpstreamError("the connection was closed before the answer's end"))

    def pause_writing(self) -> None:
        """The socket is full."""
        self._can_write.clear()

    def resume_writing(self) -> None:
        """The socket takes more."""
        self._can_write.set()

    # httptools

    def on_message_begin(self) -> None:
        """An answer begins; a second one to a single request spoils the connection."""
        if self.complete:
            self.abort()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header of the answer, as its bytes are; one that follows the body is dropped."""
        if not self._head_known:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Status and headers are there."""
        if self._head_known:
            return
        status = self._parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            self.headers = []  # an interim answer, which is passed over
            return
        if not 200 <= status <= 599:
            self.fail(UpstreamError(f"the status {status} is no answer"))
            return
        framed = False
        for name, value in self.headers:
            if name == b"content-length":
                framed = True
            elif name == b"transfer-encoding":
                if framed or value.lower() != b"chunked":
                    self.fail(UpstreamError("the answer's frame can be read in two ways"))
                    return
                framed = True
        self.status = status
        self._head_known = True
        if self._head_only:
            self._finish()
        else:
            self._until_close = not framed and status not in _BODILESS
        self._wake()

    def on_body(self, body: bytes) -> None:
        """A piece of the body; when too much waits, the socket is not read for a while."""
        if self.complete:
            self.abort()
            return
        self._pieces.append(body)
        self._held += len(body)
        if self._held > BUFFER_BYTES and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def on_message_complete(self) -> None:
        """The end of the answer, or of an interim one."""
        if self._head_known:
            self._parser_ready = not self._head_only
            self._finish()

    def _finish(self) -> None:
        if self.complete:
            return
        self.complete = True
        self._keep_alive = self._head_only or bool(self._parser.should_keep_alive())
        self._wake()

    # what the proxy calls

    @property
    def open(self) -> bool:
        """Whether anything may be sent."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def begun(self) -> bool:
        """Whether the answer's head has come."""
        return self._head_known

    @property
    def reusable(self) -> bool:
        """Whether another request may follow: this one was sent and answered to its end. After a
        500 none does: a server that failed closes the connection a moment after its answer."""
        kept = self._keep_alive and self.status != 500 and not self._paused
        return self.sent and self.complete and kept and self.open

    def fail(self, error: UpstreamError) -> None:
        """End the exchange with an error, wherever it stands; after its end, do nothing."""
        if self.complete:
            return
        self._error = self._error or error
        self._wake()
        self._can_write.set()
        self.abort()

    def abort(self) -> None:
        """Drop the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def send_head(
        self, head: bytes, *, head_only: bool = False, body_follows: bool = False
    ) -> None:
        """Begin a request. `head` is the request line, the headers and the empty line."""
        self._begin(head_only=head_only)
        self._busy = True
        self.sent = not body_follows
        if self._transport is None or self._transport.is_closing():
            self.fail(UpstreamError("the connection was closed before the request"))
            return
        self._transport.write(head)

    async def send_piece(self, data: bytes, *, last: bool) -> bool:
        """Send a piece of the request's body, and wait until the service has taken enough of it.
        False when no more is wanted: the exchange has ended."""
        if self._error is not None or self.complete or self._transport is None:
            return False
        if data:
            self._transport.write(data)
        self.sent = last
        if not self._can_write.is_set():
            await self._can_write.wait()
        return True

    async def head(self) -> None:
        """Wait for status and headers. Raises UpstreamError."""
        while not self._head_known:
            if self._error is not None:
                raise self._error
            await self._wait()

    async def read(self) -> tuple[bytes, bool]:
        """What has come of the body, waiting when nothing has; and whether more follows. Raises
        UpstreamError when it is cut short."""
        while not self._pieces and not self.complete:
            if self._error is not None:
                raise self._error
            await self._wait()
        pieces = self._pieces
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self._pieces = []
        self._held = 0
        if self._paused:
            self._paused = False
            if self._transport is not None and not self._transport.is_closing():
                self._transport.resume_reading()
        return body, not self.complete

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Pool:
    """At most `limit` connections to one service: the last one used is used next; idle ones are
    dropped before the service would close them."""

    def __init__(
        self, host: str, port: int, *, limit: int, idle_seconds: float, connect_seconds: float
    ) -> None:
        self._host = host
        self._port = port
        self._may_open = limit
        self._idle: list[Connection] = []
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._idle_seconds = idle_seconds
        self._connect_seconds = connect_seconds
        self._loop = asyncio.get_running_loop()

    def idle(self) -> Connection | None:
        """A kept connection; give it back with `release`. None when there is none."""
        while self._idle:
            connection = self._idle.pop()
            if connection.open and connection.idle_since > self._loop.time() - self._idle_seconds:
                return connection
            connection.abort()
            self._may_open += 1
        return None

    async def acquire(self) -> Connection:
        """A connection, a new one when none is idle; give it back with `release`. Raises
        CannotConnect."""
        while (connection := self.idle()) is None:
            if self._may_open > 0:
                return await self._connect()
            await self._turn()
        return connection

    async def _connect(self) -> Connection:
        self._may_open -= 1
        try:
            _, connection = await asyncio.wait_for(
                self._loop.create_connection(Connection, self._host, self._port),
                self._connect_seconds,
            )
        except BaseException as error:
            self._may_open += 1
            self._wake()
            if isinstance(error, OSError | TimeoutError):
                raise CannotConnect(str(error)) from None
            raise
        return connection

    async def _turn(self) -> None:
        turn = self._loop.create_future()
        self._waiting.append(turn)
        try:
            await asyncio.wait_for(turn, self._connect_seconds)
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self._wake()  # it came when nobody wanted it any more
            if isinstance(error, TimeoutError):
                raise NoConnectionFree("every connection is in use") from None
            raise

    def _wake(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def release(self, connection: Connection) -> None:
        """Give a connection back; one that cannot be used again is closed."""
        if connection.reusable:
            connection.idle_since = self._loop.time()
            self._idle.append(connection)
        else:
            connection.abort()
            self._may_open += 1
        if self._waiting:
            self._wake()

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().abort()
            self._may_open += 1
