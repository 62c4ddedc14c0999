"""The workstation's ledger, asked over REST with the caller's own token: what it may not read, the
assessment may not read for it."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import httpx
from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from shared.kernel.errors import Forbidden, Unavailable
from shared.kernel.text import Text

DEADLINE_SECONDS = 8.0
ELEMENTS_A_CALL = 50
COVERAGE = "/v1/workstation/ledger/coverage"


class CoveredCommunity(BaseModel):
    """A community with an entry that counts on the day; `valid_until` is its last day."""

    community_id: UUID
    entry_id: UUID
    valid_until: date | None


class _Element(BaseModel):
    element: str
    communities: list[CoveredCommunity]


class _Coverage(BaseModel):
    elements: list[_Element]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger as the caller of one request may read it; what was asked once is remembered for
    the rest of the request."""

    client: httpx.AsyncClient
    workstation: str
    authorization: str
    language: str
    _known: dict[tuple[str, date], _Element] = field(default_factory=dict)

    async def coverage(
        self, elements: Collection[str], on: date
    ) -> dict[tuple[str, UUID], CoveredCommunity]:
        """Which communities have an entry of which elements on a day: one call for each fifty
        elements that were not asked for before, none without any.

        Raises Unavailable when the workstation does not answer in time, Forbidden when the caller
        may not read it.
        """
        wanted = sorted(one for one in set(elements) if (one, on) not in self._known)
        parts = [wanted[at : at + ELEMENTS_A_CALL] for at in range(0, len(wanted), ELEMENTS_A_CALL)]
        for answer in await asyncio.gather(*(self._asked(part, on) for part in parts)):
            self._known.update({(one.element, on): one for one in answer.elements})
        return {
            (element, covered.community_id): covered
            for element in elements
            if (element, on) in self._known
            for covered in self._known[element, on].communities
        }

    async def _asked(self, elements: Sequence[str], on: date) -> _Coverage:
        body = await self.get(COVERAGE, {"element": list(elements), "on": on.isoformat()})
        try:
            return _Coverage.model_validate(body)
        except ValidationError:
            raise _down() from None

    async def get(self, path: str, parameters: dict[str, Any]) -> Any:
        """The JSON of a GET of the workstation. Raises what `coverage` raises."""
        headers = {"Authorization": self.authorization, "Accept-Language": self.language}
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                answer = await self.client.get(
                    f"{self.workstation}{path}", params=parameters, headers=headers
                )
            if answer.status_code in {401, 403}:
                raise _not_allowed()
            if answer.status_code != 200:
                raise _down()
            return answer.json()
        except (httpx.HTTPError, TimeoutError, ValueError):
            raise _down() from None


async def _ledger(request: Request) -> Ledger:
    return Ledger(
        request.app.state.client,
        request.app.state.service_urls["workstation"],
        request.headers.get("authorization", ""),
        request.headers.get("accept-language", ""),
    )


LedgerOfCaller = Annotated[Ledger, Depends(_ledger)]


def _down() -> Unavailable:
    return Unavailable(
        code="ledger_unavailable",
        detail=Text(
            zh="台账所在的社区工作站服务暂不可用，无法判断哪些项目台账中已有，本次操作未生效。请稍后重试。",
            en="The workstation with its ledger does not answer, so it cannot be told what the "
            "ledger holds already; nothing was changed. Try again shortly.",
        ),
    )


def _not_allowed() -> Forbidden:
    return Forbidden(
        code="ledger_forbidden",
        detail=Text(
            zh="所查项目由台账核验，但您的令牌不能读取台账覆盖情况。部门系统请申请 ledger:read 范围后重试。",
            en="Some items are read from the ledger, which your token may not do. For a machine "
            "client, ask for the scope ledger:read.",
        ),
    )
