"""What departments and offices get wrong: each is named at its place, with what to do, in the
reader's language, and nothing is half done."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from services.gateway.assessment.standards.domain import points
from shared.db.database import Database
from shared.kernel.ids import new_id
from shared.web.app import ServiceApplication
from tests.services.gateway.assessment.conftest import (
    TODAY,
    Announced,
    Assessment,
    finding,
    item,
)
from tests.services.gateway.assessment.test_results import announced, finalised, published
from tests.services.gateway.assessment.test_rewards import SCHEME, concluded

__all__ = ["announced"]
LANGUAGES = ("zh-CN", "en")
SATURDAY = date(2026, 4, 11)
LAST_MONTH = {
    "starts_on": str(TODAY - timedelta(days=40)),
    "ends_on": str(TODAY - timedelta(days=10)),
}


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def assert_clear(issue: dict[str, Any], language: str) -> None:
    """It says what is wrong and what to do, in the reader's language."""
    for part in ("detail", "remedy"):
        assert issue[part], issue
        assert _has_chinese(issue[part][:8]) == (language == "zh-CN"), issue  # sources are quoted


async def _issues(
    assessment: Assessment, made: dict[str, Any], language: str
) -> list[dict[str, Any]]:
    answer = await assessment.send(
        "GET", "police", f"requests/{made['id']}", **{"Accept-Language": language}
    )
    found: list[dict[str, Any]] = answer.json()["screening"]["issues"]
    return found


@pytest.mark.parametrize(
    ("codes", "changed", "code", "pointer"),
    [
        (["A1"], LAST_MONTH, "window_past", "/ends_on"),
        (
            ["A1"],
            {"starts_on": str(SATURDAY), "ends_on": str(SATURDAY + timedelta(days=2))},
            "window_without_working_day",
            "/ends_on",
        ),
        (["A1", "Z9"], {}, "item_unknown", "/items/1/code"),
        (
            ["A1"],
            {"targets": {"communities": ["0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"]}},
            "target_outside_district",
            "/targets/communities",
        ),
        (["A1", "A1"], {}, "item_repeated", "/items/1/code"),
    ],
)
async def test_a_request_that_cannot_be_comes_back_and_says_why(
    assessment: Assessment, codes: list[str], changed: dict[str, Any], code: str, pointer: str
) -> None:
    await assessment.standard()
    made = await assessment.submitted("police", *codes, **changed)
    assert made["state"] == "returned"
    for language in LANGUAGES:
        [issue] = [one for one in await _issues(assessment, made, language) if one["code"] == code]
        assert issue["pointer"] == pointer
        assert_clear(issue, language)


@pytest.mark.parametrize("kind", ["\0", "\ud800", "x" * 41, "居民小区", 7])
async def test_what_can_be_no_kind_of_community_is_named_at_its_place(
    assessment: Assessment, kind: Any
) -> None:
    await assessment.standard()
    offices = assessment.offices
    for path, body in (
        ("assessment/requests", assessment.request("A1", targets={"kinds": [kind]})),
        ("admission/items", offices.item(targets={"kinds": [kind]})),
    ):
        answer = await offices.gateway.post(
            f"/v1/{path}",
            content=json.dumps(body),
            headers={**offices.who("police"), "Content-Type": "application/json"},
        )
        assert answer.status_code == 422, answer.text
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/targets/kinds/0"]


@pytest.mark.parametrize(
    ("starts", "ends", "pointers"),
    [
        ("2026-04-01", "2026-04-01", ["/ends_on"]),
        ("2026-04-10", "2026-04-01", ["/ends_on"]),
        ("2026-04-01", "2027-04-03", ["/ends_on"]),
        ("2026-04-01", "9999-12-31", ["/ends_on"]),
        ("0001-01-01", "9999-12-31", ["/starts_on", "/ends_on"]),
    ],
    ids=["no day", "backwards", "more than a year", "without end", "for ever"],
)
async def test_a_window_is_a_day_at_least_and_a_year_at_most(
    assessment: Assessment, starts: str, ends: str, pointers: list[str]
) -> None:
    await assessment.standard()
    window = {"starts_on": starts, "ends_on": ends}
    for language in LANGUAGES:
        answer = await assessment.send(
            "POST", "police", "requests", assessment.request("A1", **window),
            **{"Accept-Language": language},
        )  # fmt: skip
        assert answer.status_code == 422, answer.text
        issues = answer.json()["errors"]
        assert [issue["pointer"] for issue in issues] == pointers
        for issue in issues:
            assert_clear(issue, language)


async def test_a_request_for_communities_of_another_district_is_kept_but_asks_nobody(
    assessment: Assessment,
) -> None:
    await assessment.standard()
    made = await assessment.submitted("police", "A1", targets={"communities": [str(new_id())]})
    assert (made["communities"], made["communities_to_visit"]) == (0, 0)
    answer = await assessment.decide(made["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "step_not_possible")


@pytest.mark.parametrize(("weights", "total"), [((4000, 3000), 7000), ((9999, 2), 10_001)])
async def test_weights_that_do_not_close_make_no_standard(
    assessment: Assessment, weights: tuple[int, int], total: int
) -> None:
    made = await assessment.draft([item(f"A{at}", one) for at, one in enumerate(weights)])
    for language in LANGUAGES:
        answer = await assessment.send(
            "POST", "leading", f"standards/{made['id']}/publication", {"document": "沙社建组"},
            **{"Accept-Language": language},
        )  # fmt: skip
        assert answer.status_code == 422, answer.text
        [issue] = answer.json()["errors"]
        assert (issue["code"], issue["pointer"]) == ("weights_not_closed", "/items")
        assert points(total) in issue["detail"]
        assert_clear(issue, language)
    found = await assessment.get("leading", f"standards/{made['id']}")
    assert (found["state"], found["published_on"]) == ("draft", None)


async def test_the_same_again_while_it_is_approved_already_says_by_which_rule(
    assessment: Assessment,
) -> None:
    await assessment.standard()
    await assessment.approved("police", "A1")
    twin = await assessment.submitted("police", "A1")
    for language in LANGUAGES:
        [issue] = await _issues(assessment, twin, language)
        assert (issue["code"], issue["pointer"]) == ("everything_refused", "/items")
        assert_clear(issue, language)
    verdicts = await assessment.get("police", f"requests/{twin['id']}/screening")
    assert {(one["verdict"], one["reason"], one["rule"]) for one in verdicts["items"]} == {
        ("refused", "already_approved", "inspection.shared_results")
    }


async def test_a_negative_budget_rewards_nobody(
    assessment: Assessment, gateway_database: Database
) -> None:
    concluded_campaign = await concluded(assessment, gateway_database, 8500, 7000, 5000)
    path = f"campaigns/{concluded_campaign.id}/rewards"
    for language in LANGUAGES:
        answer = await assessment.send(
            "POST", "leading", path, {**SCHEME, "budget": -1}, **{"Accept-Language": language}
        )
        assert answer.status_code == 422
        [issue] = answer.json()["errors"]
        assert issue["pointer"] == "/budget"
        assert_clear(issue, language)
    assert (await assessment.send("GET", "leading", path)).status_code == 404


async def test_results_that_are_not_shared_with_a_department_do_not_exist_for_it(
    assessment: Assessment, announced: Announced, gateway_api: ServiceApplication
) -> None:
    first, *_ = await published(assessment, announced)
    offices = assessment.offices
    theirs = (await assessment.get("health", "requests"))["items"][0]["id"]
    assert (await assessment.get("health", "shared-results"))["items"] == []
    await finalised(assessment, announced, gateway_api)
    for path in (
        f"shared-results?department_id={offices.health}",
        f"shared-results?request_id={theirs}",
        f"requests/{theirs}/screening",
    ):
        answer = await assessment.send("GET", "police", path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    for path in (f"results/{first['id']}", f"campaigns/{announced.id}/results"):
        assert (await assessment.send("GET", "police", path)).status_code == 403


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
async def test_a_finding_of_a_time_that_nobody_lives_in_is_named(
    assessment: Assessment, announced: Announced, at: str
) -> None:
    path = f"visits/{announced.visits[0]}/findings"
    body = {"findings": [finding("A1", 1), finding("A1", 1, observed_at=at)]}
    for language in LANGUAGES:
        answer = await assessment.send(
            "POST", "police", path, body, **{"Accept-Language": language}
        )
        assert answer.status_code == 422, answer.text
        [issue] = answer.json()["errors"]
        assert issue["pointer"] == "/findings/1/observed_at"
        assert_clear(issue, language)
    assert (await assessment.get("police", path))["items"] == []


async def test_a_finding_after_the_result_is_final_changes_nothing(
    assessment: Assessment, announced: Announced, gateway_api: ServiceApplication
) -> None:
    [before, *_] = await published(assessment, announced)
    await finalised(assessment, announced, gateway_api)
    path = f"visits/{announced.visits[0]}/findings"
    for language in LANGUAGES:
        answer = await assessment.send(
            "POST", "police", path, {"findings": [finding("A1", 0)]},
            **{"Accept-Language": language},
        )  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (409, "findings_closed")
        assert _has_chinese(answer.json()["detail"]) == (language == "zh-CN")
    after = await assessment.get("leading", f"results/{before['id']}")
    assert (after["score"], after["state"]) == (before["score"], "final")
