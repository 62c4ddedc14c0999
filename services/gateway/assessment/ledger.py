"""The workstation's ledger, asked over REST with the caller's own token: what it may not read, the
assessment may not read for it."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

import httpx
from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from shared.kernel.errors import Forbidden, Unavailable
from shared.kernel.text import Text

Shape = TypeVar("Shape", bound=BaseModel)
DEADLINE_SECONDS = 8.0
ELEMENTS_A_CALL = 50
COVERAGE = "/v1/workstation/ledger/coverage"
ENTRIES = "/v1/workstation/ledger/entries"


class CoveredCommunity(BaseModel):
    """A community with an entry that counts on the day; `valid_until` is its last day."""

    community_id: UUID
    entry_id: UUID
    valid_until: date | None


class _Element(BaseModel):
    element: str
    known: bool
    scope: str | None
    communities: list[CoveredCommunity]


class _Coverage(BaseModel):
    elements: list[_Element]


class Entry(BaseModel):
    """An entry that counts on the day, as the caller may see it."""

    id: UUID
    element: str
    community_id: UUID
    value: bool | int | str | None
    recorded_on: date
    valid_until: date | None


class _Entries(BaseModel):
    items: list[Entry]
    next: str | None


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

    async def values(self, elements: Collection[str], on: date) -> dict[tuple[str, UUID], Entry]:
        """The latest entry of each (element, community) that counts on a day; page by page, so
        that the number of calls follows the number of entries, two hundred a call.

        Raises what `coverage` raises.
        """
        await self.coverage(elements, on)
        wanted = [
            element
            for element in sorted(set(elements))
            if (known := self._known.get((element, on))) is not None
            and known.known
            and known.scope == "community"
        ]
        found: dict[tuple[str, UUID], Entry] = {}
        for at in range(0, len(wanted), ELEMENTS_A_CALL):
            part = wanted[at : at + ELEMENTS_A_CALL]
            following: str | None = ENTRIES
            parameters: dict[str, Any] = {"element": part, "on": on.isoformat(), "limit": 200}
            while following is not None:
                page = _read(_Entries, await self.get(following, parameters))
                for entry in page.items:
                    place = (entry.element, entry.community_id)
                    if place not in found or entry.recorded_on > found[place].recorded_on:
                        found[place] = entry
                following, parameters = page.next, {}
        return found

    async def _asked(self, elements: Sequence[str], on: date) -> _Coverage:
        asked = {"element": list(elements), "on": on.isoformat()}
        return _read(_Coverage, await self.get(COVERAGE, asked))

    async def get(self, path: str, parameters: dict[str, Any]) -> Any:
        """The JSON of a GET of the workstation. Raises what `coverage` raises."""
        headers = {"Authorization": self.authorization, "Accept-Language": self.language}
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                answer = await self.client.get(
                    f"{self.workstation}{path}", params=parameters or None, headers=headers
                )
            if answer.status_code in {401, 403}:
                raise _not_allowed()
            if answer.status_code != 200:
                raise _down()
            return answer.json()
        except (httpx.HTTPError, TimeoutError, ValueError):
            raise _down() from None


def _read(shape: type[Shape], body: Any) -> Shape:
    try:
        return shape.model_validate(body)
    except ValidationError:
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
