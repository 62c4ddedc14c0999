"""One attempt: a CloudEvent signed after Standard Webhooks, sent to the address that was judged."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
from cloudevents.core.bindings.http import to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks import Webhook as Signer

from services.gateway.webhooks.addresses import Allowed, Endpoint, NotAllowed, endpoint_of

TIMEOUT_SECONDS = 15.0
ANSWER_BYTES = 2048
ANSWER_KEPT = 500
MOST_RETRY_AFTER = 86_400


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt. `status` is None where no answer came, `error` says why."""

    status: int | None
    error: str | None
    answer: str
    milliseconds: int
    retry_after: timedelta | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver has it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


class Sender:
    """Sends deliveries. One is enough for a process."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._tls = ssl.create_default_context()

    async def send(
        self,
        url: str,
        secrets: Sequence[bytes],
        event: CloudEvent,
        event_id: UUID,
        now: datetime,
    ) -> Outcome:
        """Make one attempt; never raises for what an endpoint or network does."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                endpoint = await endpoint_of(url, self._allowed)
                answer = await self._call(endpoint, secrets, event, event_id, now)
        except NotAllowed as error:
            return Outcome(None, error.code, "", _since(began))
        except TimeoutError:
            return Outcome(None, "timeout", "", _since(began))
        except (httpx.TransportError, httpx.InvalidURL) as error:
            return Outcome(None, type(error).__name__, "", _since(began))
        status, text, retry_after = answer
        return Outcome(status, None, text, _since(began), retry_after)

    async def _call(
        self,
        endpoint: Endpoint,
        secrets: Sequence[bytes],
        event: CloudEvent,
        event_id: UUID,
        now: datetime,
    ) -> tuple[int, str, timedelta | None]:
        message = to_structured(event, JSONFormat())
        body = message.body.decode()
        url = httpx.URL(endpoint.url)
        request = httpx.Request(
            "POST",
            url.copy_with(host=str(endpoint.address)),
            headers={
                **message.headers,
                "host": url.netloc.decode("ascii"),
                "user-agent": "shequ-webhooks/1",
                "webhook-id": str(event_id),
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": signatures(secrets, event_id, now, body),
            },
            content=body.encode(),
            extensions={"sni_hostname": endpoint.host},
        )
        async with httpx.AsyncClient(verify=self._tls, trust_env=False) as client:
            answer = await client.send(request, stream=True)
            try:
                text = await _beginning(answer)
            finally:
                await answer.aclose()
        return answer.status_code, text, _asked_for(answer)


def signatures(secrets: Sequence[bytes], event_id: UUID, now: datetime, body: str) -> str:
    """`webhook-signature`: one for each secret, the newest first."""
    at = now.astimezone(UTC)
    return " ".join(Signer(secret).sign(str(event_id), at, body) for secret in secrets)


async def _beginning(answer: httpx.Response) -> str:
    """The first signs of an answer, so that its sender finds it in the log; the rest is not read."""
    kept = b""
    async for chunk in answer.aiter_raw():
        kept += chunk
        if len(kept) >= ANSWER_BYTES:
            break
    return kept[:ANSWER_BYTES].decode("utf-8", "replace").replace("\0", "")[:ANSWER_KEPT]


def _asked_for(answer: httpx.Response) -> timedelta | None:
    said = answer.headers.get("retry-after", "")
    if answer.status_code not in {429, 503} or not (said.isascii() and said.isdigit()):
        return None
    return timedelta(seconds=min(int(said[:9]), MOST_RETRY_AFTER))


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
