"""The lightest service that can stand behind the gateway: 1 KB of JSON from a bare ASGI app."""

import json

from starlette.types import Receive, Scope, Send

BODY = json.dumps({"items": [{"id": n, "name": "post", "filled": True} for n in range(24)]})
_ANSWER = BODY.encode()
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", str(len(_ANSWER)).encode()),
]


async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
    """ASGI."""
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _ANSWER, "more_body": False})
