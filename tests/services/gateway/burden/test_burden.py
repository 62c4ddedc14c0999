"""What was asked of communities, and how much of it reached them."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
import python_calamine

from services.gateway.admission.models import Community
from services.gateway.burden.queries import sums
from shared.db.database import Database
from shared.files.checking import XLSX
from shared.kernel.ids import new_id
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
from tests.services.gateway.conftest import PASSWORD, log_in
from tests.services.gateway.plaques.conftest import Plaques
from tests.support.counting import statements

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


@dataclass
class Streets:
    """The street of the three communities, and a second one with two, whose officer is
    `officer`."""

    first: UUID
    second: UUID
    communities: list[UUID]


@pytest.fixture
async def streets(offices: Offices, gateway_database: Database) -> Streets:
    """A second street."""
    second, communities = new_id(), [new_id(), new_id()]
    async with gateway_database.transaction(offices.code) as session:
        known = await session.get_one(Community, (offices.code, offices.communities[0]))
        session.add_all(
            Community(
                district=offices.code,
                id=id,
                code=f"D{at}",
                name=f"胜利{at}",
                kind="urban",
                state="active",
                street_id=second,
                street_name="胜利街道",
            )
            for at, id in enumerate(communities)
        )
    login, office = f"officer.{offices.code}", offices.people["administrator"].headers
    account = await offices.gateway.post(
        "/v1/accounts",
        json={"login": login, "display_name": login, "password": PASSWORD},
        headers=office,
    )
    grant = {"account_id": account.json()["id"], "role": "street_officer", "scope_id": str(second)}
    made = await offices.gateway.post("/v1/grants", json=grant, headers=office)
    assert made.status_code == 201, made.text
    offices.people["officer"] = await log_in(offices.gateway, login)
    return Streets(known.street_id, second, communities)


async def _stock(offices: Offices, community: UUID) -> None:
    made = await Plaques(offices).stock(
        community_id=str(community), where="outdoor", hung_on="2026-02-01"
    )
    assert made.status_code == 201, made.text


async def test_each_street_is_the_sum_of_its_communities_and_the_total_of_all(
    offices: Offices, reuse: dict[str, Any], streets: Streets
) -> None:
    reuse["rows"] = [
        {
            "community_id": str(id),
            "forms": 4,
            "forms_avoided": number,
            "values": 10,
            "from_ledger": 9,
            "joined": 0,
            "asked": number,
        }
        for number, id in enumerate([offices.communities[0], *streets.communities], start=1)
    ]
    await _stock(offices, offices.communities[0])
    found = await _burden(offices)
    first, second = found["streets"]
    assert [one["street_name"] for one in (first, second)] == ["解放街道", "胜利街道"]
    assert [one["communities"] for one in (first, second)] == [3, 2]
    assert first["values"] == {"before": 10, "after": 1, "forms": 4, "forms_avoided": 1}
    assert second["values"] == {"before": 20, "after": 5, "forms": 8, "forms_avoided": 5}
    assert first["plaques_outdoors"] == {"before": 0, "after": 1}
    assert found["total"]["values"] == {"before": 30, "after": 6, "forms": 12, "forms_avoided": 6}


async def test_a_street_asked_for_is_shown_alone(
    offices: Offices, reuse: dict[str, Any], streets: Streets
) -> None:
    found = await _burden(offices, query=f"&street={streets.second}")
    assert [one["community_name"] for one in found["communities"]] == ["胜利0", "胜利1"]
    assert [one["street_id"] for one in found["streets"]] == [str(streets.second)]
    assert found["refused"] is None


async def test_a_street_officer_sees_her_street_and_another_does_not_exist(
    offices: Offices, reuse: dict[str, Any], streets: Streets
) -> None:
    found = await _burden(offices, "officer")
    assert [one["street_name"] for one in found["streets"]] == ["胜利街道"]
    assert len(found["communities"]) == 2
    for street in (streets.first, new_id()):
        other = await offices.gateway.get(
            f"/v1/burden?street={street}", headers=offices.who("officer")
        )
        assert other.status_code == 404


async def test_what_does_not_exist_or_lies_in_another_street_is_not_found(
    offices: Offices, reuse: dict[str, Any], streets: Streets
) -> None:
    for query in (
        f"street={new_id()}",
        f"community={new_id()}",
        f"street={streets.first}&community={streets.communities[0]}",
    ):
        answer = await offices.gateway.get(f"/v1/burden?{query}", headers=offices.who("leading"))
        assert answer.status_code == 404, query


async def test_a_clerk_who_sees_one_community_of_a_street_is_shown_no_sum_of_it(
    offices: Offices, reuse: dict[str, Any]
) -> None:
    assert (await _burden(offices, "clerk"))["streets"] == []


async def test_more_communities_and_streets_are_no_more_queries(
    offices: Offices, reuse: dict[str, Any], gateway_database: Database
) -> None:
    counted = []
    for at in range(2):
        with statements() as sent:
            await _burden(offices)
        counted.append(sum("community" in one for one in sent))  # not of keys and grants, kept
        if at == 0:
            async with gateway_database.transaction(offices.code) as session:
                session.add_all(
                    Community(
                        district=offices.code,
                        id=new_id(),
                        code=f"D{number}",
                        name=f"胜利{number}",
                        kind="urban",
                        state="active",
                        street_id=new_id(),
                        street_name=f"街道{number}",
                    )
                    for number in range(30)
                )
    assert counted[0] == counted[1] > 0


async def test_the_workbook_has_communities_streets_and_the_total_as_numbers(
    offices: Offices, reuse: dict[str, Any], streets: Streets
) -> None:
    await _stock(offices, offices.communities[0])
    answer = await offices.gateway.get(
        "/v1/burden?year=2026",
        headers={**offices.who("leading"), "Accept": XLSX, "Accept-Language": "zh-CN"},
    )
    assert answer.headers["content-type"] == XLSX
    assert "burden-2026.xlsx" in answer.headers["content-disposition"]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    heads, *rows = book.get_sheet_by_index(0).to_python()
    after = heads.index("现有室外牌子")
    assert [(row[0], row[1], row[after]) for row in rows] == [
        ("解放街道", "社区0", 1),
        ("解放街道", "社区1", 0),
        ("解放街道", "社区2", 0),
        ("胜利街道", "胜利0", 0),
        ("胜利街道", "胜利1", 0),
        ("解放街道", "", 1),
        ("胜利街道", "", 0),
        ("合计", "", 1),
    ]


def test_the_sum_of_no_community_is_zero() -> None:
    assert sums([])["inspections"].before == 0
