"""Items from draft to exit, as departments and the Leading Group meet them."""

from datetime import timedelta

from sqlalchemy import text

from shared.db.database import Database
from tests.services.gateway.admission.conftest import LONG_AGO, TODAY, Offices

SOON = {"starts_on": str(TODAY + timedelta(days=10)), "ends_on": str(TODAY + timedelta(days=25))}


async def test_a_good_application_goes_to_the_leading_group_with_a_day_for_its_decision(
    offices: Offices,
) -> None:
    draft = (await offices.post("health", "items", offices.item(list="temporary", **SOON))).json()
    assert (draft["state"], draft["screening"]) == ("draft", None)
    sent = (await offices.post("health", f"items/{draft['id']}/submission")).json()
    assert (sent["state"], sent["screening"]["passed"]) == ("with_leading_group", True)
    assert sent["due_on"] > str(TODAY)
    assert sent["overdue"] is False
    decided = await offices.post(
        "leading",
        f"items/{draft['id']}/decision",
        {"outcome": "admission", "document": "沙社建组〔2026〕9号"},
    )
    assert decided.json()["state"] == "admitted"
    history = await offices.get("health", f"items/{draft['id']}/history")
    assert [(step["action"], step["to_state"]) for step in history] == [
        ("submission", "with_leading_group"),
        ("admission", "admitted"),
    ]


async def test_an_application_without_money_comes_back_with_every_reason(offices: Offices) -> None:
    bad = offices.item(funding=None, legal_basis="", **SOON)
    draft = (await offices.post("health", "items", bad)).json()
    preview = await offices.get("health", f"items/{draft['id']}/screening")
    answer = await offices.post("health", f"items/{draft['id']}/submission")
    found = answer.json()
    assert (answer.status_code, found["state"]) == (200, "returned")
    assert [issue["code"] for issue in found["screening"]["issues"]] == [
        "legal_basis_missing",
        "funding_missing",
        "applied_too_late",
    ]
    assert preview["issues"] == found["screening"]["issues"]
    assert all(issue["remedy"] for issue in found["screening"]["issues"])
    assert "admission.funds_with_task" in {r["key"] for r in found["screening"]["rules"]}


async def test_a_returned_application_is_mended_and_sent_again(offices: Offices) -> None:
    draft = (await offices.post("health", "items", offices.item(list="temporary", **SOON))).json()
    path = f"items/{draft['id']}"
    await offices.post("health", f"{path}/submission")
    unreasoned = await offices.post("leading", f"{path}/decision", {"outcome": "return"})
    assert unreasoned.json()["errors"][0]["pointer"] == "/reason"
    returned = await offices.post(
        "leading", f"{path}/decision", {"outcome": "return", "reason": "请写明完成标准"}
    )
    assert returned.json()["state"] == "returned"
    changed = await offices.gateway.patch(
        f"/v1/admission/{path}",
        json={"standard": "入户率100%"},
        headers={**offices.who("health"), "If-Match": returned.headers["etag"]},
    )
    assert changed.json()["standard"] == "入户率100%"
    again = await offices.post("health", f"{path}/submission")
    assert again.json()["state"] == "with_leading_group"


async def test_admission_needs_the_groups_document_and_its_role(offices: Offices) -> None:
    draft = (await offices.post("health", "items", offices.item(list="temporary", **SOON))).json()
    path = f"items/{draft['id']}"
    early = await offices.post("leading", f"{path}/decision", {"outcome": "admission"})
    assert (early.status_code, early.json()["code"]) == (409, "step_not_possible")
    await offices.post("health", f"{path}/submission")
    bare = await offices.post("leading", f"{path}/decision", {"outcome": "admission"})
    assert [error["pointer"] for error in bare.json()["errors"]] == ["/document"]
    own = await offices.post(
        "health", f"{path}/decision", {"outcome": "admission", "document": "自批〔2026〕1号"}
    )
    assert own.status_code == 403


async def test_another_departments_application_does_not_exist(offices: Offices) -> None:
    draft = (await offices.post("health", "items", offices.item())).json()
    for path in ("submission", "withdrawal"):
        assert (await offices.post("police", f"items/{draft['id']}/{path}")).status_code == 404
    assert (await offices.get("police", "items"))["items"] == []
    other = await offices.post("police", "items", offices.item(department_id=str(offices.health)))
    assert other.status_code == 404


async def test_the_catalogue_of_a_day_shows_what_stood_in_it_that_day(offices: Offices) -> None:
    item = await offices.admitted()
    path = f"items/{item['id']}"

    async def listed(days: int) -> bool:
        day = TODAY + timedelta(days=days)
        found = await offices.gateway.get(
            f"/v1/admission/catalogue?district={offices.code}&on={day}"
        )
        return item["code"] in {one["code"] for one in found.json()["items"]}

    assert [await listed(days) for days in (-150, -99, 0, 299, 300)] == [
        False, True, True, True, False,
    ]  # fmt: skip
    await offices.post("leading", f"{path}/suspension", {"reason": "经费未到位"})
    assert [await listed(days) for days in (-1, 0)] == [True, False]
    await offices.post("leading", f"{path}/resumption", {"reason": "经费已到位"})
    assert await listed(0)
    out = await offices.post("health", f"{path}/exit", {"reason": "上级已取消该项工作"})
    assert out.json()["state"] == "exited"
    assert [await listed(days) for days in (-1, 0)] == [True, False]


async def test_an_item_decided_on_paper_is_judged_by_the_rules_of_its_day(offices: Offices) -> None:
    item = await offices.admitted(title="消防通道巡查", content="每月巡查小区消防通道一次。")
    rules = {rule["key"]: rule for rule in item["screening"]["rules"]}
    assert item["screening"]["screened_on"] == str(LONG_AGO)
    assert rules["admission.funds_with_task"]["in_force_from"] <= str(LONG_AGO)
    unfunded = await offices.post(
        "leading",
        "items/decided",
        {
            **offices.item(funding=None),
            "department_id": str(offices.health),
            "applied_on": str(LONG_AGO),
            "decided_on": str(LONG_AGO),
            "document": "沙社建组〔2026〕1号",
        },
    )
    assert unfunded.status_code == 422
    assert [error["code"] for error in unfunded.json()["errors"]] == ["funding_missing"]
    assert unfunded.json()["rules"]


async def test_the_database_holds_no_admitted_item_without_money(
    offices: Offices, gateway_database: Database
) -> None:
    item = await offices.admitted()
    try:
        async with gateway_database.transaction(offices.code) as session:
            await session.execute(
                text("UPDATE item SET total = 0 WHERE id = :id"), {"id": item["id"]}
            )
    except Exception as error:
        assert "item_admitted_check" in str(error)
    else:
        raise AssertionError("the database took it")


async def test_faulty_input_is_named_by_its_place(offices: Offices) -> None:
    answer = await offices.post(
        "health",
        "items",
        offices.item(
            funding={"basis": "per_case", "amount": 0.5, "total": -1, "source_line": "科目"}
        ),
    )
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert (answer.status_code, pointers) == (422, {"/funding/amount", "/funding/total"})
    backwards = await offices.post("health", "items", offices.item(ends_on=str(LONG_AGO)))
    assert [error["pointer"] for error in backwards.json()["errors"]] == ["/ends_on"]


async def test_a_departments_system_applies_with_the_scope_for_it(
    offices: Offices,
) -> None:
    reader = await _client(offices, "admission:read")
    assert (await offices.gateway.get("/v1/admission/items", headers=reader)).status_code == 200
    refused = await offices.gateway.post("/v1/admission/items", json=offices.item(), headers=reader)
    assert refused.status_code == 403
    writer = await _client(offices, "admission:write")
    made = await offices.gateway.post("/v1/admission/items", json=offices.item(), headers=writer)
    assert made.json()["department_id"] == str(offices.health)


async def _client(offices: Offices, scope: str) -> dict[str, str]:
    administrator = offices.people["administrator"].headers
    made = await offices.gateway.post(
        "/v1/clients",
        json={"name": "系统", "department_id": str(offices.health), "scopes": [scope]},
        headers=administrator,
    )
    token = await offices.gateway.post(
        "/v1/auth/token",
        data={"grant_type": "client_credentials"},
        auth=(made.json()["client_id"], made.json()["client_secret"]),
    )
    return {"Authorization": f"Bearer {token.json()['access_token']}"}
