"""A district on the gateway: three communities, two departments, and the offices."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from cloudevents.core.v1.event import CloudEvent

from services.gateway.admission.events import take_in_community
from services.gateway.app import create_api
from services.gateway.settings import Settings
from shared.db.database import Database
from shared.kernel.clock import FixedClock
from shared.kernel.ids import new_id
from shared.web.app import ServiceApplication
from tests.conftest import client_of
from tests.services.gateway.conftest import PASSWORD, SEAL, Person, log_in
from tests.support.databases import Databases
from tests.support.identity import ISSUER

TODAY = date(2026, 3, 2)
LONG_AGO = TODAY - timedelta(days=200)


@pytest.fixture(scope="session")
def gateway_api(databases: Databases, gateway_files: str) -> ServiceApplication:
    """The application on a day of its own; tokens go by the machine's clock."""
    app = create_api(
        Settings(
            database_url=databases.url("gateway"),
            issuer=ISSUER,
            signing_key_secret=SEAL,
            files_url=gateway_files,
            demo_assessments=True,
        )
    )
    app.state.clock = FixedClock.on(TODAY)
    return app


@pytest.fixture(scope="session")
async def gateway(gateway_api: ServiceApplication) -> AsyncIterator[httpx.AsyncClient]:
    """A client on it."""
    async with client_of(gateway_api) as client:
        yield client


@dataclass
class Offices:
    """Who asks and decides, and the communities that it is about."""

    code: str
    gateway: httpx.AsyncClient
    communities: list[UUID]
    health: UUID
    other: UUID
    people: dict[str, Person] = field(default_factory=dict)

    def who(self, login: str) -> dict[str, str]:
        """Authorization of one of them."""
        return self.people[login].headers

    def item(self, **changed: Any) -> dict[str, Any]:
        """An application of the health department that meets no objection."""
        return {
            "code": f"WJ-{new_id().hex[-8:]}",
            "title": "老年人健康档案更新",
            "list": "assistance",
            "legal_basis": "基本医疗卫生与健康促进法 36",
            "content": "入户核对六十五岁以上老人健康档案，更新慢性病和用药情况。",
            "standard": "档案更新率达到95%",
            "funding": {
                "basis": "per_community",
                "amount": 1000,
                "total": 3000,
                "source_line": "2100408 基本公共卫生服务",
            },
            "starts_on": str(LONG_AGO + timedelta(days=100)),
            "ends_on": str(TODAY + timedelta(days=300)),
            **changed,
        }

    async def post(self, login: str, path: str, body: Any = None) -> httpx.Response:
        """A POST by one of them."""
        return await self.gateway.post(f"/v1/admission/{path}", json=body, headers=self.who(login))

    async def get(self, login: str, path: str) -> Any:
        """The JSON of a GET that succeeds."""
        answer = await self.gateway.get(f"/v1/admission/{path}", headers=self.who(login))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def admitted(self, **changed: Any) -> dict[str, Any]:
        """An item in force, decided on paper long ago."""
        made = await self.post(
            "leading",
            "items/decided",
            {
                **self.item(**changed),
                "department_id": str(self.health),
                "applied_on": str(LONG_AGO),
                "decided_on": str(LONG_AGO + timedelta(days=7)),
                "document": "沙社建组〔2026〕1号",
            },
        )
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    def dispatch(self, item: dict[str, Any], *places: int, **changed: Any) -> dict[str, Any]:
        """A dispatch of an item to communities by their place in the list."""
        return {
            "item_code": item["code"],
            "title": "第四季度健康档案更新",
            "content": "按名单入户核对。",
            "due_on": str(TODAY + timedelta(days=20)),
            "communities": [{"community_id": str(self.communities[at])} for at in places],
            **changed,
        }


@pytest.fixture
async def offices(
    gateway: httpx.AsyncClient,
    gateway_database: Database,
    administrator: Person,
    district: str,
) -> Offices:
    """Logins: leading, health, police, clerk (of community 0)."""
    communities = [new_id() for _ in range(3)]
    street = new_id()
    async with gateway_database.transaction(district) as session:
        for at, id in enumerate(communities):
            data = {
                "id": str(id),
                "code": f"C{at}",
                "name": f"社区{at}",
                "kind": "urban",
                "state": "active",
                "household_count": 2500,
                "street": {"id": str(street), "code": "S", "name": "解放街道"},
            }
            attributes = {"id": str(new_id()), "source": "/workstation", "type": "t"}
            await take_in_community(
                session, district, CloudEvent({**attributes, "specversion": "1.0"}, data)
            )
    departments = []
    for code, name in (("health", "卫生健康局"), ("police", "公安分局")):
        made = await gateway.post(
            "/v1/departments", json={"code": code, "name": name}, headers=administrator.headers
        )
        departments.append(UUID(made.json()["id"]))
    found = Offices(district, gateway, communities, departments[0], departments[1])
    found.people["administrator"] = administrator
    for login, role, scope in (
        ("leading", "leading_group", None),
        ("health", "department", departments[0]),
        ("police", "department", departments[1]),
        ("clerk", "workstation_staff", communities[0]),
    ):
        account = await gateway.post(
            "/v1/accounts",
            json={"login": f"{login}.{district}", "display_name": login, "password": PASSWORD},
            headers=administrator.headers,
        )
        assert account.status_code == 201, account.text
        grant = {"account_id": account.json()["id"], "role": role}
        if scope is not None:
            grant["scope_id"] = str(scope)
        made = await gateway.post("/v1/grants", json=grant, headers=administrator.headers)
        assert made.status_code == 201, made.text
        found.people[login] = await log_in(gateway, f"{login}.{district}")
    return found
