"""Campaigns as the Leading Group deploys them, for tests."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.gateway.assessment.campaigns.jobs import make_plan
from shared.db.database import Database
from tests.services.gateway.assessment.conftest import DOCUMENT, TODAY, Assessment, item


@dataclass
class Deployment:
    """The Leading Group at its campaigns, and a worker."""

    assessment: Assessment
    database: Database
    asked: int = 0
    clock: date | None = None

    @property
    def communities(self) -> list[UUID]:
        """The district's three communities."""
        return self.assessment.offices.communities

    async def requests(self, *windows: tuple[int, int], **changed: Any) -> list[str]:
        """Approved requests of the police for days from today on."""
        if not (await self.assessment.get("leading", "standards"))["items"]:
            items = [item(f"B{at}", 1250) for at in range(8)]
            made = await self.assessment.draft(
                items, **({"demo_today": str(self.clock)} if self.clock else {})
            )
            await self.assessment.publish(made["id"])
        found = []
        for first, last in windows:
            self.asked += 1
            made = await self.assessment.approved(
                "police",
                f"B{self.asked}",
                starts_on=str((self.clock or TODAY) + timedelta(days=first)),
                ends_on=str((self.clock or TODAY) + timedelta(days=last)),
                **changed,
            )
            found.append(str(made["id"]))
        return found

    async def begun(self, *ids: str) -> str:
        """A campaign of requests."""
        body = {"title": "上半年联合检查", "request_ids": list(ids)}
        return str((await self.assessment.done("leading", "campaigns", body))["id"])

    async def planned(self, id: str) -> Any:
        """A finished plan of a campaign."""
        asked = await self.assessment.done("leading", f"campaigns/{id}/plan", {"work": 2})
        await make_plan(self.database, self.assessment.offices.code, UUID(asked["id"]))
        return await self.assessment.get("leading", f"campaigns/{id}/plan")

    async def announced(self, id: str) -> Any:
        """A campaign with its newest plan announced."""
        plan = await self.planned(id)
        body = {"plan_id": plan["id"], "document": DOCUMENT}
        return await self.assessment.done("leading", f"campaigns/{id}/announcement", body)

    async def visits(self, id: str, login: str = "leading") -> list[dict[str, Any]]:
        """The visits of a campaign as somebody sees them."""
        found = await self.assessment.get(login, f"campaigns/{id}/visits?limit=200")
        return list(found["items"])


@pytest.fixture
def deployment(assessment: Assessment, gateway_database: Database) -> Deployment:
    """The Leading Group at work."""
    return Deployment(assessment, gateway_database)
