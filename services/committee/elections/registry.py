"""The registry's residents, asked of the workstation with the caller's own token."""

from typing import Any
from uuid import UUID

import httpx

from shared.kernel.errors import Forbidden, NotFound, Unavailable
from shared.kernel.text import Text

DEADLINE_SECONDS = 10.0
_BASIS = {
    "registered": "household_register",
    "both": "household_register",
    "usual": "usual_residence",
}


async def residents_of(
    client: httpx.AsyncClient,
    workstation_url: str,
    authorization: str,
    *,
    community_id: UUID,
    purpose: str,
    after: UUID | None,
) -> tuple[list[dict[str, Any]], UUID | None]:
    """Residents of a community as registrations, and after whom to go on (None at the end).

    The workstation decides whether the caller may see them, and records why they were read.
    Raises Forbidden or NotFound as it does, Unavailable when it does not answer in time.
    """
    try:
        answer = await client.post(
            f"{workstation_url}/v1/workstation/residents/extracts",
            json={
                "community_id": str(community_id),
                "purpose": purpose,
                "after": str(after) if after else None,
            },
            headers={"Authorization": authorization},
            timeout=DEADLINE_SECONDS,
        )
    except httpx.HTTPError:
        raise _unavailable() from None
    if answer.status_code == httpx.codes.FORBIDDEN:
        raise Forbidden(
            code="registry_forbidden",
            detail=Text(
                zh="您没有查看居民完整信息的权限。请由兼有工作站授权的人员办理，或按登记册逐人登记。",
                en="You may not see residents' full data. Have somebody do this who also works at "
                "the workstation, or register electors from the register on paper.",
            ),
        )
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise NotFound
    if answer.status_code != httpx.codes.OK:
        raise _unavailable()
    found = answer.json()
    people = [
        {
            "name": one["name"],
            "id_number": one["id_number"],
            "basis": _BASIS[one["residence"]],
            "household": one["household"],
            "rights": True,
            "works_here_since": None,
            "represents": None,
        }
        for one in found["items"]
    ]
    return people, UUID(found["after"]) if found["after"] else None


def _unavailable() -> Unavailable:
    return Unavailable(
        code="workstation_unavailable",
        detail=Text(
            zh="居民库暂时无法访问，未登记任何人。请稍后重试，或按登记册逐人登记。",
            en="The registry does not answer at the moment and nobody was registered. Try again "
            "shortly, or register electors from the register on paper.",
        ),
    )
