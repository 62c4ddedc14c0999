"""Fetches the gateway's published keys and revocations in the background."""

import asyncio
import contextlib
import time

import httpx
import jwt
import structlog

from shared.auth.tokens import IdentitySnapshot

REFRESH_SECONDS = 10.0
KEYS_PATH = "/.well-known/jwks.json"
REVOCATIONS_PATH = "/.well-known/revocations.json"

log = structlog.get_logger(__name__)


class PublishedIdentity:
    """The other services' view of identity: two public documents, fetched every ten seconds, so
    that a revoked grant ends within a minute also for who reaches a service directly."""

    def __init__(self, gateway_url: str, client: httpx.AsyncClient) -> None:
        self._gateway_url = gateway_url.rstrip("/")
        self._client = client
        self._snapshot: IdentitySnapshot | None = None
        self._task: asyncio.Task[None] | None = None

    def snapshot(self) -> IdentitySnapshot | None:
        """The newest snapshot fetched."""
        return self._snapshot

    async def refresh(self) -> None:
        """Fetch both documents now. Raises httpx.HTTPError when the gateway does not answer."""
        taken_at = time.time()
        keys = await self._client.get(self._gateway_url + KEYS_PATH)
        revocations = await self._client.get(self._gateway_url + REVOCATIONS_PATH)
        keys.raise_for_status()
        revocations.raise_for_status()
        self._snapshot = IdentitySnapshot(
            keys={key["kid"]: jwt.PyJWK(key) for key in keys.json()["keys"]},
            least_generation=revocations.json()["least_generation"],
            taken_at=taken_at,
        )

    async def start(self) -> None:
        """Begin refreshing; the first fetch may fail, then requests are answered 503 until it
        succeeds."""
        self._task = asyncio.create_task(self._refresh_for_ever())

    async def stop(self) -> None:
        """End refreshing."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _refresh_for_ever(self) -> None:
        while True:
            try:
                await self.refresh()
                pause = REFRESH_SECONDS
            except (httpx.HTTPError, KeyError, ValueError, jwt.PyJWTError) as error:
                log.warning("identity.refresh_failed", error=type(error).__name__)
                pause = 0.5 if self._snapshot is None else 2.0
            await asyncio.sleep(pause)
