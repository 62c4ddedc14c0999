"""A small district with posts, and two persons of the finance bureau."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import insert

from services.workstation.funding import public
from services.workstation.posts.models import Post
from shared.audit.record import Actor
from shared.auth.principal import Role
from shared.db.database import Database
from shared.kernel.ids import new_id
from tests.services.workstation.conftest import SmallDistrict, workstation_on
from tests.support.databases import Databases
from tests.support.identity import SigningIdentity

TODAY = date(2026, 3, 2)
FUNDS = "/v1/workstation/funds"


@pytest.fixture(scope="session")
async def workstation(
    databases: Databases, identity: SigningIdentity, workstation_files: str
) -> AsyncIterator[httpx.AsyncClient]:
    """The workstation on that day."""
    async with workstation_on(TODAY, databases, identity, workstation_files) as client:
        yield client


@dataclass
class Treasury:
    """Who prepares, who approves, and the money there is."""

    client: httpx.AsyncClient
    database: Database
    small: SmallDistrict
    preparer: dict[str, str]
    approver: dict[str, str]

    async def post(
        self, path: str, body: Any = None, *, by: dict[str, str] | None = None
    ) -> httpx.Response:
        """A POST, by the preparer if nobody is named."""
        return await self.client.post(f"{FUNDS}/{path}", json=body, headers=by or self.preparer)

    async def get(self, path: str, *, by: dict[str, str] | None = None) -> Any:
        """The JSON of a GET that succeeds."""
        answer = await self.client.get(f"{FUNDS}/{path}", headers=by or self.preparer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def grant(self, source: str = "per_community", **changed: Any) -> dict[str, Any]:
        """Money by rates for 2026; the first community's appropriation."""
        body = {
            "source": source,
            "year": 2026,
            "document": "沙财预〔2026〕5号",
            "source_line": "2080208 基层政权建设和社区治理",
            "granted_on": "2026-01-20",
            **changed,
        }
        made = await self.post("appropriations", body)
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    async def first(self, place: int = 0, **filters: str) -> dict[str, Any]:
        """A community's appropriation."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        community = self.small.communities[place]
        found = await self.get(f"appropriations?community_id={community}&{query}")
        row: dict[str, Any] = found["items"][0]
        return row

    def payment(self, appropriation: dict[str, Any], amount: Any, place: int = 0) -> dict[str, Any]:
        """A payment of some fen to a community."""
        return {
            "appropriation_id": appropriation["id"],
            "community_id": str(self.small.communities[place]),
            "amount": amount,
            "payee": "航空路社区工作站",
            "purpose": "三月岗位补贴",
        }

    async def item(self, amount: int = 3000) -> tuple[UUID, UUID]:
        """An admitted item's money; its id and its department's."""
        item, department = new_id(), new_id()
        async with self.database.transaction(self.small.code) as session:
            await public.appropriate_item(
                session,
                Actor.platform(self.small.code),
                item_id=item,
                item_code=f"WJ-{item.hex[-6:]}",
                title="健康档案",
                department_id=department,
                department_name="卫生健康局",
                amount=amount,
                source_line="2100408",
                document="沙社建组〔2026〕1号",
                on=TODAY,
            )
        return item, department

    async def reserve(self, item: UUID, task: UUID, amount: int = 1000, place: int = 0) -> None:
        """A task's money set aside."""
        async with self.database.transaction(self.small.code) as session:
            await public.reserve(
                session,
                Actor.platform(self.small.code),
                item_id=item,
                parts=[public.Part(task, self.small.communities[place], amount)],
                on=TODAY,
            )


@pytest.fixture
async def treasury(
    workstation: httpx.AsyncClient, workstation_database: Database, small: SmallDistrict
) -> Treasury:
    """Five posts in community 0, none elsewhere."""
    async with workstation_database.transaction(small.code) as session:
        for number in range(5):
            await session.execute(
                insert(Post).values(
                    district=small.code,
                    id=new_id(),
                    community_id=small.communities[0],
                    code=f"P{number}",
                    basis="election",
                    approved_on=date(2021, 12, 1),
                    document="文",
                    version=1,
                )
            )
    return Treasury(
        workstation,
        workstation_database,
        small,
        small.role(Role.FINANCE_BUREAU),
        small.role(Role.FINANCE_BUREAU),
    )
