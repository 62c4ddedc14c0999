"""Bringing files in as users do, and doing the worker's part of it in this process."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from shared.imports.runner import Importing, run_import


@dataclass
class Importer:
    """Somebody who imports into one service."""

    client: httpx.AsyncClient
    service: str
    importing: Importing
    district: str
    headers: dict[str, str]

    async def upload(
        self, kind: str, content: str | bytes, name: str = "a.csv", **form: str
    ) -> str:
        """Upload a file; the import's id."""
        body = content.encode() if isinstance(content, str) else content
        answer = await self.client.post(
            f"/v1/{self.service}/imports",
            data={"kind": kind, **form},
            files={"file": (name, body)},
            headers=self.headers,
        )
        assert answer.status_code == 202, answer.text
        id: str = answer.json()["id"]
        return id

    async def work(self, id: str) -> None:
        """What the worker does with it."""
        await run_import(self.importing, self.district, UUID(id))

    async def seen(self, id: str) -> dict[str, Any]:
        """The import as it is shown."""
        answer = await self.client.get(f"/v1/{self.service}/imports/{id}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def take_in(
        self, kind: str, content: str | bytes, name: str = "a.csv", **form: str
    ) -> dict[str, Any]:
        """Upload, work, and show."""
        id = await self.upload(kind, content, name, **form)
        await self.work(id)
        return await self.seen(id)

    async def faults(self, id: str, language: str = "en") -> list[dict[str, Any]]:
        """What was wrong with the rows."""
        answer = await self.client.get(
            f"/v1/{self.service}/imports/{id}/report",
            headers={**self.headers, "Accept-Language": language},
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items
