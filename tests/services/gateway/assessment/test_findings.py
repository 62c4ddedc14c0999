"""Findings as assessors' clients send them: with a second person, with evidence, again and late."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from shared.db.database import Database
from shared.kernel.ids import new_id
from shared.web.app import ServiceApplication
from tests.services.gateway.assessment.conftest import (
    TODAY,
    Announced,
    Assessment,
    finding,
    item,
    on_day,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200
ITEMS = [
    item("A1", 4000, two_person=True),
    item("A2", 3000, kind="ratio", verification="ledger", element="elderly_files"),
    item("A3", 3000, kind="scale", full_at=5, verification="residents"),
]
ON_SITE = [*ITEMS[:1], ITEMS[1] | {"weight": 2000}, ITEMS[2] | {"weight": 2000}, item("A4", 2000)]


@pytest.fixture
async def announced(assessment: Assessment, gateway_database: Database) -> Announced:
    """A campaign for a request of the police, whose second inspector is `police2`."""
    await assessment.standard(ON_SITE)
    request = await assessment.approved("police", "A1", "A3", "A4")
    await assessment.enrol("police2", "department", assessment.offices.other)
    return await assessment.campaign(gateway_database, request)


async def only(assessment: Assessment, visit: str, login: str = "police") -> dict[str, Any]:
    """The one finding of a visit."""
    [found] = (await assessment.get(login, f"visits/{visit}/findings"))["items"]
    one: dict[str, Any] = found
    return one


async def test_a_finding_by_two_persons_counts_when_the_second_confirms_it(
    assessment: Assessment, announced: Announced
) -> None:
    visit = announced.visits[0]
    sent = finding("A1", 1, note="值守记录完整")
    [answer] = await assessment.find("police", visit, sent)
    assert (answer["outcome"], answer["issues"]) == ("recorded", [])
    waiting = await only(assessment, visit)
    assert (waiting["state"], waiting["late"]) == ("awaiting_second", False)
    assert waiting["due_on"] > str(TODAY)
    path = f"visits/{visit}/findings/{sent['id']}"
    alone = await assessment.post("police", f"{path}/confirmation", {})
    assert (alone.status_code, alone.json()["code"]) == (403, "second_person_needed")
    confirmed = await assessment.done("police2", f"{path}/confirmation", {"note": "现场一致"})
    assert (confirmed["state"], confirmed["second_by"]) == (
        "established",
        assessment.offices.people["police2"].id,
    )
    assert (await assessment.post("police2", f"{path}/confirmation", {})).status_code == 409
    history = await assessment.get("police", f"{path}/history")
    assert [step["action"] for step in history] == ["confirmation"]


async def test_the_database_knows_that_two_persons_are_two(
    assessment: Assessment, announced: Announced, gateway_database: Database
) -> None:
    await assessment.find("police", announced.visits[0], finding("A1", 1))
    with pytest.raises(Exception, match="finding_two_persons_check"):
        async with gateway_database.transaction(assessment.offices.code) as session:
            await session.execute(text("UPDATE finding SET second_by = recorded_by"))


async def test_a_contested_finding_does_not_count_and_the_item_is_found_anew(
    assessment: Assessment, announced: Announced
) -> None:
    visit = announced.visits[0]
    sent = finding("A1", 1)
    await assessment.find("police", visit, sent)
    path = f"visits/{visit}/findings/{sent['id']}/contest"
    assert (await assessment.post("police2", path, {})).status_code == 422
    contested = await assessment.done("police2", path, {"reason": "当时无人值守"})
    assert (contested["state"], contested["second_reason"]) == ("contested", "当时无人值守")
    [answer] = await assessment.find("police2", visit, finding("A1", 0))
    assert answer["outcome"] == "recorded"


async def test_an_item_that_one_person_may_find_is_established_at_once(
    assessment: Assessment, announced: Announced
) -> None:
    await assessment.find("police", announced.visits[0], finding("A4", 1))
    assert (await only(assessment, announced.visits[0]))["state"] == "established"


async def test_a_client_may_send_again_what_it_is_not_sure_of(
    assessment: Assessment, announced: Announced
) -> None:
    visit = announced.visits[0]
    sent = finding("A4", 1)
    answers = await asyncio.gather(*(assessment.find("police", visit, sent) for _ in range(5)))
    assert Counter(answer[0]["outcome"] for answer in answers) == {"recorded": 1, "repeated": 4}
    assert (await only(assessment, visit))["value"] == 1
    [changed] = await assessment.find("police", visit, {**sent, "value": 0})
    assert [issue["code"] for issue in changed["issues"]] == ["finding_differs"]
    [twice, again] = await assessment.find(
        "police", announced.visits[1], other := finding("A4", 0), other
    )
    assert (twice["outcome"], again["outcome"]) == ("recorded", "repeated")


async def test_what_comes_late_is_taken_and_marked(
    assessment: Assessment, announced: Announced, gateway_api: ServiceApplication
) -> None:
    with on_day(gateway_api, TODAY + timedelta(days=3)):
        await assessment.find("police", announced.visits[0], finding("A4", 1))
    with on_day(gateway_api, TODAY + timedelta(days=4)):
        await assessment.find("police", announced.visits[1], finding("A4", 1))
    assert [(await only(assessment, visit))["late"] for visit in announced.visits[:2]] == [
        False,
        True,
    ]


async def test_an_item_is_found_once_and_mended_with_a_reason(
    assessment: Assessment, announced: Announced
) -> None:
    visit = announced.visits[0]
    first = finding("A4", 0)
    await assessment.find("police", visit, first)
    [twice] = await assessment.find("police", visit, finding("A4", 1))
    assert [issue["code"] for issue in twice["issues"]] == ["already_found"]
    mended = finding("A4", 1, replaces=first["id"])
    [bare] = await assessment.find("police", visit, mended)
    assert [issue["code"] for issue in bare["issues"]] == ["reason_missing"]
    [done] = await assessment.find("police", visit, {**mended, "note": "录入有误"})
    assert done["outcome"] == "recorded"
    found = (await assessment.get("police", f"visits/{visit}/findings?state=superseded"))["items"]
    assert [one["id"] for one in found] == [first["id"]]
    [old] = await assessment.find(
        "police", visit, finding("A4", 0, replaces=first["id"], note="再改")
    )
    assert [issue["code"] for issue in old["issues"]] == ["replaced_not_live"]
    [foreign] = await assessment.find(
        "police", announced.visits[1], finding("A4", 0, replaces=mended["id"], note="错")
    )
    assert [issue["code"] for issue in foreign["issues"]] == ["replaced_unknown"]


async def test_each_finding_of_a_batch_is_answered_for_itself(
    assessment: Assessment, announced: Announced
) -> None:
    yesterday = f"{TODAY - timedelta(days=1)}T09:30:00+08:00"
    entry = {"element": "elderly_files", "entry_id": str(new_id())}
    answers = await assessment.find(
        "police",
        announced.visits[0],
        finding("A4", 1),
        finding("A1", 2),
        finding("A2", 5000),
        finding("A3", 4),
        finding("Z9", 1),
        finding("A1", 1, observed_at=yesterday),
        finding("A1", 1, observed_at=f"{TODAY}T23:00:00+08:00"),
        finding("A1", 1, evidence=[str(new_id())], entries=[entry]),
    )
    assert [[issue["code"] for issue in one["issues"]] for one in answers] == [
        [],
        ["value_out_of_range"],
        ["item_not_asked"],
        ["not_found_on_site"],
        ["item_unknown"],
        ["observed_at_impossible"],
        ["observed_at_impossible"],
        ["evidence_unknown", "entry_unknown"],
    ]
    assert answers[1]["issues"][0]["pointer"] == "/findings/1/value"


async def upload(
    assessment: Assessment, login: str, visit: str, content: bytes, **more: Any
) -> httpx.Response:
    """A photograph."""
    return await assessment.offices.gateway.post(
        f"/v1/assessment/visits/{visit}/evidence",
        files={"file": ("值守.png", content, "image/png")},
        data=more,
        headers=assessment.offices.who(login),
    )


async def test_evidence_is_kept_once_and_cited_by_any_number_of_findings(
    assessment: Assessment, announced: Announced
) -> None:
    visit = announced.visits[0]
    made = await upload(assessment, "police", visit, PNG, evidence_id=str(new_id()))
    assert made.status_code == 201, made.text
    again = await upload(assessment, "police2", visit, PNG)
    assert again.json()["id"] == made.json()["id"]
    photo = made.json()["id"]
    await assessment.find(
        "police", visit, finding("A4", 1, evidence=[photo]), finding("A1", 1, evidence=[photo])
    )
    found = (await assessment.get("police", f"visits/{visit}/findings"))["items"]
    assert [one["evidence"] for one in found] == [[photo], [photo]]
    content = await assessment.send("GET", "police", f"visits/{visit}/evidence/{photo}")
    assert (content.content, content.headers["content-type"]) == (PNG, "image/png")
    listed = await assessment.get("leading", f"visits/{visit}/evidence")
    assert [one["name"] for one in listed["items"]] == ["值守.png"]
    program = await upload(assessment, "police", visit, b"MZ" + b"0" * 50)
    assert program.json()["errors"][0]["code"] == "file_type_not_taken"
    [elsewhere] = await assessment.find(
        "police", announced.visits[1], finding("A4", 1, evidence=[photo])
    )
    assert [issue["code"] for issue in elsewhere["issues"]] == ["evidence_unknown"]


async def test_an_entry_of_the_ledger_is_cited_when_it_counts_in_the_community(
    assessment: Assessment, announced: Announced
) -> None:
    first, second, _ = assessment.offices.communities
    assessment.ledger.covered["elderly_files"] = [first, second]
    for place in (first, second):
        assessment.ledger.entry_ids["elderly_files", place] = new_id()
    own = {
        "element": "elderly_files",
        "entry_id": str(assessment.ledger.entry_ids["elderly_files", first]),
    }
    [foreign] = await assessment.find(
        "police", announced.visits[1], finding("A4", 1, entries=[own])
    )
    assert [issue["code"] for issue in foreign["issues"]] == ["entry_unknown"]
    [good] = await assessment.find("police", announced.visits[0], finding("A4", 1, entries=[own]))
    assert good["outcome"] == "recorded"
    assert (await only(assessment, announced.visits[0]))["entries"] == [own]
    assessment.ledger.down = True
    answer = await assessment.post(
        "police",
        f"visits/{announced.visits[2]}/findings",
        {"findings": [finding("A4", 1, entries=[own])]},
    )
    assert answer.status_code == 503


async def test_only_whose_requests_a_visit_serves_assesses_there(
    assessment: Assessment, announced: Announced
) -> None:
    visit = announced.visits[0]
    for method, path in (("GET", "findings"), ("GET", "evidence")):
        answer = await assessment.send(method, "health", f"visits/{visit}/{path}")
        assert answer.status_code == 404
    body = {"findings": [finding("A4", 1)]}
    assert (await assessment.post("health", f"visits/{visit}/findings", body)).status_code == 404
    assert (await assessment.post("clerk", f"visits/{visit}/findings", body)).status_code == 403


async def test_on_a_joint_visit_nobody_sees_another_departments_own_items(
    assessment: Assessment, gateway_database: Database
) -> None:
    standard = await assessment.standard(ON_SITE)
    await assessment.mapped("police", standard["id"], "GA-1", "A1", "subset")
    requests = [
        await assessment.approved("police", "GA-1", "A4"),
        await assessment.approved("health", "A4"),
    ]
    visit = (await assessment.campaign(gateway_database, *requests)).visits[0]
    await assessment.find("police", visit, finding("GA-1", 3), finding("A4", 1))
    for login, codes in (("police", {"GA-1", "A4"}), ("health", {"A4"})):
        found = (await assessment.get(login, f"visits/{visit}/findings"))["items"]
        assert {one["code"] for one in found} == codes
    [foreign] = await assessment.find("health", visit, finding("GA-1", 3))
    assert [issue["code"] for issue in foreign["issues"]] == ["item_unknown"]


async def test_what_nobody_asked_for_or_is_answered_already_is_not_assessed(
    assessment: Assessment, gateway_database: Database
) -> None:
    await assessment.standard(ON_SITE)
    request = await assessment.approved("police", "A1")
    visit = (await assessment.campaign(gateway_database, request)).visits[0]
    [unasked, unknown] = await assessment.find(
        "police", visit, finding("A4", 1), finding("GA-1", 1)
    )
    assert [issue["code"] for issue in unasked["issues"]] == ["item_not_asked"]
    assert [issue["code"] for issue in unknown["issues"]] == ["item_unknown"]


async def test_a_visit_that_is_not_announced_does_not_exist(
    assessment: Assessment, announced: Announced, gateway_database: Database
) -> None:
    async with gateway_database.transaction(assessment.offices.code) as session:
        await session.execute(text("UPDATE visit SET state = 'postponed'"))
    path = f"visits/{announced.visits[0]}/findings"
    assert (await assessment.send("GET", "leading", path)).status_code == 404
    body = {"findings": [finding("A4", 1)]}
    assert (await assessment.post("police", path, body)).status_code == 404


async def test_residents_rate_their_own_community_once_and_may_change_their_mind(
    assessment: Assessment, announced: Announced
) -> None:
    first, second, _ = assessment.offices.communities
    await assessment.enrol("wang", "resident", first)
    await assessment.enrol("li", "representative", first)
    path = f"campaigns/{announced.id}/ratings"
    rating = {"ratings": [{"code": "A3", "value": 3}]}
    for login, value in (("wang", 3), ("li", 4), ("wang", 5)):
        body = {"ratings": [{"code": "A3", "value": value}]}
        assert await assessment.done(login, path, body) == {"given": 1}
    [found] = await assessment.get("leading", f"{path}?community_id={first}")
    assert (found["number"], found["by_value"], found["mean"]) == (2, {"4": 1, "5": 1}, "9/2")
    foreign = await assessment.post("wang", path, {**rating, "community_id": str(second)})
    assert foreign.status_code == 404
    bad = await assessment.post(
        "wang", path, {"ratings": [{"code": "A1", "value": 1}, {"code": "A3", "value": 6}]}
    )
    assert [(one["code"], one["pointer"]) for one in bad.json()["errors"]] == [
        ("item_not_rated", "/ratings/0/code"),
        ("value_out_of_range", "/ratings/1/value"),
    ]
    assert (await assessment.post("clerk", path, rating)).status_code == 403
    assert "rater" not in str(found)
