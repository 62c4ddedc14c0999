"""A lean HTTP/1.1 client for the gateway's own services, on httptools.

It keeps no cookies, follows nothing, decompresses nothing and adds no header: what goes in comes
out. Bodies stream both ways with back pressure.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

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


class ClientGone(UpstreamError):
    """The caller has hung up."""


class Connection(asyncio.Protocol):
    """One connection to a service; one request at a time. Callbacks of httptools are methods."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._can_write = asyncio.Event()
        self._can_write.set()
        self.idle_since = 0.0
        self.used = False
        self._begin(head_only=False)

    def _begin(self, *, head_only: bool) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._head: asyncio.Future[None] = self._loop.create_future()
        self._head.add_done_callback(_retrieved)
        self._head_only = head_only
        self._waiter: asyncio.Future[None] | None = None
        self._chunks: deque[bytes] = deque()
        self._buffered = 0
        self._paused = False
        self._informational = False
        self._until_close = False
        self._error: UpstreamError | None = None
        self.status = 0
        self.headers: list[Header] = []
        self.complete = False
        self.received = False
        self.reusable = False

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Bytes of an answer; any while none is awaited spoil the connection."""
        self.received = True
        if self.complete or not self.used:
            self.abort()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            if not self.complete:
                self.fail(UpstreamError(f"not HTTP: {error}"))
            else:
                self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Closed: the end of an answer without a length, else a truncated one."""
        self._can_write.set()
        self.reusable = False
        if self._until_close and exc is None and not self.complete:
            self._finish()
        elif not self.complete:
            self.fail(UpstreamError("the connection was closed before the answer's end"))

    def pause_writing(self) -> None:
        """The socket is full."""
        self._can_write.clear()

    def resume_writing(self) -> None:
        """The socket takes more."""
        self._can_write.set()

    # httptools

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header of the answer, as its bytes are."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Status and headers are there."""
        status = self._parser.get_status_code()
        if 100 <= status < 200:
            self._informational = True
            return
        self.status = status
        names = {name for name, _ in self.headers}
        self._until_close = (
            not self._head_only
            and status not in _BODILESS
            and b"content-length" not in names
            and b"transfer-encoding" not in names
        )
        if not self._head.done():
            self._head.set_result(None)
        if self._head_only:
            self._finish()

    def on_body(self, body: bytes) -> None:
        """A piece of the body; when too much waits, the socket is not read for a while."""
        if self._head_only:
            return
        self._chunks.append(body)
        self._buffered += len(body)
        if self._buffered > BUFFER_BYTES and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def on_message_complete(self) -> None:
        """The end of the answer, or of an interim one (1xx), which is passed over."""
        if self._informational:
            self._informational = False
            self.headers = []
            return
        self._finish()

    def _finish(self) -> None:
        if self.complete:
            return
        self.complete = True
        self.reusable = (
            not self._until_close
            and self._transport is not None
            and not self._transport.is_closing()
            and (self._head_only or bool(self._parser.should_keep_alive()))
        )
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # what the proxy calls

    @property
    def open(self) -> bool:
        """Whether another request may be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def fail(self, error: UpstreamError) -> None:
        """End the exchange with an error, wherever it stands."""
        if self.complete:
            return
        self._error = self._error or error
        if not self._head.done():
            self._head.set_exception(self._error)
        self._wake()
        self._can_write.set()
        self.abort()

    def abort(self) -> None:
        """Drop the connection at once."""
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()

    def send_head(
        self, method: bytes, target: bytes, headers: Sequence[Header], *, head_only: bool
    ) -> None:
        """Begin a request."""
        self._begin(head_only=head_only)
        self.used = True
        lines = [method, b" ", target, b" HTTP/1.1\r\n"]
        for name, value in headers:
            lines += (name, b": ", value, b"\r\n")
        lines.append(b"\r\n")
        self._write(b"".join(lines))

    async def send_body(self, chunks: AsyncIterator[bytes], *, chunked: bool) -> None:
        """Stream the request's body as fast as the service reads it."""
        async for chunk in chunks:
            if self._error is not None or self.complete:
                return
            if chunk:
                self._write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk)
            await self._can_write.wait()
        if chunked:
            self._write(b"0\r\n\r\n")

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    async def head(self) -> None:
        """Wait for status and headers. Raises UpstreamError."""
        await self._head

    async def body(self) -> AsyncIterator[bytes]:
        """The body's pieces as they come. Raises UpstreamError when it is cut short."""
        while True:
            while self._chunks:
                chunk = self._chunks.popleft()
                self._buffered -= len(chunk)
                if self._paused and self._buffered < BUFFER_BYTES // 2:
                    self._paused = False
                    if self._transport is not None and not self._transport.is_closing():
                        self._transport.resume_reading()
                yield chunk
            if self._error is not None:
                raise self._error
            if self.complete:
                return
            self._waiter = self._loop.create_future()
            await self._waiter
            self._waiter = None


def _retrieved(future: "asyncio.Future[Any]") -> None:
    """An error that nobody waits for any more (the caller has gone) is no news."""
    if not future.cancelled():
        future.exception()


class Pool:
    """Connections to one service: the last one used is used next; idle ones are dropped before
    the service would close them."""

    def __init__(
        self, host: str, port: int, *, limit: int, idle_seconds: float, connect_seconds: float
    ) -> None:
        self._host = host
        self._port = port
        self._slots = asyncio.Semaphore(limit)
        self._idle: list[Connection] = []
        self._idle_seconds = idle_seconds
        self._connect_seconds = connect_seconds
        self._loop = asyncio.get_running_loop()

    async def acquire(self, *, fresh: bool = False) -> Connection:
        """A connection to use; give it back with `release`. Raises CannotConnect."""
        if self._slots.locked():
            try:
                await asyncio.wait_for(self._slots.acquire(), self._connect_seconds)
            except TimeoutError:
                raise CannotConnect("every connection is in use") from None
        else:
            await self._slots.acquire()
        horizon = self._loop.time() - self._idle_seconds
        while self._idle and not fresh:
            connection = self._idle.pop()
            if connection.open and connection.idle_since > horizon:
                return connection
            connection.abort()
        try:
            _, made = await asyncio.wait_for(
                self._loop.create_connection(Connection, self._host, self._port),
                self._connect_seconds,
            )
        except (OSError, TimeoutError) as error:
            self._slots.release()
            raise CannotConnect(str(error)) from None
        except BaseException:
            self._slots.release()
            raise
        return made

    def release(self, connection: Connection) -> None:
        """Give a connection back; one that cannot be used again is closed."""
        self._slots.release()
        if connection.reusable and connection.open:
            connection.idle_since = self._loop.time()
            self._idle.append(connection)
        else:
            connection.abort()

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().abort()
