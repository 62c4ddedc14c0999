"""A pure ASGI middleware: request id, safe headers, one log line and metrics a request."""

import re
import time
from contextvars import ContextVar

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.web.language import negotiate
from shared.web.problem import CONTENT_TYPE, problem_response

REQUEST_ID_HEADER = "x-request-id"
_WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="")

REQUESTS = Counter("shequ_http_requests", "Requests answered", ["service", "method", "status"])
DURATION = Histogram("shequ_http_request_seconds", "Seconds to the answer's end", ["service"])

log = structlog.get_logger("http")


def _too_large(scope: Scope, identifier: str) -> Response:
    accepted = Headers(scope=scope).get("accept-language")
    return problem_response(
        status=413,
        code="content_too_large",
        detail=Text(
            zh="提交的内容超过大小限制，未做任何更改。请压缩或分批提交。",
            en="The content is larger than allowed and nothing was changed. Compress it or send "
            "it in parts.",
        ),
        language=negotiate(accepted),
        request_id=identifier,
        headers={"x-request-id": identifier},
    )


class RequestContext:
    """Gives each request an id (a well-formed one that came with it is kept), answers with it,
    and records the request once it is answered. Bodies and query strings are never logged."""

    def __init__(self, app: ASGIApp, *, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((v for k, v in scope["headers"] if k == b"x-request-id"), b"")
        identifier = given.decode() if _WELL_FORMED.fullmatch(given) else new_id().hex
        token = request_id.set(identifier)
        status = 500
        began = time.perf_counter()

        refused = False

        async def send_with_headers(message: Message) -> None:
            nonlocal status, refused
            if refused:
                return
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                if status == 413 and headers.get("content-type") != CONTENT_TYPE:
                    refused = True
                    await _too_large(scope, identifier)(scope, receive, send)
                    return
                headers[REQUEST_ID_HEADER] = identifier
                headers["x-content-type-options"] = "nosniff"
                headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            elapsed = time.perf_counter() - began
            REQUESTS.labels(self._service, scope["method"], str(status)).inc()
            DURATION.labels(self._service).observe(elapsed)
            if status >= 500:
                log.error(
                    "request.failed",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    milliseconds=round(elapsed * 1000, 1),
                    request_id=identifier,
                )
            request_id.reset(token)
