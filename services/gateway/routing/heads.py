"""What of a request's and an answer's head is passed on, and how a body is framed."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import Scope

from services.gateway.routing.client import Header
from services.gateway.routing.refusals import host_repeated, unknown_coding

_OF_A_HOP = frozenset(
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
    }
)
_WRITTEN_ANEW = frozenset({b"host", b"content-length", b"x-request-id"})
_NOT_PASSED_ON = _OF_A_HOP | _WRITTEN_ANEW | {b"expect", b"forwarded", b"x-real-ip"}
_NOT_FROM_OUTSIDE = (b"x-forwarded-", b"x-shequ-")
# The server in front of the proxy dates every answer itself.
_NOT_PASSED_BACK = _OF_A_HOP | {b"x-request-id", b"date"}
_BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Onward:
    """A request as the service gets it: its head in bytes, and whether and how a body follows."""

    head: bytes
    has_body: bool
    chunked: bool

    @classmethod
    def of(cls, scope: Scope, request_id: bytes) -> "Onward":
        """Raises Refusal when the request could be read in two ways.

        The frame (length or chunks) and Host are written by the gateway, so that no caller can
        have them removed by naming them in Connection.
        """
        hosts: list[bytes] = []
        codings: list[bytes] = []
        length: bytes | None = None
        named: set[bytes] = set()
        kept: list[Header] = []
        for header in scope["headers"]:
            name, value = header
            if name not in _NOT_PASSED_ON:
                if name[:2] != b"x-" or not name.startswith(_NOT_FROM_OUTSIDE):
                    kept.append(header)
            elif name == b"host":
                hosts.append(value)
            elif name == b"content-length":
                length = value
            elif name == b"transfer-encoding":
                codings.append(value.strip().lower())
            elif name == b"connection":
                named |= _tokens(value)
        if len(hosts) > 1:
            raise host_repeated()
        if codings and codings != [b"chunked"]:
            raise unknown_coding()
        host = hosts[0] if hosts else b""
        client = scope.get("client")
        parts = [
            scope["method"].encode(),
            b" ",
            _target(scope),
            b" HTTP/1.1\r\nhost: ",
            host,
            b"\r\nx-request-id: ",
            request_id,
            b"\r\nx-forwarded-for: ",
            client[0].encode() if client else b"unknown",
            b"\r\nx-forwarded-proto: ",
            scope.get("scheme", "http").encode(),
            b"\r\nx-forwarded-host: ",
            host,
            b"\r\n",
        ]
        if named:
            kept = [header for header in kept if header[0] not in named]
        parts += [b"%b: %b\r\n" % header for header in kept]
        if codings:
            parts.append(b"transfer-encoding: chunked\r\n")
        elif length is not None:
            parts += (b"content-length: ", length, b"\r\n")
        parts.append(b"\r\n")
        has_body = bool(codings) or length not in {None, b"0"}
        return cls(b"".join(parts), has_body, bool(codings))

    def piece(self, data: bytes, *, last: bool) -> bytes:
        """A piece of the body as it goes on the wire."""
        if not self.chunked:
            return data
        framed = b"%x\r\n%b\r\n" % (len(data), data) if data else b""
        return framed + b"0\r\n\r\n" if last else framed


def answer_headers(status: int, headers: Sequence[Header], request_id: bytes) -> list[Header]:
    """What of the service's headers the caller gets."""
    named: set[bytes] = set()
    kept: list[Header] = []
    for header in headers:
        name, value = header
        if name not in _NOT_PASSED_BACK:
            kept.append(header)
        elif name == b"connection" and value != b"keep-alive":
            named |= _tokens(value)
    if status in _BODILESS:
        named.add(b"content-length")
    if named:
        kept = [header for header in kept if header[0] not in named]
    kept.append((b"x-request-id", request_id))
    return kept


def _tokens(value: bytes) -> set[bytes]:
    return {token.strip().lower() for token in value.split(b",")}


def _target(scope: Scope) -> bytes:
    raw: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    return raw + b"?" + query if query else raw
