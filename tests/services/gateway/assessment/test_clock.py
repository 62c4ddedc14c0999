"""A demonstration goes by a clock of its own, from its requests to its rewards; what is real goes by
the calendar."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.standards import repository
from services.gateway.assessment.standards.models import Standard
from shared.web.app import ServiceApplication
from tests.services.gateway.assessment.conftest import (
    DOCUMENT,
    TODAY,
    Assessment,
    finding,
    item,
)
from tests.services.gateway.assessment.deployments import Deployment, deployment

__all__ = ["deployment"]
START = date(2025, 3, 3)
"""A Monday, a year before the tests' calendar day."""


@pytest.fixture
def switched_off(gateway_api: ServiceApplication) -> Iterator[None]:
    """A platform without demonstrations."""
    kept = gateway_api.state.settings
    gateway_api.state.settings = kept.model_copy(update={"demo_assessments": False})
    yield
    gateway_api.state.settings = kept


async def demonstration(assessment: Assessment, day: date = START) -> dict[str, Any]:
    """A demonstration's standard in force."""
    made = await assessment.draft([item("B1", 10_000)], demo_today=str(day))
    found: dict[str, Any] = await assessment.publish(made["id"])
    return found


async def moved(assessment: Assessment, id: str, day: date | None) -> Any:
    """The answer to moving a clock."""
    return await assessment.post(
        "leading", f"standards/{id}/demo-clock", {"today": str(day) if day else None}
    )


@pytest.mark.usefixtures("switched_off")
async def test_where_it_is_switched_off_a_demonstration_is_refused(assessment: Assessment) -> None:
    body = {"code": "unified", "title": "演示", "demo_today": str(START)}
    answer = await assessment.post("leading", "standards", body)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["code"], error["pointer"]) == ("no_demonstrations", "/demo_today")
    real = await assessment.draft([item("B1", 10_000)])
    assert (real["demo"], real["demo_today"]) == (False, None)


async def test_a_real_standard_has_no_clock_and_none_is_put_over_it(assessment: Assessment) -> None:
    real = await assessment.standard([item("B1", 10_000)])
    answer = await moved(assessment, real["id"], TODAY)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_demonstration")
    body = {"code": "unified", "title": "演示", "demo_today": str(START)}
    over = await assessment.post("leading", "standards", body)
    assert over.status_code == 422
    assert [one["code"] for one in over.json()["errors"]] == ["standard_has_versions"]


async def test_the_clock_only_goes_forward(assessment: Assessment) -> None:
    made = await demonstration(assessment)
    assert (made["demo"], made["demo_today"], made["published_on"]) == (
        True, str(START), str(START),
    )  # fmt: skip
    back = await moved(assessment, made["id"], START - timedelta(days=1))
    assert back.status_code == 422
    assert [(one["code"], one["pointer"]) for one in back.json()["errors"]] == [
        ("clock_backwards", "/today")
    ]
    assert (await moved(assessment, made["id"], START)).status_code == 200
    later = await moved(assessment, made["id"], START + timedelta(days=1))
    assert later.json()["demo_today"] == str(START + timedelta(days=1))
    assert later.headers["etag"] == f'"v{later.json()["version"]}"'


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_a_day_that_no_clock_shows_is_refused(assessment: Assessment, day: str) -> None:
    body = {"code": "unified", "title": "演示", "demo_today": day}
    answer = await assessment.post("leading", "standards", body)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/demo_today"]
    made = await demonstration(assessment)
    answer = await assessment.post("leading", f"standards/{made['id']}/demo-clock", {"today": day})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/today"]


async def test_let_go_it_goes_by_the_calendar_for_good(assessment: Assessment) -> None:
    ahead = await demonstration(assessment, TODAY + timedelta(days=1))
    early = await moved(assessment, ahead["id"], None)
    assert [one["code"] for one in early.json()["errors"]] == ["clock_backwards"]
    body = {"code": "caught-up", "title": "演示", "demo_today": str(TODAY)}
    caught_up = await assessment.done("leading", "standards", body)
    gone = await moved(assessment, caught_up["id"], None)
    assert (gone.json()["demo"], gone.json()["demo_today"]) == (True, None)
    again = await moved(assessment, caught_up["id"], TODAY + timedelta(days=9))
    assert (again.status_code, again.json()["code"]) == (409, "no_demonstration")


async def test_all_versions_of_a_standard_go_by_one_clock(assessment: Assessment) -> None:
    made = await demonstration(assessment)
    following = await assessment.draft([], title="演示第二版", based_on=made["id"])
    assert (following["demo"], following["demo_today"]) == (True, str(START))
    day = START + timedelta(days=30)
    assert (await moved(assessment, following["id"], day)).status_code == 200
    seen = await assessment.get("leading", f"standards/{made['id']}")
    assert seen["demo_today"] == str(day)


async def day_of(assessment: Assessment, id: str) -> date:
    """Where a clock stands."""
    found = await assessment.get("leading", f"standards/{id}")
    return date.fromisoformat(found["demo_today"])


async def test_moved_by_two_at_once_it_stands_at_the_later_day(assessment: Assessment) -> None:
    made = await demonstration(assessment)
    for at in (10, 20, 30):
        earlier, later = START + timedelta(days=at - 5), START + timedelta(days=at)
        await asyncio.gather(
            moved(assessment, made["id"], later), moved(assessment, made["id"], earlier)
        )
        assert await day_of(assessment, made["id"]) == later


async def test_without_the_row_locks_a_clock_would_go_back(
    assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await demonstration(assessment)
    read, goes_on = asyncio.Event(), asyncio.Event()

    async def unlocked(session: AsyncSession, id: UUID) -> list[Standard]:
        found = list(await session.scalars(select(Standard).where(Standard.id == id)))
        if not read.is_set():
            read.set()
            await goes_on.wait()
        return found

    monkeypatch.setattr(repository, "locked_versions", unlocked)
    earlier = asyncio.create_task(moved(assessment, made["id"], START + timedelta(days=1)))
    await read.wait()
    later = await moved(assessment, made["id"], START + timedelta(days=5))
    goes_on.set()
    assert (later.status_code, (await earlier).status_code) == (200, 200)
    assert await day_of(assessment, made["id"]) == START + timedelta(days=1)


async def test_a_request_is_asked_screened_and_decided_on_the_demonstrations_day(
    assessment: Assessment,
) -> None:
    await demonstration(assessment)
    window = {
        "starts_on": str(START + timedelta(days=30)),
        "ends_on": str(START + timedelta(days=60)),
    }
    made = await assessment.approved("police", "B1", **window)
    assert (made["submitted_on"], made["decided_on"]) == (str(START), str(START))
    waiting = await assessment.submitted("health", "B1", **window)
    assert (waiting["due_on"], waiting["overdue"]) == ("2025-03-17", False)
    standard = waiting["standard_id"]
    await moved(assessment, standard, date(2025, 3, 18))
    [late] = (await assessment.get("leading", "requests?overdue=true"))["items"]
    assert (late["id"], late["overdue"]) == (waiting["id"], True)
    await moved(assessment, standard, START + timedelta(days=30))
    begun = await assessment.decide(waiting["id"])
    assert (begun.status_code, begun.json()["code"]) == (409, "window_begun")


async def test_a_whole_campaign_is_played_by_its_clock(deployment: Deployment) -> None:
    assessment = deployment.assessment
    deployment.clock = START
    ids = await deployment.requests((21, 30))
    campaign = await deployment.begun(*ids)
    announced = await deployment.announced(campaign)
    assert (announced["demo"], announced["demo_today"]) == (True, str(START))
    assert announced["announced_on"] == str(START)
    visits = await deployment.visits(campaign)
    assert {one["on_day"] for one in visits} <= {
        str(START + timedelta(days=n)) for n in range(21, 30)
    }
    standard = announced["standard_id"]
    first, last = visits[0], date.fromisoformat(visits[-1]["on_day"])
    seen = f"{first['on_day']}T09:00:00+08:00"
    [early] = await assessment.find("police", first["id"], finding("B1", 1, observed_at=seen))
    assert [one["code"] for one in early["issues"]] == ["observed_at_impossible"]
    outstanding = await assessment.post("leading", f"campaigns/{campaign}/results")
    assert outstanding.json()["code"] == "visits_outstanding"
    await moved(assessment, standard, last)
    for at, visit in enumerate(visits):
        seen = f"{visit['on_day']}T09:00:00+08:00"
        found = finding("B1", int(at > 0), observed_at=seen)
        [told] = await assessment.find("police", visit["id"], found)
        assert told["outcome"] == "recorded"
    await assessment.done("leading", f"campaigns/{campaign}/results")
    results = (await assessment.get("leading", f"campaigns/{campaign}/results"))["items"]
    assert {one["published_on"] for one in results} == {str(last)}
    await assessment.enrol("assessed", "workstation_staff", UUID(results[0]["community_id"]))
    objection = {"items": ["B1"], "reason": "当日停电"}
    await moved(assessment, standard, date.fromisoformat(results[0]["due_on"]))
    await assessment.done("assessed", f"results/{results[0]['id']}/objection", objection)
    await moved(assessment, standard, date.fromisoformat(results[0]["due_on"]) + timedelta(days=1))
    late = await assessment.post("assessed", f"results/{results[1]['id']}/objection", objection)
    assert late.status_code == 404
    await assessment.enrol("neighbour", "workstation_staff", UUID(results[1]["community_id"]))
    late = await assessment.post("neighbour", f"results/{results[1]['id']}/objection", objection)
    assert late.json()["code"] == "objection_too_late"
    review = {"outcome": "dismissal", "reply": "记录完整"}
    await assessment.done("leading", f"results/{results[0]['id']}/review", review)
    ended = await assessment.done("leading", f"campaigns/{campaign}/results/finalisation")
    assert ended == {"finalised": len(results) - 1, "open": 0, "objected": 0}
    scheme = {
        "budget": 100_000,
        "basis": "grade",
        "weights": {"excellent": 3, "good": 2, "pass": 0},
        "source_line": "2080208 基层政权建设",
        "document": DOCUMENT,
    }
    rewarded = await assessment.done("leading", f"campaigns/{campaign}/rewards", scheme)
    day = date.fromisoformat(results[0]["due_on"]) + timedelta(days=1)
    assert rewarded["granted_on"] == str(day)
    assert sum(one["amount"] for one in rewarded["rewards"]) == 100_000


async def test_what_a_demonstration_found_is_shared_from_its_day_on(
    deployment: Deployment,
) -> None:
    assessment = deployment.assessment
    deployment.clock = START
    campaign = await deployment.begun(*await deployment.requests((21, 30)))
    standard = (await deployment.announced(campaign))["standard_id"]
    visits = await deployment.visits(campaign)
    await moved(assessment, standard, date.fromisoformat(visits[-1]["on_day"]))
    for visit in visits:
        found = finding("B1", 1, observed_at=f"{visit['on_day']}T09:00:00+08:00")
        await assessment.find("police", visit["id"], found)
    await assessment.done("leading", f"campaigns/{campaign}/results")
    [one, *_] = (await assessment.get("leading", f"campaigns/{campaign}/results"))["items"]
    day = date.fromisoformat(one["due_on"]) + timedelta(days=1)
    await moved(assessment, standard, day)
    await assessment.done("leading", f"campaigns/{campaign}/results/finalisation")
    window = {
        "starts_on": str(day + timedelta(days=30)),
        "ends_on": str(day + timedelta(days=60)),
    }
    asked = await assessment.submitted("health", "B1", **window)
    assert asked["verdicts"] == {"shared": 3, "from_ledger": 0, "needs_visit": 0, "refused": 0}
