"""Extracts of residents for statutory lists."""

import httpx

from shared.auth.principal import Role
from shared.kernel.ids import new_id
from tests.support.identity import SigningIdentity


async def test_a_community_of_another_district_does_not_exist(
    workstation: httpx.AsyncClient, identity: SigningIdentity, district: str
) -> None:
    answer = await workstation.post(
        "/v1/workstation/residents/extracts",
        json={"community_id": str(new_id()), "purpose": "选民登记核对"},
        headers=identity.bearer(district, Role.CIVIL_AFFAIRS),
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
