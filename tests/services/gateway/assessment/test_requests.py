"""Inspection requests from submission to decision, as departments and the Leading Group meet them."""

import io
from datetime import timedelta
from uuid import UUID

import python_calamine
from sqlalchemy import text

from services.gateway.assessment.requests.public import pairs_to_visit
from services.gateway.webhooks.addresses import Allowed
from services.gateway.webhooks.domain import EVENT_TYPES, REQUEST_DECIDED
from shared.db.database import Database
from shared.files.checking import XLSX
from shared.web.app import ServiceApplication
from tests.services.gateway.assessment.conftest import TODAY, Assessment, item, on_day
from tests.support.counting import statements


async def test_the_rules_answer_at_once_for_each_item_and_community(
    assessment: Assessment, gateway_database: Database
) -> None:
    await assessment.standard()
    first, second, _ = assessment.offices.communities
    assessment.ledger.covered["elderly_files"] = [first, second]
    made = await assessment.submitted("police", "A1", "A2", "A3")
    assert (made["state"], made["screening"]["passed"]) == ("with_leading_group", True)
    assert made["due_on"] > str(TODAY)
    assert made["verdicts"] == {"shared": 0, "from_ledger": 2, "needs_visit": 7, "refused": 0}
    assert (made["communities"], made["communities_to_visit"]) == (3, 3)
    found = await assessment.get("police", f"requests/{made['id']}/screening?verdict=from_ledger")
    assert found["binding"] is True
    assert {(one["code"], one["community_id"]) for one in found["items"]} == {
        ("A2", str(first)),
        ("A2", str(second)),
    }
    assert all(one["source_id"] and one["valid_until"] for one in found["items"])
    assert {one["rule"] for one in found["items"]} == {"inspection.single_ledger"}
    assert "inspection.single_ledger" in {rule["key"] for rule in found["screening"]["rules"]}
    async with gateway_database.read(assessment.offices.code) as session:
        assert await pairs_to_visit(session) == []
    await assessment.decide(made["id"])
    async with gateway_database.read(assessment.offices.code) as session:
        pairs = await pairs_to_visit(session, [UUID(made["id"])])
    assert [pair.community_id for pair in pairs] == assessment.offices.communities


async def test_verdicts_come_as_a_spreadsheet_too(assessment: Assessment) -> None:
    await assessment.standard()
    draft = await assessment.done("police", "requests", assessment.request("A1", "A3"))
    path = f"requests/{draft['id']}/screening?code=A1"
    tables = []
    for submit in (False, True):
        if submit:
            await assessment.done("police", f"requests/{draft['id']}/submission")
        answer = await assessment.send("GET", "police", path, Accept=XLSX)
        assert answer.headers["content-type"] == XLSX
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        tables.append(book.get_sheet_by_index(0).to_python())
    assert tables[0] == tables[1]
    assert tables[0][0][:4] == ["Code", "Item", "Community", "Verdict"]
    assert [row[3] for row in tables[0][1:]] == ["needs_visit"] * 3


async def test_what_the_ledger_answers_everywhere_needs_no_visit(
    assessment: Assessment, gateway_database: Database
) -> None:
    await assessment.standard()
    assessment.ledger.covered["elderly_files"] = assessment.offices.communities
    made = await assessment.approved("police", "A2")
    assert (made["communities"], made["communities_to_visit"]) == (3, 0)
    async with gateway_database.read(assessment.offices.code) as session:
        assert await pairs_to_visit(session) == []


async def test_the_ledger_is_asked_once_with_the_callers_own_token(assessment: Assessment) -> None:
    items = [
        {
            "code": f"L{at}", "title": f"台账项目{at}", "subject": "卫生", "kind": "count",
            "weight": 500, "verification": "ledger", "element": f"element{at}",
        }
        for at in range(20)
    ]  # fmt: skip
    await assessment.standard(items)
    await assessment.submitted("police", *(str(one["code"]) for one in items))
    [asked] = assessment.ledger.asked
    assert asked.url.path == "/v1/workstation/ledger/coverage"
    assert asked.url.params["on"] == str(TODAY)
    assert len(asked.url.params.get_list("element")) == 20
    assert asked.headers["authorization"] == assessment.offices.who("police")["Authorization"]


async def test_a_submission_takes_as_many_statements_for_many_items_as_for_one(
    assessment: Assessment, gateway_api: ServiceApplication
) -> None:
    await assessment.standard([item(f"B{at}", 500) for at in range(20)])
    counts = []
    for codes in (["B0"], [f"B{at}" for at in range(1, 20)]):
        made = await assessment.done("police", "requests", assessment.request(*codes))
        gateway_api.state.rules.forget(assessment.offices.code)  # else read anew only when old
        with statements() as found:
            sent = await assessment.done("police", f"requests/{made['id']}/submission")
        assert sent["verdicts"]["needs_visit"] == 3 * len(codes)
        counts.append(len(found))
    assert counts[0] == counts[1] > 0


async def test_nothing_is_submitted_while_the_ledger_does_not_answer(
    assessment: Assessment,
) -> None:
    await assessment.standard()
    made = await assessment.done("police", "requests", assessment.request("A1", "A2"))
    path = f"requests/{made['id']}"
    assessment.ledger.down = True
    answer = await assessment.post("police", f"{path}/submission")
    assert (answer.status_code, answer.json()["code"]) == (503, "ledger_unavailable")
    assert answer.headers["retry-after"]
    assert (await assessment.get("police", path))["state"] == "draft"
    assessment.ledger.down, assessment.ledger.status = False, 403
    answer = await assessment.post("police", f"{path}/submission")
    assert (answer.status_code, answer.json()["code"]) == (403, "ledger_forbidden")
    assert "ledger:read" in answer.json()["detail"]
    assessment.ledger.status = 200
    assert (await assessment.done("police", f"{path}/submission"))["submission"] == 1


async def test_a_request_without_ledger_items_does_not_need_the_ledger(
    assessment: Assessment,
) -> None:
    await assessment.standard()
    assessment.ledger.down = True
    assert (await assessment.submitted("police", "A1"))["state"] == "with_leading_group"


async def test_a_draft_is_screened_as_it_would_be_today_without_binding_anybody(
    assessment: Assessment,
) -> None:
    await assessment.standard()
    made = await assessment.done("police", "requests", assessment.request("A1", "A2"))
    path = f"requests/{made['id']}/screening"
    found = await assessment.get("police", f"{path}?limit=4")
    assert (found["binding"], len(found["items"])) == (False, 4)
    rest = await assessment.offices.gateway.get(
        found["next"], headers=assessment.offices.who("police")
    )
    assert len(rest.json()["items"]) == 2
    assert (await assessment.get("police", f"requests/{made['id']}"))["submission"] == 0
    only = await assessment.get(
        "police", f"{path}?community_id={assessment.offices.communities[0]}&code=A1"
    )
    assert len(only["items"]) == 1


async def test_a_bad_request_comes_back_with_every_reason_and_is_mended(
    assessment: Assessment,
) -> None:
    await assessment.standard()
    made = await assessment.submitted(
        "police", "A1", "Z9", legal_basis="", starts_on=str(TODAY + timedelta(days=1))
    )
    assert made["state"] == "returned"
    assert {issue["code"] for issue in made["screening"]["issues"]} == {
        "legal_basis_missing",
        "applied_too_late",
        "item_unknown",
    }
    assert made["verdicts"]["refused"] == 3
    path = f"requests/{made['id']}"
    good = {name: assessment.request("A1")[name] for name in ("legal_basis", "items", "starts_on")}
    stale = await assessment.send("PATCH", "police", path, good, **{"If-Match": '"v1"'})
    assert stale.status_code == 412
    mended = await assessment.send(
        "PATCH", "police", path, good, **{"If-Match": f'"v{made["version"]}"'}
    )
    assert mended.status_code == 200, mended.text
    again = await assessment.done("police", f"{path}/submission")
    assert (again["state"], again["submission"]) == ("with_leading_group", 2)
    assert again["verdicts"]["needs_visit"] == 3
    steps = await assessment.get("police", f"{path}/history")
    assert [step["action"] for step in steps] == ["screening", "submission"]


async def test_partly_mapped_items_are_visited_whatever_the_ledger_holds(
    assessment: Assessment,
) -> None:
    standard = await assessment.standard()
    assessment.ledger.covered["elderly_files"] = assessment.offices.communities
    for code, relation in (
        ("W1", "equal"), ("W2", "superset"), ("W3", "subset"), ("W4", "intersects"),
    ):  # fmt: skip
        await assessment.mapped("health", standard["id"], code, "A2", relation)
    made = await assessment.submitted("health", "W1", "W2", "W3", "W4")
    found = await assessment.get("health", f"requests/{made['id']}/screening?limit=200")
    assert {(one["code"], one["verdict"], one["reason"]) for one in found["items"]} == {
        ("W1", "from_ledger", "entry_valid"),
        ("W2", "from_ledger", "entry_valid"),
        ("W3", "needs_visit", "only_partly_covered"),
        ("W4", "needs_visit", "only_partly_covered"),
    }


async def test_a_department_has_its_own_codes_and_no_others(assessment: Assessment) -> None:
    standard = await assessment.standard()
    await assessment.mapped("health", standard["id"], "W1", "A2", "equal")
    made = await assessment.submitted("police", "W1")
    assert [issue["code"] for issue in made["screening"]["issues"]] == ["item_unknown"]


async def test_an_approval_needs_the_document_and_comes_before_the_window(
    assessment: Assessment, gateway_api: ServiceApplication
) -> None:
    await assessment.standard()
    made = await assessment.submitted("police", "A1")
    bare = await assessment.post(
        "leading", f"requests/{made['id']}/decision", {"outcome": "approval"}
    )
    assert bare.json()["errors"][0]["pointer"] == "/document"
    own = await assessment.post(
        "police", f"requests/{made['id']}/decision", {"outcome": "approval", "document": "自批"}
    )
    assert own.status_code == 403
    with on_day(gateway_api, TODAY + timedelta(days=21)):
        answer = await assessment.decide(made["id"])
        assert (answer.status_code, answer.json()["code"]) == (409, "window_begun")
        assert answer.json()["rules"][0]["key"] == "inspection.approval_before_start"
        returned = await assessment.decide(made["id"], "return", reason="请改期")
    assert returned.json()["state"] == "returned"


async def test_material_is_asked_for_once_in_a_year(assessment: Assessment) -> None:
    await assessment.standard()
    first, second, third = map(str, assessment.offices.communities)
    with_material = [{"code": "A1", "material": True}]
    one = await assessment.submitted(
        "police", items=with_material, targets={"communities": [first, second]}
    )
    two = await assessment.submitted(
        "health", items=with_material, targets={"communities": [second, third]}
    )
    assert two["verdicts"]["needs_visit"] == 2
    await assessment.decide(one["id"])
    clash = await assessment.decide(two["id"])
    assert (clash.status_code, clash.json()["code"]) == (409, "already_reported")
    await assessment.decide(two["id"], "return", reason="请重新提交")
    again = await assessment.done("health", f"requests/{two['id']}/submission")
    assert again["verdicts"] == {"shared": 0, "from_ledger": 0, "needs_visit": 1, "refused": 1}
    assert (await assessment.decide(two["id"])).status_code == 200


async def test_an_overlapping_approval_of_the_same_department_refuses_the_same_again(
    assessment: Assessment,
) -> None:
    await assessment.standard()
    await assessment.approved("police", "A1")
    twin = await assessment.submitted("police", "A1")
    assert [issue["code"] for issue in twin["screening"]["issues"]] == ["everything_refused"]
    other = await assessment.submitted("health", "A1")
    assert other["state"] == "with_leading_group"
    later = await assessment.submitted(
        "police", "A1",
        starts_on=str(TODAY + timedelta(days=60)), ends_on=str(TODAY + timedelta(days=70)),
    )  # fmt: skip
    assert later["state"] == "with_leading_group"


async def test_withdrawing(assessment: Assessment, gateway_database: Database) -> None:
    await assessment.standard()
    waiting = await assessment.submitted("police", "A1")
    path = f"requests/{waiting['id']}/withdrawal"
    assert (await assessment.done("police", path, {}))["state"] == "draft"
    assert (await assessment.done("police", path, {}))["state"] == "withdrawn"
    approved = await assessment.approved("police", "A1")
    path = f"requests/{approved['id']}/withdrawal"
    unreasoned = await assessment.post("police", path, {})
    assert unreasoned.json()["errors"][0]["pointer"] == "/reason"
    gone = await assessment.done("police", path, {"reason": "上级已取消"})
    assert gone["state"] == "withdrawn"
    async with gateway_database.read(assessment.offices.code) as session:
        assert await pairs_to_visit(session) == []


async def test_departments_systems_are_told_what_became_of_their_requests(
    assessment: Assessment, gateway_api: ServiceApplication, gateway_database: Database
) -> None:
    gateway_api.state.webhook_allowed = Allowed(["127.0.0.0/8"])
    await assessment.standard()
    offices = assessment.offices
    for login in ("police", "health"):
        hook = await offices.gateway.post(
            "/v1/webhooks",
            json={"url": f"http://127.0.0.1:9/{login}", "event_types": [REQUEST_DECIDED]},
            headers=offices.who(login),
        )
        assert hook.status_code == 201, hook.text
    made = await assessment.submitted("police", "A1")
    await assessment.decide(made["id"], "rejection", reason="与联合检查重复")
    async with gateway_database.read(offices.code) as session:
        found = await session.execute(
            text("SELECT subject, data FROM webhook_delivery WHERE type = :type"),
            {"type": REQUEST_DECIDED},
        )
        [(subject, data)] = found.all()
    assert subject == f"inspection_request/{made['id']}"
    assert (data["state"], data["reason"]) == ("rejected", "与联合检查重复")
    assert data["verdicts"] == {"needs_visit": 3}
    assert data.keys() == EVENT_TYPES[REQUEST_DECIDED].example.keys()


async def test_nothing_unapproved_exists_for_a_community_or_another_department(
    assessment: Assessment,
) -> None:
    await assessment.standard()
    made = await assessment.submitted("police", "A1")
    for path in ("requests", f"requests/{made['id']}", f"requests/{made['id']}/screening"):
        assert (await assessment.send("GET", "clerk", path)).status_code == 403
    assert (await assessment.get("health", "requests"))["items"] == []
    for path in ("", "/screening", "/history"):
        answer = await assessment.send("GET", "health", f"requests/{made['id']}{path}")
        assert answer.status_code == 404
    for path in ("submission", "withdrawal"):
        answer = await assessment.post("health", f"requests/{made['id']}/{path}", {})
        assert answer.status_code == 404
    assert len((await assessment.get("leading", "requests?state=with_leading_group"))["items"]) == 1


async def test_a_machine_client_asks_with_its_scope(assessment: Assessment) -> None:
    await assessment.standard()
    offices = assessment.offices
    tokens = {}
    for scopes in (["assessment:read"], ["assessment:read", "assessment:write", "ledger:read"]):
        system = await offices.gateway.post(
            "/v1/clients",
            json={"name": "检查系统", "department_id": str(offices.other), "scopes": scopes},
            headers=offices.who("administrator"),
        )
        answer = await offices.gateway.post(
            "/v1/auth/token",
            data={"grant_type": "client_credentials"},
            auth=(system.json()["client_id"], system.json()["client_secret"]),
        )
        tokens[len(scopes)] = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    body = assessment.request("A1", "A2")
    path = "/v1/assessment/requests"
    refused = await offices.gateway.post(path, json=body, headers=tokens[1])
    assert refused.status_code == 403
    key = {"Idempotency-Key": "ga-1"}
    made = await offices.gateway.post(path, json=body, headers={**tokens[3], **key})
    again = await offices.gateway.post(path, json=body, headers={**tokens[3], **key})
    assert (made.status_code, made.json()["id"]) == (201, again.json()["id"])
    sent = await offices.gateway.post(f"{path}/{made.json()['id']}/submission", headers=tokens[3])
    assert sent.json()["state"] == "with_leading_group"
    taken = await offices.gateway.post(path, json=body, headers=tokens[3])
    assert (taken.status_code, taken.json()["code"]) == (409, "reference_taken")


async def test_a_request_names_its_standard_where_there_are_several_or_none(
    assessment: Assessment,
) -> None:
    none = await assessment.post("police", "requests", assessment.request("A1"))
    assert none.json()["errors"][0]["code"] == "standard_unclear"
    first = await assessment.standard()
    second = await assessment.draft([{**_ITEM, "code": "B1"}], code="special")
    await assessment.publish(second["id"])
    several = await assessment.post("police", "requests", assessment.request("A1"))
    assert several.json()["errors"][0]["pointer"] == "/standard_id"
    named = await assessment.submitted("police", "A1", standard_id=first["id"])
    assert named["standard_code"] == "unified"


async def test_a_request_drafted_under_an_earlier_version_is_screened_by_the_one_in_force(
    assessment: Assessment,
) -> None:
    await assessment.standard()
    made = await assessment.done("police", "requests", assessment.request("A1"))
    current = await assessment.standard()
    sent = await assessment.done("police", f"requests/{made['id']}/submission")
    assert sent["standard_id"] == current["id"]
    draft = await assessment.done("police", "requests", assessment.request("A1"))
    await assessment.done(
        "leading", f"standards/{current['id']}/retirement", {"reason": "试点结束"}
    )
    answer = await assessment.post("police", f"requests/{draft['id']}/submission")
    assert (answer.status_code, answer.json()["code"]) == (409, "standard_not_in_force")


_ITEM = {
    "title": "项目B1",
    "subject": "卫生",
    "kind": "boolean",
    "weight": 10_000,
    "verification": "on_site",
}
