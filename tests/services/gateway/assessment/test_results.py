"""Results from publication to final, objections, and what departments share of them."""

import asyncio
import io
from datetime import timedelta
from typing import Any

import pytest
import python_calamine
from sqlalchemy import text

from services.gateway.assessment.campaigns.models import Campaign
from services.gateway.assessment.findings import recording
from services.gateway.webhooks.addresses import Allowed
from services.gateway.webhooks.domain import (
    EVENT_TYPES,
    RESULTS_FINAL,
    RESULTS_PUBLISHED,
    RESULTS_SHARED,
)
from shared.db.database import Database
from shared.web.app import ServiceApplication
from tests.services.gateway.assessment.conftest import (
    DOCUMENT,
    TODAY,
    Announced,
    Assessment,
    finding,
    item,
    on_day,
)

ITEMS = [
    item("A1", 4000, validity_days=60),
    item("A2", 3000, kind="ratio", verification="ledger", element="elderly_files"),
    item("A3", 3000, kind="scale", full_at=5, verification="residents"),
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
async def announced(assessment: Assessment, gateway_database: Database) -> Announced:
    """A campaign for the police's A1 and, as its own W2, the health department's A2; two ratings
    are enough."""
    offices = assessment.offices
    rule = "/v1/rules/inspection.ratings_min/overrides"
    body = {
        "value": 2,
        "in_force_from": "2026-01-01",
        "document": DOCUMENT,
        "decided_on": "2026-01-01",
    }
    made = await offices.gateway.post(rule, json=body, headers=offices.who("leading"))
    assert made.status_code == 201, made.text
    standard = await assessment.standard(ITEMS)
    await assessment.mapped("health", standard["id"], "W1", "A1", "subset")
    await assessment.mapped("health", standard["id"], "W2", "A2", "equal")
    police = await assessment.approved("police", "A1")
    health = await assessment.approved("health", "W1", "W2")
    return await assessment.campaign(gateway_database, police, health)


async def assess(assessment: Assessment, announced: Announced) -> None:
    """The first community is found, read and rated, the second read, the third nothing."""
    first, second, _ = assessment.offices.communities
    await assessment.find("police", announced.visits[0], finding("A1", 1, note="完整"))
    assessment.ledger.values["elderly_files"] = {first: "87.5", second: 100}
    for at, value in enumerate((4, 5)):
        await assessment.enrol(f"resident{at}", "resident", first)
        rating = {"ratings": [{"code": "A3", "value": value}]}
        await assessment.done(f"resident{at}", f"campaigns/{announced.id}/ratings", rating)


async def published(assessment: Assessment, announced: Announced) -> list[dict[str, Any]]:
    """The campaign's results, by community."""
    await assess(assessment, announced)
    await assessment.done("leading", f"campaigns/{announced.id}/results")
    return await listed(assessment, announced)


async def listed(assessment: Assessment, announced: Announced) -> list[dict[str, Any]]:
    """The campaign's results as they stand."""
    found: list[dict[str, Any]] = (
        await assessment.get("leading", f"campaigns/{announced.id}/results")
    )["items"]
    return found


async def finalised(
    assessment: Assessment, announced: Announced, api: ServiceApplication
) -> dict[str, int]:
    """Everything final, after the limit for objections."""
    with on_day(api, TODAY + timedelta(days=20)):
        path = f"campaigns/{announced.id}/results/finalisation"
        found: dict[str, int] = await assessment.done("leading", path)
    return found


async def test_whom_only_a_request_that_left_the_campaign_asked_for_has_no_result(
    assessment: Assessment, announced: Announced, gateway_database: Database
) -> None:
    path = f"campaigns/{announced.id}/results"
    for state, code in (("postponed", "visits_outstanding"), ("cancelled", "nobody_assessed")):
        async with gateway_database.transaction(assessment.offices.code) as session:
            await session.execute(text(f"UPDATE visit SET state = '{state}'"))
            await session.execute(text("UPDATE campaign_request SET ended_on = current_date"))
        answer = await assessment.post("leading", path)
        assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_a_result_is_derived_down_to_its_sources(
    assessment: Assessment, announced: Announced
) -> None:
    first, second, third = await published(assessment, announced)
    assert (first["score"], first["exact"], first["assessed_weight"]) == (9325, "373/4", 10_000)
    assert (second["score"], second["assessed_weight"]) == (10_000, 3000)
    assert (third["score"], third["exact"], third["assessed_weight"]) == (None, None, 0)
    assert {one["state"] for one in (first, second, third)} == {"provisional"}
    detail = await assessment.get("leading", f"results/{first['id']}")
    lines = {line["code"]: line for line in detail["lines"]}
    assert [
        (lines[code]["source"], lines[code]["value"], lines[code]["share"], lines[code]["points"])
        for code in ("A1", "A2", "A3")
    ] == [
        ("finding", "1", "1", "40"),
        ("ledger", "8750", "7/8", "105/4"),
        ("ratings", "9/2", "9/10", "27"),
    ]
    [found] = (await assessment.get("police", f"visits/{announced.visits[0]}/findings"))["items"]
    assert lines["A1"]["source_id"] == found["id"]
    assert lines["A1"]["valid_until"] == str(TODAY + timedelta(days=60))
    entry = assessment.ledger.entry_ids["elderly_files", assessment.offices.communities[0]]
    assert lines["A2"]["source_id"] == str(entry)
    assert lines["A3"]["note"] == "ratings:2"
    assert "inspection.score_scale" in {rule["key"] for rule in detail["rules"]}
    nothing = await assessment.get("leading", f"results/{third['id']}")
    assert [line["note"] for line in nothing["lines"]] == [
        "not_found",
        "no_entry",
        "too_few_ratings:0",
    ]


async def test_the_ledger_is_read_with_the_groups_token_page_by_page(
    assessment: Assessment, announced: Announced
) -> None:
    assessment.ledger.asked.clear()
    communities = assessment.offices.communities
    assessment.ledger.values["elderly_files"] = dict.fromkeys(communities, 50)
    await assessment.done("leading", f"campaigns/{announced.id}/results")
    token = assessment.offices.who("leading")["Authorization"]
    assert {one.headers["authorization"] for one in assessment.ledger.asked} == {token}
    paths = [one.url.path.rsplit("/", 1)[-1] for one in assessment.ledger.asked]
    assert paths == ["coverage", "entries", "entries"]
    assert [one["score"] for one in await listed(assessment, announced)] == [5000] * 3


async def test_nothing_is_published_by_halves(
    assessment: Assessment, announced: Announced, gateway_database: Database
) -> None:
    path = f"campaigns/{announced.id}/results"
    assessment.ledger.down = True
    answer = await assessment.post("leading", path)
    assert (answer.status_code, answer.json()["code"]) == (503, "ledger_unavailable")
    assessment.ledger.down = False
    async with gateway_database.transaction(assessment.offices.code) as session:
        await session.execute(text("UPDATE visit SET on_day = on_day + 1"))
    early = await assessment.post("leading", path)
    assert (early.status_code, early.json()["code"]) == (409, "visits_outstanding")
    assert await listed(assessment, announced) == []
    assert (await assessment.post("police", path)).status_code == 403


async def test_results_wait_for_second_assessors_who_are_in_time(
    assessment: Assessment, gateway_database: Database, gateway_api: ServiceApplication
) -> None:
    await assessment.standard([item("A1", 10_000, two_person=True)])
    request = await assessment.approved("police", "A1")
    announced = await assessment.campaign(gateway_database, request)
    await assessment.find("police", announced.visits[0], finding("A1", 1))
    path = f"campaigns/{announced.id}/results"
    waiting = await assessment.post("leading", path)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "findings_unconfirmed")
    with on_day(gateway_api, TODAY + timedelta(days=10)):
        await assessment.done("leading", path)
    first = (await listed(assessment, announced))[0]
    [line] = (await assessment.get("leading", f"results/{first['id']}"))["lines"]
    assert (first["score"], line["note"]) == (None, "unconfirmed")


async def test_results_are_published_once_and_close_the_findings(
    assessment: Assessment, announced: Announced
) -> None:
    sent = finding("A1", 1)
    await assessment.find("police", announced.visits[0], sent)
    path = f"campaigns/{announced.id}/results"
    answers = await asyncio.gather(*(assessment.post("leading", path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    late = await assessment.post(
        "police", f"visits/{announced.visits[1]}/findings", {"findings": [finding("A1", 0)]}
    )
    assert (late.status_code, late.json()["code"]) == (409, "findings_closed")
    [again] = await assessment.find("police", announced.visits[0], sent)
    assert again["outcome"] == "repeated"
    await assessment.enrol("late", "resident", assessment.offices.communities[0])
    rating = {"ratings": [{"code": "A3", "value": 5}]}
    closed = await assessment.post("late", f"campaigns/{announced.id}/ratings", rating)
    assert (closed.status_code, closed.json()["code"]) == (409, "ratings_closed")


async def race(assessment: Assessment, announced: Announced) -> tuple[int, str]:
    """A finding sent while the results are published: its status and its line's source."""
    recorded, _ = await asyncio.gather(
        assessment.post(
            "police", f"visits/{announced.visits[0]}/findings", {"findings": [finding("A1", 1)]}
        ),
        assessment.done("leading", f"campaigns/{announced.id}/results"),
    )
    first = (await listed(assessment, announced))[0]
    lines = (await assessment.get("leading", f"results/{first['id']}"))["lines"]
    return recorded.status_code, lines[0]["source"]


async def test_a_finding_is_in_the_results_or_refused(
    assessment: Assessment, announced: Announced
) -> None:
    assert await race(assessment, announced) in {(200, "finding"), (409, "none")}


async def test_without_the_campaigns_lock_a_finding_would_be_lost(
    assessment: Assessment, announced: Announced, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = recording._known

    async def unlocked(session: Any, id: Any, **_: Any) -> Any:
        return await session.get_one(Campaign, (assessment.offices.code, id))

    async def slowly(*given: Any) -> Any:
        found = await known(*given)
        for _ in range(200):
            if await listed(assessment, announced):
                return found
            await asyncio.sleep(0.05)
        raise AssertionError("the results were never published")

    monkeypatch.setattr(recording, "locked_campaign", unlocked)
    monkeypatch.setattr(recording, "_known", slowly)
    assert await race(assessment, announced) == (200, "none")


async def test_a_community_sees_its_own_result_and_objects_once_in_time(
    assessment: Assessment, announced: Announced, gateway_api: ServiceApplication
) -> None:
    first, second, _ = await published(assessment, announced)
    own = (await assessment.get("clerk", f"campaigns/{announced.id}/results"))["items"]
    assert [one["id"] for one in own] == [first["id"]]
    objection = {"items": ["A2"], "reason": "台账更新于检查之后，请复核。"}
    foreign = await assessment.post("clerk", f"results/{second['id']}/objection", objection)
    assert foreign.status_code == 404
    path = f"results/{first['id']}/objection"
    unknown = await assessment.post("clerk", path, {**objection, "items": ["A2", "Z9"]})
    assert unknown.json()["errors"][0]["pointer"] == "/items/1"
    with on_day(gateway_api, TODAY + timedelta(days=8)):
        late = await assessment.post("clerk", path, objection)
    assert (late.status_code, late.json()["code"]) == (409, "objection_too_late")
    assert late.json()["rules"][0]["key"] == "inspection.objection_working_days"
    made = await assessment.done("clerk", path, objection)
    assert (made["state"], made["objection"]["items"]) == ("objected", ["A2"])
    assert made["due_on"] > str(TODAY)
    assert (await assessment.post("clerk", path, objection)).status_code == 409
    assert (await assessment.post("police", path, objection)).status_code == 403


async def test_an_upheld_objection_makes_a_new_revision_and_keeps_the_former(
    assessment: Assessment, announced: Announced, gateway_database: Database
) -> None:
    first = (await published(assessment, announced))[0]
    objection = {"items": ["A2"], "reason": "台账更新于检查之后，请复核。"}
    await assessment.done("clerk", f"results/{first['id']}/objection", objection)
    path = f"results/{first['id']}/review"
    upheld = {"outcome": "upholding", "reply": "经核查台账属实"}
    bare = await assessment.post("leading", path, upheld)
    assert bare.json()["errors"][0]["code"] == "corrections_mismatch"
    wrong = {"code": "A2", "value": 10_001, "reason": "属实"}
    impossible = await assessment.post("leading", path, {**upheld, "corrections": [wrong]})
    assert impossible.json()["errors"][0]["pointer"] == "/corrections/0/value"
    corrections = [{**wrong, "value": 10_000}]
    done = await assessment.done("leading", path, {**upheld, "corrections": corrections})
    assert (done["state"], done["revision"], done["score"]) == ("final", 2, 9700)
    assert (done["final_on"], done["objection"]["outcome"]) == (str(TODAY), "upholding")
    changed = {line["code"]: line for line in done["lines"]}["A2"]
    assert (changed["source"], changed["source_id"]) == ("review", done["objection"]["id"])
    async with gateway_database.read(assessment.offices.code) as session:
        kept = await session.execute(
            text("SELECT revision, count(*) FROM result_line WHERE result_id = :id GROUP BY 1"),
            {"id": first["id"]},
        )
    assert sorted(tuple(row) for row in kept) == [(1, 3), (2, 3)]
    again = await assessment.post("leading", path, {**upheld, "corrections": corrections})
    assert again.status_code == 409


async def test_a_dismissed_objection_leaves_the_score(
    assessment: Assessment, announced: Announced
) -> None:
    first = (await published(assessment, announced))[0]
    objection = {"items": ["A1"], "reason": "当日有人值守，请复核。"}
    await assessment.done("clerk", f"results/{first['id']}/objection", objection)
    done = await assessment.done(
        "leading", f"results/{first['id']}/review", {"outcome": "dismissal", "reply": "认定无误"}
    )
    assert (done["state"], done["revision"], done["score"]) == ("final", 1, 9325)


async def test_results_become_final_when_nobody_objected_in_time(
    assessment: Assessment, announced: Announced, gateway_api: ServiceApplication
) -> None:
    first = (await published(assessment, announced))[0]
    objection = {"items": ["A1"], "reason": "当日有人值守，请复核。"}
    await assessment.done("clerk", f"results/{first['id']}/objection", objection)
    path = f"campaigns/{announced.id}/results/finalisation"
    early = await assessment.done("leading", path)
    assert early == {"finalised": 0, "open": 2, "objected": 1}
    assert await finalised(assessment, announced, gateway_api) == {
        "finalised": 2,
        "open": 0,
        "objected": 1,
    }
    history = await assessment.get("clerk", f"results/{first['id']}/history")
    assert [step["action"] for step in history] == ["objection"]


async def test_each_department_shares_what_it_asked_for_by_its_own_codes_and_nothing_of_others(
    assessment: Assessment, announced: Announced, gateway_api: ServiceApplication
) -> None:
    await published(assessment, announced)
    assert (await assessment.get("police", "shared-results"))["items"] == []
    await finalised(assessment, announced, gateway_api)
    police = (await assessment.get("police", "shared-results"))["items"]
    assert [(one["code"], one["value"], one["complete"]) for one in police] == [("A1", "1", True)]
    health = (await assessment.get("health", "shared-results"))["items"]
    assert {(one["code"], one["item_code"], one["value"], one["complete"]) for one in health} == {
        ("W1", "A1", "1", False),
        ("W2", "A2", "8750", True),
        ("W2", "A2", "10000", True),
    }
    every = (await assessment.get("leading", "shared-results"))["items"]
    assert len(every) == 4
    other = assessment.offices.health
    foreign = await assessment.send("GET", "police", f"shared-results?department_id={other}")
    assert foreign.status_code == 404
    assert (await assessment.send("GET", "clerk", "shared-results")).status_code == 403
    later = TODAY + timedelta(days=90)
    assert (await assessment.get("police", f"shared-results?on={later}"))["items"] == []
    kept = await assessment.get("police", f"shared-results?on={later}&history=true")
    assert len(kept["items"]) == 1


async def test_shared_results_come_as_a_spreadsheet_too(
    assessment: Assessment, announced: Announced, gateway_api: ServiceApplication
) -> None:
    await published(assessment, announced)
    await finalised(assessment, announced, gateway_api)
    answer = await assessment.send("GET", "health", "shared-results", Accept=XLSX)
    assert answer.headers["content-type"] == XLSX
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 4
    assert {row[9] for row in rows[1:]} == {"100.00", "87.50"}
    assert (
        await assessment.send("GET", "health", "shared-results", Accept="image/png")
    ).status_code == 406


async def test_a_later_request_reads_results_while_they_are_valid(
    assessment: Assessment, announced: Announced, gateway_api: ServiceApplication
) -> None:
    await published(assessment, announced)
    before = await assessment.submitted("health", "A1", reference="WJ-early")
    assert before["verdicts"]["shared"] == 0
    await finalised(assessment, announced, gateway_api)
    for days, shared in ((30, 1), (90, 0)):
        start = TODAY + timedelta(days=days + 30)
        with on_day(gateway_api, TODAY + timedelta(days=days)):
            made = await assessment.submitted(
                "health", "A1", starts_on=str(start), ends_on=str(start + timedelta(days=20))
            )
            assert made["verdicts"] == {
                "shared": shared,
                "from_ledger": 0,
                "needs_visit": 3 - shared,
                "refused": 0,
            }
            found = await assessment.get(
                "health", f"requests/{made['id']}/screening?verdict=shared"
            )
            assert [one["rule"] for one in found["items"]] == ["inspection.shared_results"] * shared


async def test_departments_systems_hear_of_published_and_final_results(
    assessment: Assessment,
    announced: Announced,
    gateway_api: ServiceApplication,
    gateway_database: Database,
) -> None:
    gateway_api.state.webhook_allowed = Allowed(["127.0.0.0/8"])
    offices = assessment.offices
    types = [RESULTS_PUBLISHED, RESULTS_FINAL, RESULTS_SHARED]
    for login, wanted in (("police", types), ("health", [RESULTS_PUBLISHED])):
        hook = await offices.gateway.post(
            "/v1/webhooks",
            json={"url": f"http://127.0.0.1:9/{login}", "event_types": wanted},
            headers=offices.who(login),
        )
        assert hook.status_code == 201, hook.text
    await published(assessment, announced)
    await finalised(assessment, announced, gateway_api)
    async with gateway_database.read(offices.code) as session:
        found = await session.execute(
            text(
                "SELECT d.type, d.data FROM webhook_delivery d JOIN webhook w "
                "ON w.district = d.district AND w.id = d.webhook_id "
                "WHERE w.url LIKE '%/police' ORDER BY d.event_id"
            )
        )
        told = [(row.type, row.data) for row in found]
    assert [one for one, _ in told] == types
    assert [data.keys() for _, data in told] == [EVENT_TYPES[one].example.keys() for one in types]
    assert len(told[1][1]["communities"]) == 3
    shared = told[2][1]
    assert shared["community_id"] == str(offices.communities[0])
    assert [(one["code"], one["value"], one["complete"]) for one in shared["results"]] == [
        ("A1", "1", True)
    ]
    example = EVENT_TYPES[RESULTS_SHARED].example["results"][0]
    assert shared["results"][0].keys() == example.keys()
