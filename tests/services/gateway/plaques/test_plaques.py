"""Plaques from application to removal, as offices, departments and communities meet them."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.db.database import Database
from tests.services.gateway.plaques.conftest import EXE, PNG, TODAY, Plaques
from tests.support.databases import Databases


async def test_an_application_goes_to_the_leading_group_and_is_approved_for_indoors(
    plaques: Plaques,
) -> None:
    row = await plaques.submitted()
    assert (row["state"], row["due_on"] is not None) == ("with_leading_group", True)
    found = await plaques.post(
        "leading",
        f"applications/{row['id']}/decision",
        {"outcome": "approval", "where": "photo", "document": "沙社建组〔2026〕15号"},
    )
    assert (found.json()["state"], found.json()["where"]) == ("approved", "photo")
    steps = await plaques.get("health", f"applications/{row['id']}/history")
    assert [one["action"] for one in steps] == ["submission", "approval"]


async def test_what_stands_against_it_sends_it_back_with_the_rules(plaques: Plaques) -> None:
    made = await plaques.post(
        "health", "applications", plaques.application(where="outdoor", payer="community")
    )
    row = (await plaques.post("health", f"applications/{made.json()['id']}/submission")).json()
    assert row["state"] == "returned"
    assert [one["code"] for one in row["screening"]["issues"]] == [
        "plaque_outdoors",
        "plaque_cost_passed_on",
        "plaque_undescribed",
    ]
    assert {one["key"] for one in row["screening"]["rules"]} >= {"plaque.outdoor_allowed"}
    mended = await plaques.offices.gateway.patch(
        f"/v1/plaques/applications/{row['id']}",
        json={"where": "indoor", "payer": "department"},
        headers={**plaques.offices.who("health"), "If-Match": f'"v{row["version"]}"'},
    )
    assert mended.status_code == 200
    left = await plaques.get("health", f"applications/{row['id']}/screening")
    assert [one["pointer"] for one in left["issues"]] == ["/design"]


async def test_the_database_itself_approves_nothing_for_outdoors_or_at_anothers_cost(
    plaques: Plaques, gateway_database: Database
) -> None:
    await plaques.approved()
    for change in ("\"where\" = 'outdoor'", "payer = 'community'"):
        with pytest.raises(IntegrityError, match="plaque_application_approved_check"):
            async with gateway_database.transaction(plaques.offices.code) as session:
                await session.execute(text(f"UPDATE plaque_application SET {change}"))


async def test_approval_needs_a_document_and_refusal_a_reason(plaques: Plaques) -> None:
    row = await plaques.submitted()
    for body, pointer in (
        ({"outcome": "approval"}, "/document"),
        ({"outcome": "rejection"}, "/reason"),
    ):
        refused = await plaques.post("leading", f"applications/{row['id']}/decision", body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_department_sees_its_own_applications_and_a_community_the_approved_ones(
    plaques: Plaques,
) -> None:
    waiting = await plaques.submitted(title="计生服务站")
    approved = await plaques.approved()
    assert (await plaques.get("police", "applications"))["items"] == []
    seen = (await plaques.get("clerk", "applications"))["items"]
    assert [one["id"] for one in seen] == [approved["id"]]
    hidden = await plaques.offices.gateway.get(
        f"/v1/plaques/applications/{waiting['id']}", headers=plaques.offices.who("police")
    )
    assert hidden.status_code == 404


async def test_an_approved_plaque_is_hung_with_a_photograph_once(plaques: Plaques) -> None:
    approved = await plaques.approved()
    form = {
        "application_id": approved["id"],
        "community_id": str(plaques.offices.communities[0]),
        "hung_on": str(TODAY),
    }
    made = await plaques.send_file("clerk", "inventory", **form)
    assert (made.status_code, made.json()["title"]) == (201, "劳动保障服务站")
    assert made.json()["payer"] == "department"
    again = await plaques.send_file("clerk", "inventory", **form)
    assert (again.status_code, again.json()["code"]) == (409, "plaque_hangs_already")
    picture = await plaques.offices.gateway.get(
        f"/v1/plaques/inventory/{made.json()['id']}/photograph",
        headers=plaques.offices.who("health"),
    )
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")


async def test_hung_by_many_at_once_it_stands_once_in_the_inventory(plaques: Plaques) -> None:
    approved = await plaques.approved()
    form = {
        "application_id": approved["id"],
        "community_id": str(plaques.offices.communities[0]),
        "hung_on": str(TODAY),
    }
    answers = await asyncio.gather(
        *(plaques.send_file("clerk", "inventory", **form) for _ in range(5))
    )
    assert Counter(one.status_code for one in answers) == {201: 1, 409: 4}


async def test_without_the_unique_index_it_would_stand_there_twice(
    plaques: Plaques, databases: Databases
) -> None:
    """The guard of the test before: taken away, the double entry goes through."""
    approved = await plaques.approved()
    form = {
        "application_id": approved["id"],
        "community_id": str(plaques.offices.communities[0]),
        "hung_on": str(TODAY),
    }
    owner = databases.database("owner")
    try:
        async with owner.transaction(plaques.offices.code) as session:
            await session.execute(text("DROP INDEX gateway.plaque_once_idx"))
        twice = [await plaques.send_file("clerk", "inventory", **form) for _ in range(2)]
        assert [one.status_code for one in twice] == [201, 201]
        for one in twice[1:]:
            path = f"inventory/{one.json()['id']}/removal"
            body = {"removed_on": str(TODAY), "because": "登记重复"}
            assert (await plaques.post("clerk", path, body)).status_code == 200
    finally:
        async with owner.transaction(plaques.offices.code) as session:
            await session.execute(
                text(
                    "CREATE UNIQUE INDEX IF NOT EXISTS plaque_once_idx ON gateway.plaque "
                    "(district, community_id, application_id) WHERE removed_on IS NULL"
                )
            )
        await owner.close()


async def test_what_is_no_picture_is_refused_and_nothing_is_recorded(plaques: Plaques) -> None:
    refused = await plaques.send_file(
        "clerk",
        "inventory",
        EXE,
        community_id=str(plaques.offices.communities[0]),
        hung_on=str(TODAY),
        title="工会",
    )
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/photograph")
    assert (await plaques.get("clerk", "inventory"))["items"] == []


async def test_anothers_community_does_not_exist_for_a_clerk(plaques: Plaques) -> None:
    other = await plaques.stock(community_id=str(plaques.offices.communities[1]))
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"hung_on": "2099-01-01"}, "in_future"),
        ({"title": " "}, "title_missing"),
        ({"department_id": "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"}, "department_unknown"),
    ],
)
async def test_bad_input_is_named(plaques: Plaques, form: dict[str, Any], code: str) -> None:
    refused = await plaques.stock(**form)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)


async def test_an_inspection_issues_one_notice_for_each_plaque_that_must_come_down(
    plaques: Plaques,
) -> None:
    for form in (
        {"where": "outdoor", "title": "工会"},
        {"where": "outdoor", "kind": "committee", "title": "居委会"},
        {"where": "indoor", "title": "红十字服务站", "department_id": str(plaques.offices.health)},
        {"where": "photo", "title": "妇儿站"},
    ):
        assert (await plaques.stock(**form)).status_code == 201
    rows = (await plaques.get("leading", "inventory/compliance"))["communities"]
    mine = next(one for one in rows if one["community_id"] == str(plaques.offices.communities[0]))
    assert (mine["outdoor"], mine["indoor"], mine["on_file"]) == (2, 1, 1)
    assert (mine["to_be_removed"], mine["compliant"]) == (2, False)
    first = await plaques.post("leading", "removal-notices", {})
    assert (first.status_code, first.json()) == (201, {"issued": 2})
    assert (await plaques.post("leading", "removal-notices", {})).json() == {"issued": 0}
    notices = (await plaques.get("clerk", "removal-notices"))["items"]
    assert {(one["title"], one["because"]) for one in notices} == {
        ("工会", "plaque.outdoor_allowed"),
        ("红十字服务站", "plaque.approval_required"),
    }
    assert all(one["due_on"] and one["rules"] for one in notices)
    assert len((await plaques.get("health", "removal-notices"))["items"]) == 1
    assert (await plaques.get("police", "removal-notices"))["items"] == []


async def test_inspections_at_once_issue_each_notice_once(plaques: Plaques) -> None:
    for number in range(5):
        await plaques.stock(where="outdoor", title=f"牌子{number}")
    answers = await asyncio.gather(
        *(plaques.post("leading", "removal-notices", {}) for _ in range(4))
    )
    assert sum(one.json()["issued"] for one in answers) == 5


async def test_a_removal_is_reported_with_a_photograph_and_confirmed(plaques: Plaques) -> None:
    made = (await plaques.stock(where="outdoor")).json()
    await plaques.post("leading", "removal-notices", {})
    (notice,) = (await plaques.get("clerk", "removal-notices"))["items"]
    direct = await plaques.post(
        "clerk",
        f"inventory/{made['id']}/removal",
        {"removed_on": str(TODAY), "because": "已拆除"},
    )
    assert (direct.status_code, direct.json()["code"]) == (409, "plaque_under_notice")
    path = f"removal-notices/{notice['id']}"
    early = await plaques.post("leading", f"{path}/confirmation")
    assert early.status_code == 409
    reported = await plaques.send_file("clerk", f"{path}/removal")
    assert (reported.status_code, reported.json()["state"]) == (200, "removed")
    back = await plaques.post("leading", f"{path}/sending-back", {"reason": "照片看不清"})
    assert back.json()["state"] == "issued"
    await plaques.send_file("clerk", f"{path}/removal")
    confirmed = await plaques.post("leading", f"{path}/confirmation")
    assert confirmed.json()["state"] == "confirmed"
    assert (await plaques.get("clerk", f"inventory/{made['id']}"))["removed_on"] == str(TODAY)
    steps = await plaques.get("clerk", f"{path}/history")
    assert [one["action"] for one in steps] == [
        "removal",
        "sending_back",
        "removal",
        "confirmation",
    ]


async def test_a_withdrawn_notice_leaves_the_plaque(plaques: Plaques) -> None:
    made = (await plaques.stock(where="outdoor")).json()
    await plaques.post("leading", "removal-notices", {})
    (notice,) = (await plaques.get("leading", "removal-notices"))["items"]
    path = f"removal-notices/{notice['id']}/withdrawal"
    assert (await plaques.post("leading", path, {"reason": "核查有误"})).status_code == 200
    assert (await plaques.get("clerk", f"inventory/{made['id']}"))["removed_on"] is None


async def test_compliance_is_also_a_workbook(plaques: Plaques) -> None:
    await plaques.stock(title="=1+1", where="outdoor")
    answer = await plaques.offices.gateway.get(
        "/v1/plaques/inventory/compliance",
        headers={
            **plaques.offices.who("leading"),
            "Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        },
    )
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK\x03\x04")
