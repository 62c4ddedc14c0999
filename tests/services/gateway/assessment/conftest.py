"""The joint assessment on the gateway, with the district that admission's tests know."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.services.gateway.admission.conftest import (
    TODAY,
    Offices,
    gateway,
    gateway_api,
    offices,
)

__all__ = ["TODAY", "Assessment", "assessment", "gateway", "gateway_api", "item", "offices"]
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


@dataclass
class Assessment:
    """The offices, and what they do in the assessment."""

    offices: Offices

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


@pytest.fixture
def assessment(offices: Offices) -> Assessment:
    """The offices at work."""
    return Assessment(offices)
