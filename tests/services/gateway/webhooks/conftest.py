"""A department with a system that listens, and a worker that delivers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from services.gateway.app import create_api
from services.gateway.identity.public import Seal
from services.gateway.settings import Settings
from services.gateway.webhooks.addresses import Allowed
from services.gateway.webhooks.delivering import Deliverer
from services.gateway.webhooks.domain import TEST
from services.gateway.webhooks.publishing import publish
from services.gateway.webhooks.sending import Sender
from shared.db.database import Database
from shared.kernel.ids import new_id
from shared.web.app import ServiceApplication
from tests.conftest import client_of
from tests.services.gateway.conftest import SEAL
from tests.support.databases import Databases
from tests.support.identity import ISSUER

LOOPBACK = ["127.0.0.0/8"]


@dataclass
class Received:
    """One request that came in."""

    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    """A department's system: keeps what comes in, and answers as it is told; with `holds` it says
    by the first event that it was asked, and answers after the second."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    holds: tuple[asyncio.Event, asyncio.Event] | None = None
    answer: Callable[[Received], tuple[int, dict[str, str]]] = lambda _request: (204, {})

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook?of=health"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")[1:-2]
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        request = Received(headers, body)
        self.received.append(request)
        if self.holds is not None:
            heard, go_on = self.holds
            heard.set()
            await go_on.wait()
        status, extra = self.answer(request)
        said = {"content-length": "5", "connection": "close", **extra}
        fields = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        writer.write(f"HTTP/1.1 {status} OK\r\n{fields}\r\nheard".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A system that listens on this machine."""
    found = Receiver()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found


@pytest.fixture(scope="session")
def gateway_api(databases: Databases, gateway_files: str) -> ServiceApplication:
    """The gateway, allowed to call this machine."""
    return create_api(
        Settings(
            database_url=databases.url("gateway"),
            issuer=ISSUER,
            signing_key_secret=SEAL,
            files_url=gateway_files,
            webhook_allow=LOOPBACK,
        )
    )


@pytest.fixture(scope="session")
async def gateway(gateway_api: ServiceApplication) -> AsyncIterator[httpx.AsyncClient]:
    """A client on it."""
    async with client_of(gateway_api) as client:
        yield client


@dataclass
class Listening:
    """A department with a webhook."""

    code: str
    gateway: httpx.AsyncClient
    database: Database
    deliverer: Deliverer
    department: UUID
    other_department: UUID
    headers: dict[str, str]
    other: dict[str, str]
    receiver: Receiver
    url: str
    webhook: dict[str, Any] = field(default_factory=dict)

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        """A POST by the department."""
        return await self.gateway.post(f"/v1/webhooks{path}", json=body, headers=self.headers)

    async def get(self, path: str) -> Any:
        """The JSON of a GET that succeeds."""
        answer = await self.gateway.get(f"/v1/webhooks{path}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def subscribe(self, *types: str) -> dict[str, Any]:
        """Create the department's webhook."""
        made = await self.post("", {"url": self.receiver.url, "event_types": types or [TEST]})
        assert made.status_code == 201, made.text
        self.webhook = made.json()
        return self.webhook

    async def tell(self, number: int, subject: str = "item/1") -> None:
        """An event of the department."""
        async with self.database.transaction(self.code) as session:
            await publish(
                session,
                self.code,
                type=TEST,
                subject=subject,
                data={"webhook_id": str(new_id()), "number": number},
                departments=[self.department],
            )

    async def deliver(self) -> None:
        """What a worker does for the webhook."""
        await self.deliverer.deliver(f"{self.code} {self.webhook['id']}")

    async def let_time_pass(self) -> None:
        """All that waits is due."""
        async with self.database.transaction(self.code) as session:
            await session.execute(
                text("UPDATE webhook_delivery SET due_at = now(), claimed_until = NULL")
            )

    async def log(self) -> list[dict[str, Any]]:
        """The deliveries, oldest first."""
        items = (await self.get(f"/{self.webhook['id']}/deliveries"))["items"]
        return list(reversed(items))

    async def state(self) -> dict[str, Any]:
        """The webhook as it is now."""
        found: dict[str, Any] = await self.get(f"/{self.webhook['id']}")
        return found


@pytest.fixture
async def listening(
    gateway: httpx.AsyncClient,
    gateway_database: Database,
    administrator: Any,
    district: str,
    receiver: Receiver,
    databases: Databases,
) -> Listening:
    """Two departments; the first one listens."""
    departments, tokens = [], []
    for code in ("health", "police"):
        made = await gateway.post(
            "/v1/departments", json={"code": code, "name": code}, headers=administrator.headers
        )
        departments.append(UUID(made.json()["id"]))
        client = await gateway.post(
            "/v1/clients",
            json={
                "name": code,
                "department_id": made.json()["id"],
                "scopes": ["webhooks:read", "webhooks:write"],
            },
            headers=administrator.headers,
        )
        token = await gateway.post(
            "/v1/auth/token",
            data={"grant_type": "client_credentials"},
            auth=(client.json()["client_id"], client.json()["client_secret"]),
        )
        tokens.append({"Authorization": f"Bearer {token.json()['access_token']}"})
    deliverer = Deliverer(gateway_database, Sender(Allowed(LOOPBACK)), Seal(SEAL))
    return Listening(
        code=district,
        gateway=gateway,
        database=gateway_database,
        deliverer=deliverer,
        department=departments[0],
        other_department=departments[1],
        headers=tokens[0],
        other=tokens[1],
        receiver=receiver,
        url=databases.url("gateway"),
    )
