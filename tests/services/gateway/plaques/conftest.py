"""Plaques on the gateway, with the district that admission's tests know."""

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

__all__ = ["TODAY", "Plaques", "gateway", "gateway_api", "offices", "plaques"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
EXE = b"MZ" + bytes(64)


@dataclass
class Plaques:
    """The offices, and what they do with plaques."""

    offices: Offices

    def application(self, **changed: Any) -> dict[str, Any]:
        """An application that meets no objection once it has its drawing."""
        return {
            "title": "劳动保障服务站",
            "purpose": "为居民办理就业失业登记",
            "room": "一站式服务大厅",
            "width_mm": 600,
            "height_mm": 400,
            "colours": "白底蓝字",
            "cost": 18000,
            **changed,
        }

    async def post(self, login: str, path: str, body: Any = None) -> httpx.Response:
        """A POST by one of them."""
        return await self.offices.gateway.post(
            f"/v1/plaques/{path}", json=body, headers=self.offices.who(login)
        )

    async def send_file(
        self,
        login: str,
        path: str,
        content: bytes = PNG,
        field: str = "photograph",
        **form: Any,
    ) -> httpx.Response:
        """A POST of a form with a picture."""
        return await self.offices.gateway.post(
            f"/v1/plaques/{path}",
            data=form,
            files={field: ("挂牌.png", content)},
            headers=self.offices.who(login),
        )

    async def get(self, login: str, path: str) -> Any:
        """The JSON of a GET that succeeds."""
        answer = await self.offices.gateway.get(
            f"/v1/plaques/{path}", headers=self.offices.who(login)
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def submitted(self, **changed: Any) -> dict[str, Any]:
        """An application with the Leading Group."""
        made = await self.post("health", "applications", self.application(**changed))
        assert made.status_code == 201, made.text
        id = made.json()["id"]
        await self.send_file("health", f"applications/{id}/design", field="file")
        found = await self.post("health", f"applications/{id}/submission")
        assert found.status_code == 200, found.text
        row: dict[str, Any] = found.json()
        return row

    async def approved(self, **changed: Any) -> dict[str, Any]:
        """An approved application."""
        row = await self.submitted(**changed)
        decision = {"outcome": "approval", "document": "沙社建组〔2026〕15号"}
        found = await self.post("leading", f"applications/{row['id']}/decision", decision)
        assert found.status_code == 200, found.text
        approved: dict[str, Any] = found.json()
        return approved

    async def stock(self, **form: Any) -> httpx.Response:
        """The clerk records a plaque as it was found."""
        return await self.send_file(
            "clerk",
            "inventory",
            **{
                "community_id": str(self.offices.communities[0]),
                "hung_on": "2020-01-01",
                "title": "工会",
                **form,
            },
        )


@pytest.fixture
def plaques(offices: Offices) -> Plaques:
    """What the tests do."""
    return Plaques(offices)
