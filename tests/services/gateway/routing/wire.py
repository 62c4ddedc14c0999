"""Both ends of the proxy as bare sockets: every byte, pause and close is the test's own."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

SECONDS = 10.0  # no wait in these tests is longer
_PIECE = bytes(64 * 1024)

T = TypeVar("T")


class Closed(Exception):
    """The other side has closed or reset the connection."""


async def within(waited: Awaitable[T]) -> T:
    """What is waited for, or a failed test."""
    return await asyncio.wait_for(waited, SECONDS)


@dataclass
class Message:
    """A request or an answer as it was on the wire; names of headers in lower case."""

    start: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    chunks: list[bytes] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Of an answer."""
        return int(self.start.split(" ")[1])

    @property
    def target(self) -> str:
        """Of a request."""
        return self.start.split(" ")[1]

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]

    def one(self, name: str) -> str | None:
        """The value of a header that comes once at most."""
        found = self.all(name)
        assert len(found) <= 1, f"{name} came {len(found)} times"
        return found[0] if found else None


class Wire:
    """One end of a connection."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._buffer = bytearray()
        self._loop = asyncio.get_running_loop()

    async def send(self, data: bytes) -> None:
        """Send all of it."""
        await within(self._loop.sock_sendall(self._sock, data))

    def send_what_fits(self, most: int) -> int:
        """Send zeros until the other side takes no more; the number of bytes it took."""
        sent = 0
        while sent < most:
            try:
                sent += self._sock.send(_PIECE[: most - sent])
            except BlockingIOError:
                break
        return sent

    async def read(self, size: int) -> bytes:
        """Exactly so many bytes. Raises Closed."""
        while len(self._buffer) < size:
            await self._more()
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    async def read_until(self, mark: bytes) -> bytes:
        """Up to and without the mark, which is taken too. Raises Closed."""
        while (at := self._buffer.find(mark)) < 0:
            await self._more()
        taken = bytes(self._buffer[:at])
        del self._buffer[: at + len(mark)]
        return taken

    async def skip(self, size: int) -> None:
        """Read so many bytes and forget them."""
        while size:
            if not self._buffer:
                await self._more()
            taken = min(size, len(self._buffer))
            del self._buffer[:taken]
            size -= taken

    async def head(self) -> Message:
        """Start line and headers only."""
        start, *lines = (await self.read_until(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.split(":", 1) for line in lines)
        return Message(start, [(name.lower(), value.strip()) for name, value in pairs])

    async def chunk(self) -> bytes:
        """One piece of a chunked body; the last is empty."""
        size = int(await self.read_until(b"\r\n"), 16)
        piece = await self.read(size)
        assert await self.read(2) == b"\r\n"
        return piece

    async def message(self, *, bodiless: bool = False) -> Message:
        """A whole request or answer. Raises Closed when it is cut short."""
        message = await self.head()
        if bodiless:
            return message
        if message.one("transfer-encoding") == "chunked":
            while piece := await self.chunk():
                message.chunks.append(piece)
            message.body = b"".join(message.chunks)
        else:
            message.body = await self.read(int(message.one("content-length") or 0))
        return message

    async def closed(self) -> bytes:
        """Wait until the other side has closed; what it sent before that."""
        try:
            while True:
                await self._more()
        except Closed:
            return bytes(self._buffer)

    def close(self) -> None:
        """Close in order (FIN)."""
        self._sock.close()

    def reset(self) -> None:
        """Close with a reset (RST)."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    async def _more(self) -> None:
        try:
            data = await within(self._loop.sock_recv(self._sock, 1 << 18))
        except ConnectionError:
            raise Closed from None
        if not data:
            raise Closed
        self._buffer += data


class Service:
    """A service behind the gateway that the test plays by hand."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self._wires: list[Wire] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    async def accept(self) -> Wire:
        """The next connection of the gateway."""
        sock, _ = await within(asyncio.get_running_loop().sock_accept(self._listener))
        self._wires.append(Wire(sock))
        return self._wires[-1]

    def nobody_waits(self) -> bool:
        """Whether no further connection has been made."""
        try:
            self._listener.accept()[0].close()
        except BlockingIOError:
            return True
        return False

    def stop(self) -> None:
        """Refuse connections from now on."""
        self._listener.close()

    def close(self) -> None:
        """Close everything."""
        self.stop()
        for wire in self._wires:
            wire.close()


async def fill(wire: Wire, most: int, turn: Callable[[], Awaitable[None]]) -> int:
    """Send zeros until they go no further, though the gateway had its turns; the bytes taken."""
    sent, quiet = 0, 0
    while sent < most and quiet < 5:
        fitted = wire.send_what_fits(most - sent)
        sent += fitted
        quiet = 0 if fitted else quiet + 1
        await turn()
    return sent
