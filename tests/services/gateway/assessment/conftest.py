"""The joint assessment on the gateway, with the district that admission's tests know."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

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

__all__ = [
    "TODAY",
    "Assessment",
    "LedgerOfTests",
    "assessment",
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
        elements = request.url.params.get_list("element")
        return httpx.Response(
            200,
            json={
                "on": request.url.params["on"],
                "elements": [
                    {
                        "element": code,
                        "known": code in self.covered,
                        "active": True,
                        "title": code,
                        "scope": "community",
                        "communities": [
                            {
                                "community_id": str(id),
                                "entry_id": str(new_id()),
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
