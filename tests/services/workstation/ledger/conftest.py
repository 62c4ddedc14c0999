"""A small district whose elements have owners: civil affairs' bureau, the workstations, the
committees."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.auth.principal import Role
from shared.db.database import Database
from shared.kernel.ids import new_id
from tests.services.workstation.conftest import SmallDistrict, workstation_on
from tests.support.databases import Databases
from tests.support.identity import SigningIdentity

TODAY = date(2026, 10, 8)
LEDGER = "/v1/workstation/ledger"
BOTH = frozenset({"ledger:read", "ledger:write"})
TOPICS = {
    "elderly": ("60岁以上老年人数", "期末常住六十周岁以上的老年人。"),
    "disabled": ("持证残疾人数", "持有第二代残疾人证者。"),
    "parking": ("停车泊位", "划线且可用的车位。"),
    "drills": ("消防演练次数", "组织居民参加的消防演习。"),
    "pets": ("登记犬只", "已办犬证的犬。"),
    "library": ("藏书册数", "图书室馆藏。"),
}


@pytest.fixture(scope="session")
async def workstation(
    databases: Databases, identity: SigningIdentity, workstation_files: str
) -> AsyncIterator[httpx.AsyncClient]:
    """The workstation on that day."""
    async with workstation_on(TODAY, databases, identity, workstation_files) as client:
        yield client


@dataclass
class Ledger:
    """Who catalogues, collects and reads."""

    client: httpx.AsyncClient
    database: Database
    small: SmallDistrict
    civil: UUID
    health: UUID

    def department(self, id: UUID | None = None, *, client: bool = False) -> dict[str, str]:
        """A person or system of a department, the civil affairs bureau if none is named."""
        return self.small.identity.bearer(
            self.small.code,
            Role.DEPARTMENT,
            department=id or self.civil,
            client_scopes=BOTH if client else None,
        )

    def member(self, community: int = 0) -> dict[str, str]:
        """A member of a residents' committee."""
        return self.small.identity.bearer(
            self.small.code, Role.COMMITTEE_MEMBER, community=self.small.communities[community]
        )

    def group(self) -> dict[str, str]:
        """Somebody of the Leading Group."""
        return self.small.role(Role.LEADING_GROUP)

    async def post(
        self, path: str, body: Any = None, *, by: dict[str, str] | None = None, **headers: str
    ) -> httpx.Response:
        """A POST, by the Leading Group if nobody is named."""
        return await self.client.post(
            f"{LEDGER}/{path}", json=body, headers={**(by or self.group()), **headers}
        )

    async def answer(self, path: str, *, by: dict[str, str] | None = None) -> httpx.Response:
        """A GET."""
        return await self.client.get(f"{LEDGER}/{path}", headers=by or self.group())

    async def get(self, path: str, *, by: dict[str, str] | None = None) -> Any:
        """The JSON of a GET that succeeds."""
        answer = await self.answer(path, by=by)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def definition(self, topic: str = "elderly", **changed: Any) -> dict[str, Any]:
        """An element that the workstations collect."""
        title, definition = TOPICS[topic]
        return {
            "code": topic,
            "title": title,
            "definition": definition,
            "type": "integer",
            "unit": "人",
            "frequency": "quarter",
            "validity_days": 120,
            "owner": {"kind": "workstation", "name": "社区工作站"},
            **changed,
        }

    def owned_by(self, department: UUID, name: str = "民政局") -> dict[str, Any]:
        """A department as owner."""
        return {"kind": "department", "department_id": str(department), "name": name}

    async def element(self, topic: str = "elderly", **changed: Any) -> dict[str, Any]:
        """An element in the catalogue."""
        made = await self.post("elements", self.definition(topic, **changed))
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    def value(self, value: Any = 412, place: int = 0, **changed: Any) -> dict[str, Any]:
        """A value of the first element for a community."""
        return {
            "element": "elderly",
            "community_id": str(self.small.communities[place]),
            "period": "2026-Q3",
            "value": value,
            **changed,
        }

    async def entry(self, value: Any = 412, place: int = 0, **changed: Any) -> dict[str, Any]:
        """An entry by the community's clerk."""
        made = await self.post(
            "entries", self.value(value, place, **changed), by=self.small.staff(place)
        )
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    async def grant(self, *elements: str, to: UUID | None = None, **changed: Any) -> dict[str, Any]:
        """A grant to the health bureau."""
        body = {
            "department_id": str(to or self.health),
            "elements": list(elements),
            "purpose": "养老服务补贴测算",
            "ends_on": "2026-12-31",
            **changed,
        }
        made = await self.post("grants", body)
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()["items"][0]
        return found


def codes(answer: httpx.Response) -> list[str]:
    """The codes of a problem's errors, or of itself where it has none."""
    body = answer.json()
    return [error["code"] for error in body.get("errors") or ()] or [body["code"]]


@pytest.fixture
async def ledger(
    workstation: httpx.AsyncClient, workstation_database: Database, small: SmallDistrict
) -> Ledger:
    """An empty catalogue."""
    return Ledger(workstation, workstation_database, small, new_id(), new_id())
