"""A small district on the workstation: two streets, three communities."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import httpx
import pytest

from services.workstation.app import create_app
from services.workstation.settings import Settings
from shared.auth.principal import Role
from shared.db.database import Database
from shared.kernel.clock import FixedClock
from shared.web.app import ServiceApplication
from tests.conftest import KEYS, client_of
from tests.support.databases import Databases
from tests.support.identity import ISSUER, SigningIdentity


@dataclass
class SmallDistrict:
    """Its code, places, and people by role."""

    code: str
    streets: list[UUID]
    communities: list[UUID]
    identity: SigningIdentity

    def staff(self, community: int = 0) -> dict[str, str]:
        """A workstation's clerk."""
        return self.identity.bearer(
            self.code, Role.WORKSTATION_STAFF, community=self.communities[community]
        )

    def officer(self, street: int = 0) -> dict[str, str]:
        """A street's officer."""
        return self.identity.bearer(self.code, Role.STREET_OFFICER, street=self.streets[street])

    def role(self, role: Role) -> dict[str, str]:
        """Someone of a district office."""
        return self.identity.bearer(self.code, role)


def workstation_app(
    day: date, databases: Databases, identity: SigningIdentity, files: str
) -> ServiceApplication:
    """The workstation on a day of its own; tokens go by the machine's clock."""
    settings = Settings(
        database_url=databases.url("workstation"), issuer=ISSUER, files_url=files, **KEYS
    )
    app = create_app(settings, identity=identity)
    app.state.clock = FixedClock.on(day)
    return app


@asynccontextmanager
async def workstation_on(
    day: date, databases: Databases, identity: SigningIdentity, files: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A client on it."""
    async with client_of(workstation_app(day, databases, identity, files)) as client:
        yield client


@pytest.fixture
async def small(
    workstation: httpx.AsyncClient,
    identity: SigningIdentity,
    district: str,
    workstation_database: Database,
) -> SmallDistrict:
    """Communities 0 and 1 lie in street 0, community 2 in street 1; all are active."""
    office = identity.bearer(district, Role.CIVIL_AFFAIRS)
    streets, communities = [], []
    for number in range(2):
        made = await workstation.post(
            "/v1/workstation/streets",
            json={"code": f"S{number}", "name": f"街道{number}", "kind": "street"},
            headers=office,
        )
        assert made.status_code == 201, made.text
        streets.append(UUID(made.json()["id"]))
    for number, street in enumerate((0, 0, 1)):
        made = await workstation.post(
            "/v1/workstation/communities",
            json={
                "code": f"C{number}",
                "name": f"社区{number}",
                "kind": "urban",
                "street_id": str(streets[street]),
                "established_on": "2003-05-20",
                "household_count": 2000 + number,
            },
            headers=office,
        )
        assert made.status_code == 201, made.text
        community = made.json()["id"]
        adjusted = await workstation.post(
            "/v1/workstation/adjustments",
            json={
                "code": f"2003-{number}",
                "round": 1,
                "kind": "create",
                "decided_on": "2003-05-20",
                "document": "沙区政发〔2003〕1号",
                "before": [],
                "after": [community],
            },
            headers=office,
        )
        assert adjusted.status_code == 201, adjusted.text
        communities.append(UUID(community))
    return SmallDistrict(district, streets, communities, identity)
