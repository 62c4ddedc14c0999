"""A community whose committee member is to be recalled."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.committee.app import create_app
from services.committee.settings import Settings
from shared.auth.principal import Role
from shared.kernel.clock import FixedClock
from shared.kernel.identity_number import check_character
from shared.web.app import ServiceApplication
from tests.conftest import KEYS, client_of
from tests.services.committee.conftest import SmallDistrict
from tests.support.databases import Databases
from tests.support.identity import ISSUER, SigningIdentity

C = "/v1/committee"
TODAY = date(2026, 11, 24)


def id_number(at: int, born: str = "19680512") -> str:
    """A valid identity number of a person of that place in the row."""
    first = f"421002{born}{at:03d}"
    return first + check_character(first)


@pytest.fixture(scope="session")
def committee_api(
    databases: Databases, identity: SigningIdentity, committee_files: str
) -> ServiceApplication:
    """The application on a day of its own; tokens go by the machine's clock."""
    settings = Settings(
        database_url=databases.url("committee"), issuer=ISSUER, files_url=committee_files, **KEYS
    )
    return create_app(settings, identity=identity)


@pytest.fixture(scope="session")
async def committee(committee_api: ServiceApplication) -> AsyncIterator[httpx.AsyncClient]:
    """A client on it."""
    async with client_of(committee_api) as client:
        yield client


@dataclass
class Place:
    """The first community, its people, and what they ask."""

    client: httpx.AsyncClient
    api: ServiceApplication
    small: SmallDistrict
    identity: SigningIdentity
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    members: list[dict[str, Any]] = field(default_factory=list)

    def on(self, day: date) -> None:
        """Set the service's clock."""
        self.api.state.clock = FixedClock.on(day)

    async def post(self, who: str, path: str, body: Any = None, status: int = 200) -> Any:
        """A POST by one of them that is answered with the status."""
        answer = await self.client.post(f"{C}/{path}", json=body, headers=self.people[who])
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, who: str, path: str, status: int = 200) -> Any:
        """A GET by one of them."""
        answer = await self.client.get(f"{C}/{path}", headers=self.people[who])
        assert answer.status_code == status, answer.text
        return answer.json()

    async def petition(self, member: int = 1, status: int = 201, **changed: Any) -> Any:
        """A petition of electors, ten of a hundred needed."""
        body = {
            "member_id": self.members[member]["id"],
            "basis": "electors",
            "form": "all_electors",
            "reasons": "连续三个月未公布居务收支。",
            "electors": 100,
            "roll_document": "第八届选民名单",
            **changed,
        }
        return await self.post("resident", "recalls", body, status)

    async def sign(self, recall: str, at: int, status: int = 201, **changed: Any) -> Any:
        """A signature entered by the supervision committee."""
        body = {
            "name": f"居民{at}",
            "id_number": id_number(at),
            "signed_on": TODAY.isoformat(),
            **changed,
        }
        return await self.post("supervisor", f"recalls/{recall}/signatures", body, status)

    async def verify(self, recall: str, signature: str, status: int = 200, **body: Any) -> Any:
        """The election committee compares it with the roll."""
        path = f"recalls/{recall}/signatures/{signature}/verification"
        return await self.post("election", path, {"valid": True, **body}, status)

    async def submitted(self, **changed: Any) -> str:
        """A petition that ten have signed and that was submitted."""
        recall: str = (await self.petition(**changed))["id"]
        for at in range(10):
            await self.verify(recall, (await self.sign(recall, at))["id"])
        await self.post("resident", f"recalls/{recall}/submission")
        return recall

    async def announced(self, **changed: Any) -> str:
        """A recall whose vote is today."""
        recall = await self.submitted(**changed)
        await self.post("election", f"recalls/{recall}/decision", {"outcome": "acceptance"})
        await self.post("member", f"recalls/{recall}/defence", {"statement": "收支已公布。"})
        vote_on = TODAY + timedelta(days=20)
        body = {"vote_on": vote_on.isoformat(), "place": "社区活动中心"}
        await self.post("election", f"recalls/{recall}/announcement", body)
        self.on(vote_on)
        return recall

    async def count(self, who: str, recall: str, in_favour: int, status: int = 201) -> Any:
        """One of them counted 60 ballots."""
        body = {
            "issued": 60,
            "received": 60,
            "in_favour": in_favour,
            "against": 60 - in_favour,
            "void": 0,
        }
        return await self.post(who, f"recalls/{recall}/counts", body, status)


@pytest.fixture
async def place(
    committee: httpx.AsyncClient,
    committee_api: ServiceApplication,
    small: SmallDistrict,
    identity: SigningIdentity,
) -> Place:
    """The people of the first community, the street's officer, and a resident of the second."""
    found = Place(committee, committee_api, small, identity)
    found.on(TODAY)
    own: UUID = small.communities[0]
    for name, role in (
        ("resident", Role.RESIDENT),
        ("other resident", Role.RESIDENT),
        ("supervisor", Role.SUPERVISOR),
        ("election", Role.ELECTION_COMMITTEE),
        ("member", Role.COMMITTEE_MEMBER),
    ):
        found.people[name] = identity.bearer(small.code, role, community=own)
    found.people["street"] = identity.bearer(small.code, Role.STREET_OFFICER, street=small.street)
    found.people["neighbour"] = identity.bearer(
        small.code, Role.RESIDENT, community=small.communities[1]
    )
    listed = await found.get("resident", f"committees/{small.committees[0]}/members")
    found.members = listed["items"]
    return found
