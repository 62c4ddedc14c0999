"""A hall in a district of its own: two communities, and everybody who takes part."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.committee.app import create_app
from services.committee.events import HANDLERS
from services.committee.settings import Settings
from shared.contracts.subscriptions import COMMUNITY_RECORDED
from shared.db.database import Database
from shared.kernel.clock import FixedClock, start_of
from shared.kernel.ids import new_id
from shared.web.app import ServiceApplication
from tests.conftest import KEYS, client_of
from tests.services.committee.conftest import community_event
from tests.support.databases import Databases
from tests.support.identity import ISSUER, SigningIdentity

BASE = "/v1/committee/hall"
MONDAY = date(2026, 3, 2)


class Days:
    """The clock of the hall's tests; tokens go by the machine's."""

    def __init__(self) -> None:
        self.clock = FixedClock.on(MONDAY)

    def go_to(self, day: date) -> None:
        """Noon of that day."""
        self.clock.move_to(start_of(day) + timedelta(hours=12))


@pytest.fixture(scope="session")
def days() -> Days:
    """One clock for all; each hall begins on the same Monday."""
    return Days()


@pytest.fixture(scope="session")
def hall_app(
    databases: Databases, identity: SigningIdentity, committee_files: str, days: Days
) -> ServiceApplication:
    """The committee service with that clock."""
    app = create_app(
        Settings(
            database_url=databases.url("committee"),
            issuer=ISSUER,
            files_url=committee_files,
            **KEYS,
        ),
        identity=identity,
    )
    app.state.clock = days.clock
    return app


@pytest.fixture(scope="session")
async def hall_client(hall_app: ServiceApplication) -> AsyncIterator[httpx.AsyncClient]:
    """A client on it."""
    async with client_of(hall_app) as client:
        yield client


@dataclass
class Hall:
    """The district's code, its communities, and headers of its people by login."""

    code: str
    client: httpx.AsyncClient
    database: Database
    days: Days
    street: UUID
    communities: list[UUID]
    department: UUID = field(default_factory=new_id)
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    identity: SigningIdentity | None = None

    def add(self, login: str, role: str, **scope: Any) -> None:
        """Somebody with a role."""
        assert self.identity is not None
        self.ids[login] = new_id()
        self.people[login] = self.identity.bearer(self.code, role, subject=self.ids[login], **scope)

    async def ask(
        self, login: str | None, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        """A request by somebody, or by nobody."""
        own = self.people[login] if login else {}
        return await self.client.request(
            method, f"{BASE}/{path}", json=body, headers={**own, **headers}
        )

    async def post(self, login: str, path: str, body: Any = None) -> httpx.Response:
        """A POST by somebody."""
        return await self.ask(login, "POST", path, body)

    async def did(self, login: str, path: str, body: Any = None) -> Any:
        """The JSON of a POST that succeeds."""
        answer = await self.post(login, path, body)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def seen(self, path: str, login: str | None = None) -> Any:
        """The JSON of what is read; by the public when nobody is named."""
        mark = "&" if "?" in path else "?"
        where = path if login else f"{path}{mark}district={self.code}"
        answer = await self.ask(login, "GET", where)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def matter(self, **changed: Any) -> dict[str, Any]:
        """A matter to raise in the first community."""
        return {
            "community_id": str(self.communities[0]),
            "title": "3号楼门前路灯不亮",
            "content": "3号楼门前两盏路灯坏了半个多月，老人晚上下楼容易摔倒。",
            "category": "facilities",
            "place": "3号楼门前",
            **changed,
        }

    async def raised(self, login: str = "resident", **changed: Any) -> dict[str, Any]:
        """A raised matter."""
        found: dict[str, Any] = await self.did(login, "matters", self.matter(**changed))
        return found

    async def accepted(self, login: str = "resident", **changed: Any) -> dict[str, Any]:
        """A matter that the committee has accepted."""
        made = await self.raised(login, **changed)
        found: dict[str, Any] = await self.did("member", f"matters/{made['id']}/acceptance", {})
        return found


@pytest.fixture
async def hall(
    district: str,
    hall_client: httpx.AsyncClient,
    committee_database: Database,
    identity: SigningIdentity,
    days: Days,
) -> Hall:
    """Logins of the first community: resident, neighbour, other, representative, member, clerk,
    supervisor; of the second: stranger, stranger_member; and a department."""
    days.go_to(MONDAY)
    street, communities = new_id(), [new_id(), new_id()]
    async with committee_database.transaction(district) as session:
        for number, id in enumerate(communities):
            event = community_event(id, f"C{number}", street, name=f"第{number}社区")
            await HANDLERS[COMMUNITY_RECORDED](session, district, event)
    found = Hall(
        district, hall_client, committee_database, days, street, communities, identity=identity
    )
    for login, role in (
        ("resident", "resident"),
        ("neighbour", "resident"),
        ("other", "resident"),
        ("representative", "representative"),
        ("member", "committee_member"),
        ("clerk", "workstation_staff"),
        ("supervisor", "supervisor"),
    ):
        found.add(login, role, community=communities[0])
    found.add("stranger", "resident", community=communities[1])
    found.add("stranger_member", "committee_member", community=communities[1])
    found.add("department", "department", department=found.department)
    return found
