"""The joint assessment on the gateway, with the district that admission's tests know."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.gateway.assessment.campaigns.models import (
    Campaign,
    CampaignRequest,
    Visit,
    VisitRequest,
)
from shared.db.database import Database
from shared.kernel.clock import FixedClock
from shared.kernel.ids import new_id
from shared.web.app import ServiceApplication
from tests.services.gateway.admission.conftest import (
    TODAY,
    Offices,
    gateway,
    gateway_api,
    offices,
)
from tests.services.gateway.conftest import PASSWORD, log_in

__all__ = [
    "TODAY",
    "Announced",
    "Assessment",
    "LedgerOfTests",
    "assessment",
    "finding",
    "gateway",
    "gateway_api",
    "item",
    "ledger",
    "offices",
    "on_day",
]
DOCUMENT = "沙社建组〔2026〕3号"


def item(code: str, weight: int, **changed: Any) -> dict[str, Any]:
    """An item of a standard as the API takes it."""
    return {
        "code": code,
        "title": f"项目{code}",
        "subject": "综合治理",
        "kind": "boolean",
        "weight": weight,
        "verification": "on_site",
        **changed,
    }


ITEMS = [
    item("A1", 4000, two_person=True),
    item("A2", 3000, kind="ratio", verification="ledger", element="elderly_files"),
    item("A3", 3000, kind="scale", full_at=5, verification="residents"),
]


@contextmanager
def on_day(api: ServiceApplication, day: date) -> Iterator[None]:
    """The gateway on another day."""
    kept = api.state.clock
    api.state.clock = FixedClock.on(day)
    try:
        yield
    finally:
        api.state.clock = kept


@dataclass
class LedgerOfTests:
    """A workstation that tells which communities its ledger covers; `down` and `status` let it
    fail as a real one may."""

    covered: dict[str, list[UUID]] = field(default_factory=dict)
    values: dict[str, dict[UUID, Any]] = field(default_factory=dict)
    entry_ids: dict[tuple[str, UUID], UUID] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)
    status: int = 200
    down: bool = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What it says."""
        self.asked.append(request)
        if self.down:
            raise httpx.ConnectError("refused", request=request)
        if self.status != 200:
            return httpx.Response(self.status, json={})
        if request.url.path.endswith("/entries"):
            return self._entries(request)
        elements = request.url.params.get_list("element")
        return httpx.Response(
            200,
            json={
                "on": request.url.params["on"],
                "elements": [
                    {
                        "element": code,
                        "known": code in self.covered or code in self.values,
                        "active": True,
                        "title": code,
                        "scope": "community",
                        "communities": [
                            {
                                "community_id": str(id),
                                "entry_id": str(self.entry_ids.setdefault((code, id), new_id())),
                                "period": "2026",
                                "recorded_on": "2026-02-01",
                                "valid_until": "2026-12-31",
                            }
                            for id in self.covered.get(code, [])
                        ],
                    }
                    for code in elements
                ],
            },
        )

    def _entries(self, request: httpx.Request) -> httpx.Response:
        """The values, two a page."""
        every = [
            {
                "id": str(self.entry_ids.setdefault((code, community), new_id())),
                "element": code,
                "community_id": str(community),
                "value": value,
                "recorded_on": "2026-02-01",
                "valid_until": "2026-12-31",
            }
            for code, values in self.values.items()
            for community, value in values.items()
        ]
        at = int(request.url.params.get("cursor", "0"))
        path = f"{request.url.path}?cursor={at + 2}" if len(every) > at + 2 else None
        return httpx.Response(200, json={"items": every[at : at + 2], "next": path})


@dataclass
class Assessment:
    """The offices, and what they do in the assessment."""

    offices: Offices
    ledger: LedgerOfTests

    async def send(
        self, method: str, login: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        """A request by one of them."""
        return await self.offices.gateway.request(
            method,
            f"/v1/assessment/{path}",
            json=body,
            headers={**self.offices.who(login), **headers},
        )

    async def post(self, login: str, path: str, body: Any = None) -> httpx.Response:
        """A POST by one of them."""
        return await self.send("POST", login, path, body)

    async def done(self, login: str, path: str, body: Any = None) -> Any:
        """The JSON of a POST that succeeds."""
        answer = await self.post(login, path, body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def get(self, login: str, path: str) -> Any:
        """The JSON of a GET that succeeds."""
        answer = await self.send("GET", login, path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def draft(
        self, items: list[dict[str, Any]], code: str = "unified", **more: Any
    ) -> dict[str, Any]:
        """A draft of a standard with items."""
        body = {"code": code, "title": "社区综合考核统一标准", **more}
        made: dict[str, Any] = await self.done("leading", "standards", body)
        if items:
            answer = await self.send(
                "PUT", "leading", f"standards/{made['id']}/items", {"items": items},
                **{"If-Match": f'"v{made["version"]}"'},
            )  # fmt: skip
            assert answer.status_code == 200, answer.text
        return made

    async def publish(self, id: str) -> Any:
        """A draft put in force."""
        return await self.done("leading", f"standards/{id}/publication", {"document": DOCUMENT})

    async def standard(self, items: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """A standard in force."""
        made = await self.draft(ITEMS if items is None else items)
        found: dict[str, Any] = await self.publish(made["id"])
        return found

    async def own_item(self, login: str, code: str) -> dict[str, Any]:
        """An own item of a department."""
        body = {"code": code, "title": f"部门项目{code}", "content": "查看记录。"}
        found: dict[str, Any] = await self.done(login, "department-items", body)
        return found

    async def mapped(
        self, login: str, standard: str, code: str, item_code: str, relation: str
    ) -> dict[str, Any]:
        """An own item that is mapped to an item of a standard."""
        own = await self.own_item(login, code)
        body = {"department_item_id": own["id"], "item_code": item_code, "relation": relation}
        return {**own, "mapping": await self.done(login, f"standards/{standard}/mappings", body)}

    def request(self, *codes: str, **changed: Any) -> dict[str, Any]:
        """A request for items that meets no objection."""
        return {
            "reference": f"GA-{new_id().hex[-8:]}",
            "title": "社区警务工作检查",
            "kind": "inspection",
            "level": "district",
            "legal_basis": "公安机关社区警务工作规范",
            "items": [{"code": code} for code in codes],
            "starts_on": str(TODAY + timedelta(days=21)),
            "ends_on": str(TODAY + timedelta(days=42)),
            "minutes_on_site": 60,
            "inspectors_per_day": 4,
            **changed,
        }

    async def submitted(self, login: str, *codes: str, **changed: Any) -> dict[str, Any]:
        """A request as its submission leaves it."""
        made = await self.done(login, "requests", self.request(*codes, **changed))
        found: dict[str, Any] = await self.done(login, f"requests/{made['id']}/submission")
        return found

    async def decide(self, id: str, outcome: str = "approval", **more: Any) -> httpx.Response:
        """The Leading Group's decision."""
        body = {"outcome": outcome, **(more or {"document": DOCUMENT})}
        return await self.post("leading", f"requests/{id}/decision", body)

    async def approved(self, login: str, *codes: str, **changed: Any) -> dict[str, Any]:
        """A request that the Leading Group approved."""
        made = await self.submitted(login, *codes, **changed)
        assert made["state"] == "with_leading_group", made["screening"]
        answer = await self.decide(made["id"])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def enrol(self, login: str, role: str, scope: UUID | None = None) -> None:
        """Somebody more."""
        administrator = self.offices.who("administrator")
        name = f"{login}.{self.offices.code}"
        account = await self.offices.gateway.post(
            "/v1/accounts",
            json={"login": name, "display_name": login, "password": PASSWORD},
            headers=administrator,
        )
        grant = {"account_id": account.json()["id"], "role": role}
        if scope is not None:
            grant["scope_id"] = str(scope)
        made = await self.offices.gateway.post("/v1/grants", json=grant, headers=administrator)
        assert made.status_code == 201, made.text
        self.offices.people[login] = await log_in(self.offices.gateway, name)

    async def campaign(self, database: Database, *requests: dict[str, Any]) -> "Announced":
        """An announced campaign of approved requests, with a visit to each community today."""
        district = self.offices.code
        async with database.transaction(district) as session:
            campaign = Campaign(
                district=district,
                id=new_id(),
                title="2026年度社区综合考核",
                standard_id=UUID(requests[0]["standard_id"]),
                starts_on=TODAY,
                ends_on=TODAY + timedelta(days=60),
                state="announced",
                announced_on=TODAY,
                document=DOCUMENT,
            )
            session.add(campaign)
            await session.flush()
            visits = [
                Visit(
                    district=district,
                    id=new_id(),
                    campaign_id=campaign.id,
                    community_id=community,
                    on_day=TODAY,
                    minutes=60,
                    state="announced",
                )
                for community in self.offices.communities
            ]
            session.add_all(visits)
            await session.flush()
            for one in requests:
                request = UUID(one["id"])
                session.add(
                    CampaignRequest(
                        district=district, id=new_id(), campaign_id=campaign.id, request_id=request
                    )
                )
                session.add_all(
                    VisitRequest(
                        district=district, id=new_id(), visit_id=visit.id, request_id=request
                    )
                    for visit in visits
                )
            return Announced(str(campaign.id), [str(visit.id) for visit in visits])

    async def find(self, login: str, visit: str, *found: dict[str, Any]) -> list[dict[str, Any]]:
        """What became of findings that somebody sends."""
        answer = await self.done(login, f"visits/{visit}/findings", {"findings": list(found)})
        outcomes: list[dict[str, Any]] = answer["findings"]
        return outcomes


@dataclass
class Announced:
    """A campaign and its visits, in the communities' order."""

    id: str
    visits: list[str]


def finding(code: str, value: int, **changed: Any) -> dict[str, Any]:
    """A finding of today as a client sends it."""
    return {
        "id": str(new_id()),
        "code": code,
        "value": value,
        "observed_at": f"{TODAY}T09:30:00+08:00",
        **changed,
    }


@pytest.fixture
async def ledger(
    gateway: httpx.AsyncClient, gateway_api: ServiceApplication
) -> AsyncIterator[LedgerOfTests]:
    """The workstation's ledger as the gateway meets it; the gateway runs."""
    found = LedgerOfTests()
    real = gateway_api.state.client
    async with httpx.AsyncClient(transport=httpx.MockTransport(found.answer)) as client:
        gateway_api.state.client = client
        yield found
    gateway_api.state.client = real


@pytest.fixture
def assessment(offices: Offices, ledger: LedgerOfTests) -> Assessment:
    """The offices at work."""
    return Assessment(offices, ledger)
