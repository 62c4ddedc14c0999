"""What was asked of communities, and how much of it reached them."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.gateway.burden.queries import total
from shared.web.app import ServiceApplication
from tests.services.gateway.admission.conftest import Offices
from tests.services.gateway.assessment.conftest import (
    Assessment,
    assessment,
    gateway,
    gateway_api,
    ledger,
    offices,
)
from tests.services.gateway.plaques.conftest import Plaques

__all__ = ["assessment", "gateway", "gateway_api", "ledger", "offices"]


@pytest.fixture
async def reuse(
    assessment: Assessment, gateway_api: ServiceApplication
) -> AsyncIterator[dict[str, Any]]:
    """What the workstation answers about its ledger's reuse; the rest as the assessment's tests
    have it."""
    told: dict[str, Any] = {"rows": []}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/workstation/ledger/reuse":
            return httpx.Response(200, json=told)
        return assessment.ledger.answer(request)

    real = gateway_api.state.client
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        gateway_api.state.client = client
        yield told
    gateway_api.state.client = real


async def _burden(offices: Offices, login: str = "leading", query: str = "") -> Any:
    answer = await offices.gateway.get(f"/v1/burden?year=2026{query}", headers=offices.who(login))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_year_without_anything_is_all_zero_and_lists_every_community(
    offices: Offices, reuse: dict[str, Any]
) -> None:
    found = await _burden(offices)
    assert [one["community_name"] for one in found["communities"]] == ["社区0", "社区1", "社区2"]
    assert found["total"]["inspections"] == {"before": 0, "after": 0}
    assert found["total"]["unfunded_tasks"] == 0
    assert found["refused"] == {"dispatches": 0, "dispatches_unfunded": 0, "items_unfunded": 0}


async def test_what_was_asked_stands_beside_what_reached_the_community(
    offices: Offices, assessment: Assessment, reuse: dict[str, Any]
) -> None:
    community = str(offices.communities[0])
    reuse["rows"] = [
        {
            "community_id": community,
            "forms": 4,
            "forms_avoided": 3,
            "values": 40,
            "from_ledger": 36,
            "joined": 2,
            "asked": 2,
        }
    ]
    assessment.ledger.covered = {"elderly_files": [offices.communities[0]]}
    await assessment.standard()
    made = await assessment.done(
        "police",
        "requests",
        assessment.request("A1", "A2", targets={"communities": [community]}),
    )
    await assessment.done("police", f"requests/{made['id']}/submission")
    await offices.post(
        "clerk",
        "off-catalogue-reports",
        {
            "community_id": community,
            "department_id": str(offices.other),
            "demand": "电话要求上报台账",
            "channel": "工作群",
            "demanded_on": "2026-02-01",
        },
    )
    await Plaques(offices).stock(where="outdoor", hung_on="2026-02-01")
    item = await offices.admitted()
    for places in ((0, 1, 2), (0,)):
        await offices.post("health", "dispatches", offices.dispatch(item, *places))
    found = await _burden(offices)
    mine = found["communities"][0]
    assert mine["inspections"] == {"before": 1, "after": 0}
    assert mine["items"] == {
        "before": 2,
        "after": 1,
        "shared": 0,
        "from_ledger": 1,
        "refused": 0,
    }
    assert mine["values"] == {"before": 40, "after": 2, "forms": 4, "forms_avoided": 3}
    assert mine["plaques_outdoors"] == {"before": 0, "after": 1}
    assert mine["off_catalogue"] == {"reported": 1, "upheld": 0}
    assert mine["unfunded_tasks"] == 0
    assert found["refused"]["dispatches_unfunded"] == 1
    assert found["total"]["items"]["before"] == 2


async def test_a_clerk_sees_her_community_and_another_does_not_exist(
    offices: Offices, reuse: dict[str, Any]
) -> None:
    found = await _burden(offices, "clerk")
    assert len(found["communities"]) == 1
    assert found["refused"] is None
    other = await offices.gateway.get(
        f"/v1/burden?community={offices.communities[1]}", headers=offices.who("clerk")
    )
    assert other.status_code == 404


async def test_when_the_workstation_is_down_the_reader_is_told_so(
    offices: Offices, assessment: Assessment
) -> None:
    assessment.ledger.down = True
    answer = await offices.gateway.get("/v1/burden", headers=offices.who("leading"))
    assert (answer.status_code, answer.json()["code"]) == (503, "ledger_unavailable")


def test_the_total_of_no_community_is_zero() -> None:
    assert total([]).inspections.before == 0
