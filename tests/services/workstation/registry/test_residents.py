"""Residents: who sees what of them, and what is recorded of that."""

import httpx
import pytest
from sqlalchemy import text

from shared.auth.principal import Role
from shared.db.database import Database
from tests.services.workstation.conftest import SmallDistrict

NUMBER = "11010519491231002X"


async def _household(
    workstation: httpx.AsyncClient, small: SmallDistrict, community: int = 0
) -> str:
    made = await workstation.post(
        "/v1/workstation/households",
        json={
            "community_id": str(small.communities[community]),
            "code": "0001",
            "address": "航空路12号3栋501室",
        },
        headers=small.staff(community),
    )
    assert made.status_code == 201, made.text
    household: str = made.json()["id"]
    return household


async def _resident(
    workstation: httpx.AsyncClient, small: SmallDistrict, number: str = NUMBER
) -> dict[str, str]:
    made = await workstation.post(
        "/v1/workstation/residents",
        json={
            "household_id": await _household(workstation, small),
            "name": "张晓梅",
            "id_number": number,
            "phone": "13800001234",
            "residence": "both",
        },
        headers=small.staff(),
    )
    assert made.status_code == 201, made.text
    body: dict[str, str] = made.json()
    return body


async def test_a_resident_is_shown_masked_with_sex_and_birth_date_from_the_number(
    workstation: httpx.AsyncClient, small: SmallDistrict
) -> None:
    shown = await _resident(workstation, small)
    assert (shown["name"], shown["id_number"], shown["phone"]) == (
        "张**",
        "110105********002X",
        "138****1234",
    )
    assert (shown["sex"], shown["born_on"]) == ("female", "1949-12-31")


async def test_neither_number_nor_phone_stand_readable_in_the_database_or_the_audit(
    workstation: httpx.AsyncClient, small: SmallDistrict, workstation_database: Database
) -> None:
    await _resident(workstation, small)
    async with workstation_database.read(small.code) as session:
        resident = (await session.execute(text("SELECT * FROM resident"))).one()
        audit = (await session.execute(text("SELECT * FROM audit_event"))).all()
    stored = repr(resident) + repr(audit)
    assert NUMBER not in stored
    assert "13800001234" not in stored
    assert "张晓梅" not in repr(audit)


async def test_the_full_data_is_given_for_a_purpose_that_stands_in_the_audit(
    workstation: httpx.AsyncClient, small: SmallDistrict
) -> None:
    resident = await _resident(workstation, small)
    path = f"/v1/workstation/residents/{resident['id']}/disclosure"
    without = await workstation.post(path, json={"purpose": ""}, headers=small.staff())
    assert without.status_code == 422
    given = await workstation.post(
        path, json={"purpose": "办理低保申请核对身份"}, headers=small.staff()
    )
    assert given.json()["id_number"] == NUMBER
    events = await workstation.get(
        "/v1/workstation/audit-events?action=resident.disclosed",
        headers=small.role(Role.AUDITOR),
    )
    [event] = events.json()["items"]
    assert event["purpose"] == "办理低保申请核对身份"
    assert event["subject_id"] == resident["id"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("own community", 200),
        ("own street", 200),
        ("civil affairs", 200),
        ("other community of the street", 404),
        ("other street", 404),
        ("other district", 404),
        ("resident", 403),
        ("department", 403),
    ],
)
async def test_a_resident_is_seen_by_those_whose_place_it_is_and_does_not_exist_for_others(
    workstation: httpx.AsyncClient, small: SmallDistrict, who: str, status: int
) -> None:
    resident = await _resident(workstation, small)
    headers = {
        "own community": small.staff(0),
        "own street": small.officer(0),
        "civil affairs": small.role(Role.CIVIL_AFFAIRS),
        "other community of the street": small.staff(1),
        "other street": small.officer(1),
        "other district": small.identity.bearer("999998", Role.CIVIL_AFFAIRS),
        "resident": small.identity.bearer(
            small.code, Role.RESIDENT, community=small.communities[0]
        ),
        "department": small.identity.bearer(
            small.code, Role.DEPARTMENT, department=small.streets[0]
        ),
    }[who]
    path = "/v1/workstation/residents"
    read = await workstation.get(f"{path}/{resident['id']}", headers=headers)
    assert read.status_code == status
    disclosed = await workstation.post(
        f"{path}/{resident['id']}/disclosure", json={"purpose": "核对身份"}, headers=headers
    )
    assert disclosed.status_code == status
    listed = await workstation.get(path, headers=headers)
    if status != 403:
        assert len(listed.json()["items"]) == (1 if status == 200 else 0)


async def test_an_id_number_is_found_without_standing_in_an_address(
    workstation: httpx.AsyncClient, small: SmallDistrict
) -> None:
    resident = await _resident(workstation, small)
    body = {"id_number": NUMBER.lower()}
    path = "/v1/workstation/residents/search"
    found = await workstation.post(path, json=body, headers=small.staff())
    assert [item["id"] for item in found.json()["items"]] == [resident["id"]]
    elsewhere = await workstation.post(path, json=body, headers=small.staff(2))
    assert elsewhere.json()["items"] == []


@pytest.mark.parametrize(
    "number", ["110105194912310021", "99010519491231002X", "1101051949123100", "x" * 18]
)
async def test_a_wrong_id_number_is_refused_with_a_remedy_and_without_repeating_it(
    workstation: httpx.AsyncClient, small: SmallDistrict, number: str
) -> None:
    answer = await workstation.post(
        "/v1/workstation/residents",
        json={
            "household_id": await _household(workstation, small),
            "name": "张晓梅",
            "id_number": number,
            "residence": "both",
        },
        headers=small.staff(),
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/id_number"
    assert answer.json()["errors"][0]["remedy"]
    assert number not in answer.text


async def test_a_person_is_registered_in_the_district_once_until_they_leave(
    workstation: httpx.AsyncClient, small: SmallDistrict
) -> None:
    resident = await _resident(workstation, small)
    body = {
        "household_id": resident["household_id"],
        "name": "张晓梅",
        "id_number": NUMBER,
        "residence": "usual",
    }
    path = "/v1/workstation/residents"
    again = await workstation.post(path, json=body, headers=small.staff())
    assert (again.status_code, again.json()["code"]) == (409, "resident_registered")
    left = await workstation.post(
        f"{path}/{resident['id']}/departure",
        json={"left_on": "2026-03-01", "because": "moved"},
        headers=small.staff(),
    )
    assert left.json()["left_because"] == "moved"
    assert (await workstation.post(path, json=body, headers=small.staff())).status_code == 201


async def test_a_change_needs_the_version_read_and_leaves_masked_traces(
    workstation: httpx.AsyncClient, small: SmallDistrict
) -> None:
    resident = await _resident(workstation, small)
    path = f"/v1/workstation/residents/{resident['id']}"
    read = await workstation.get(path, headers=small.staff())
    headers = {**small.staff(), "If-Match": read.headers["etag"]}
    changed = await workstation.patch(path, json={"phone": "13911112222"}, headers=headers)
    assert changed.json()["phone"] == "139****2222"
    lost = await workstation.patch(path, json={"phone": "13911113333"}, headers=headers)
    assert lost.status_code == 412
    events = await workstation.get(
        f"/v1/workstation/audit-events?subject_id={resident['id']}&action=resident.changed",
        headers=small.role(Role.AUDITOR),
    )
    [event] = events.json()["items"]
    assert event["after"] == {"phone": "***"}
