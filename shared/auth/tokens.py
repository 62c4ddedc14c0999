"""Access tokens: short-lived ES256 JWTs, verified by every service with the published keys."""

import base64
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import jwt

from shared.auth.principal import Grant, Principal, PrincipalKind, Role, ScopeKind
from shared.kernel.clock import Clock
from shared.kernel.errors import Unauthenticated, Unavailable
from shared.kernel.text import Text

ALGORITHM = "ES256"
AUDIENCE = "shequ"
MAX_STALENESS_SECONDS = 60
_CACHE_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class IdentitySnapshot:
    """What identity publishes: the public keys by key id, and the lowest generation of tokens
    still good for each subject whose grants changed lately. `taken_at` is a POSIX time."""

    keys: dict[str, jwt.PyJWK]
    least_generation: dict[str, int]
    taken_at: float


class IdentitySource(Protocol):
    """Gives the newest snapshot that it has without waiting; refreshed in the background."""

    def snapshot(self) -> IdentitySnapshot | None: ...


def subject_digest(subject: UUID) -> str:
    """How a subject is named in the public list of revocations: never by its id."""
    return base64.urlsafe_b64encode(hashlib.sha256(subject.bytes).digest()[:18]).decode()


def claims_of(principal: Principal, *, generation: int) -> dict[str, Any]:
    """The token's claims about its holder; issuer and times are added by who signs."""
    return {
        "sub": str(principal.subject),
        "kind": principal.kind.value,
        "district": principal.district,
        "generation": generation,
        "grants": [
            [g.role.value, g.scope.value, str(g.scope_id) if g.scope_id else None]
            for g in principal.grants
        ],
        "scope": " ".join(sorted(principal.scopes)),
    }


def _principal(claims: dict[str, Any]) -> Principal:
    return Principal(
        subject=UUID(claims["sub"]),
        kind=PrincipalKind(claims["kind"]),
        district=claims["district"],
        grants=tuple(
            Grant(Role(role), ScopeKind(scope), UUID(scope_id) if scope_id else None)
            for role, scope, scope_id in claims["grants"]
        ),
        scopes=frozenset(claims["scope"].split()),
    )


@dataclass(frozen=True, slots=True)
class _Verified:
    principal: Principal
    key_id: str
    digest: str
    generation: int
    expires_at: float


class TokenVerifier:
    """Verifies bearer tokens; a verified token is remembered until it expires or is revoked."""

    def __init__(self, source: IdentitySource, *, issuer: str, clock: Clock) -> None:
        self._source = source
        self._issuer = issuer
        self._clock = clock
        self._verified: OrderedDict[str, _Verified] = OrderedDict()

    def verify(self, token: str) -> Principal:
        """The token's holder.

        Raises Unauthenticated when the token is unknown, expired or revoked, and Unavailable when
        the published keys and revocations are older than a minute: an old list may hide a
        revocation.
        """
        now = self._clock.now().timestamp()
        snapshot = self._source.snapshot()
        if snapshot is None or now - snapshot.taken_at > MAX_STALENESS_SECONDS:
            raise Unavailable(
                code="identity_unavailable",
                detail=Text(
                    zh="暂时无法核验身份（身份服务未响应）。请稍后重试。",
                    en="Identity cannot be verified at the moment: the identity service does not "
                    "answer. Please try again shortly.",
                ),
            )
        found = self._verified.get(token)
        if found is None:
            found = self._decode(token, snapshot)
            self._verified[token] = found
            if len(self._verified) > _CACHE_SIZE:
                self._verified.popitem(last=False)
        if found.expires_at <= now or found.key_id not in snapshot.keys:
            self._verified.pop(token, None)
            raise _refused()
        if found.generation < snapshot.least_generation.get(found.digest, 0):
            self._verified.pop(token, None)
            raise Unauthenticated(
                code="token_revoked",
                detail=Text(
                    zh="您的授权已变更，此令牌不再有效。请用刷新令牌或重新登录获取新令牌。",
                    en="Your grants have changed and this token no longer counts. Use your "
                    "refresh token or log in again to get a new one.",
                ),
            )
        return found.principal

    def _decode(self, token: str, snapshot: IdentitySnapshot) -> _Verified:
        try:
            key_id = jwt.get_unverified_header(token)["kid"]
            claims = jwt.decode(
                token,
                snapshot.keys[key_id],
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                options={"require": ["exp", "iat", "sub"], "verify_exp": False},
            )
            principal = _principal(claims)
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError):
            raise _refused() from None
        return _Verified(
            principal=principal,
            key_id=key_id,
            digest=subject_digest(principal.subject),
            generation=claims["generation"],
            expires_at=float(claims["exp"]),
        )


def _refused() -> Unauthenticated:
    return Unauthenticated(
        code="token_invalid",
        detail=Text(
            zh="令牌无效或已过期。请重新登录，或用刷新令牌换取新令牌。",
            en="The token is invalid or has expired. Log in again, or use your refresh token to "
            "get a new one.",
        ),
    )
