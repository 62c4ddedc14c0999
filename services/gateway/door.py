"""What every request passes at the public door: whose it is, and how many they may send."""

import hashlib
import ipaddress
import time
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.settings import Settings
from shared.auth.tokens import TokenVerifier
from shared.kernel.errors import DomainError
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.web.language import negotiate
from shared.web.problem import problem_response
from shared.web.rate_limit import RateLimiter

TOKEN_PATH = "/v1/auth/token"  # noqa: S105 - an address


def bearer_token(scope: Scope) -> str | None:
    """The bearer token of a request, None without one."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.partition(b" ")
            if scheme.lower() == b"bearer" and token:
                return bytes(token).strip().decode("latin-1")
    return None


class Authenticator:
    """Verifies a token at the door, so that a bad one never reaches a service. A request without
    a token goes on: whether the operation is public is for the service to say."""

    def __init__(self, verifier: TokenVerifier) -> None:
        self._verifier = verifier

    def __call__(self, scope: Scope) -> DomainError | None:
        """None, or why the token is refused."""
        token = bearer_token(scope)
        if token is None:
            return None
        try:
            self._verifier.verify(token)
        except DomainError as error:
            return error
        return None


class Door:
    """Finds the caller's address behind trusted proxies, and limits how fast one caller may ask
    (by token, else by address; logins more strictly by address)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._trusted = [ipaddress.ip_network(entry) for entry in settings.trusted_proxies]
        self._requests = RateLimiter(
            per_second=settings.requests_per_second, burst=settings.request_burst
        )
        self._logins = RateLimiter(
            per_second=settings.logins_per_second, burst=settings.login_burst
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        address = self._address(scope)
        scope["client"] = (address, 0)
        if scope["path"] == TOKEN_PATH:
            wait = self._logins.wait(address, time.monotonic())
        else:
            token = bearer_token(scope)
            caller = address if token is None else _short(token)
            wait = self._requests.wait(caller, time.monotonic())
        if wait:
            await _too_many(scope, wait)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _address(self, scope: Scope) -> str:
        client = scope.get("client")
        peer: str = client[0] if client else "unknown"
        if not self._trusted or not _within(peer, self._trusted):
            return peer
        forwarded: list[str] = [
            part.strip()
            for name, value in scope["headers"]
            if name == b"x-forwarded-for"
            for part in value.decode("latin-1").split(",")
        ]
        for hop in reversed(forwarded):
            if not _within(hop, self._trusted):
                return hop[:45]
        return peer


def _within(
    address: str, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]
) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _short(token: str) -> str:
    return hashlib.blake2b(token.encode("latin-1"), digest_size=12).hexdigest()


def _too_many(scope: Scope, wait: int) -> ASGIApp:
    accepted = next((v for k, v in scope["headers"] if k == b"accept-language"), b"")
    request_id = new_id().hex
    return problem_response(
        status=429,
        code="too_many_requests",
        detail=Text(
            zh=f"请求过于频繁，本次未办理。请在 {wait} 秒后重试。",
            en=f"Too many requests; this one was not served. Try again in {wait} s.",
        ),
        language=negotiate(accepted.decode("latin-1")),
        request_id=request_id,
        headers={"Retry-After": str(wait), "x-request-id": request_id},
    )
