"""Decisions at once: one request has one, and limits hold over requests approved together."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.requests import deciding, repository
from services.gateway.assessment.requests.models import Request
from tests.services.gateway.assessment.conftest import DOCUMENT, Assessment
from tests.support.racing import read_together

RULE = "inspection.comprehensive_per_department_per_year_max"


async def _no_lock(_session: AsyncSession, _request: Request) -> None:
    return None


async def decide_at_once(assessment: Assessment, id: str) -> list[Any]:
    """Approvals and rejections of one request at the same time."""
    outcomes = [{"outcome": "approval", "document": DOCUMENT}] * 3
    outcomes += [{"outcome": "rejection", "reason": "重复"}] * 3
    return await asyncio.gather(
        *(assessment.post("leading", f"requests/{id}/decision", body) for body in outcomes)
    )


async def test_of_decisions_at_once_exactly_one_is_taken(assessment: Assessment) -> None:
    await assessment.standard()
    made = await assessment.submitted("police", "A1")
    answers = await decide_at_once(assessment, made["id"])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 5}
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "step_not_possible"
            assert "The state is" in answer.json()["detail"]
    steps = await assessment.get("police", f"requests/{made['id']}/history")
    assert len(steps) == 2


async def test_without_the_row_lock_a_request_would_be_decided_more_than_once(
    assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    await assessment.standard()
    made = await assessment.submitted("police", "A1")
    together = asyncio.Barrier(6)

    async def unlocked(session: AsyncSession, _reach: Any, id: Any) -> Request:
        found = (await session.scalars(select(Request).where(Request.id == id))).one()
        await together.wait()
        return found

    monkeypatch.setattr(repository, "locked", unlocked)
    answers = await decide_at_once(assessment, made["id"])
    assert sum(answer.status_code == 200 for answer in answers) > 1


async def the_refused_of(assessment: Assessment, made: list[dict[str, Any]]) -> Any:
    """The problem of the only one that is not approved of those decided at once."""
    answers = await asyncio.gather(*(assessment.decide(one["id"]) for one in made))
    assert Counter(answer.status_code for answer in answers) == {200: len(made) - 1, 409: 1}
    return next(answer.json() for answer in answers if answer.status_code == 409)


async def two_alike(assessment: Assessment) -> list[dict[str, Any]]:
    """Two requests of a department for the same item, communities and window, neither decided."""
    await assessment.standard()
    made = [await assessment.submitted("police", "A1") for _ in range(2)]
    assert [one["state"] for one in made] == ["with_leading_group"] * 2
    return made


async def test_two_overlapping_requests_of_a_department_are_not_both_approved(
    assessment: Assessment,
) -> None:
    made = await two_alike(assessment)
    refused = await the_refused_of(assessment, made)
    assert refused["code"] == "already_approved"
    assert "3 of its (item, community) pairs" in refused["detail"]
    assert refused["rules"][0]["key"] == "inspection.shared_results"
    found = [await assessment.get("police", f"requests/{one['id']}") for one in made]
    assert {(one["state"], one["document"]) for one in found} == {
        ("approved", DOCUMENT),
        ("with_leading_group", None),
    }


async def test_without_waiting_for_each_other_overlapping_ones_would_both_be_approved(
    assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await two_alike(assessment)
    monkeypatch.setattr(deciding, "lock_limits", _no_lock)
    read_together(monkeypatch, repository, "earlier", 2)
    answers = await asyncio.gather(*(assessment.decide(one["id"]) for one in made))
    assert [answer.status_code for answer in answers] == [200, 200]


async def two_comprehensive(assessment: Assessment) -> list[dict[str, Any]]:
    """Two comprehensive requests of a department before the Leading Group, under a rule that was
    tightened to one after they were submitted."""
    await assessment.standard()
    offices = assessment.offices
    path = f"/v1/rules/{RULE}/overrides"
    wide = await offices.gateway.post(
        path,
        json={
            "value": 2,
            "in_force_from": "2026-01-01",
            "document": DOCUMENT,
            "decided_on": "2026-01-01",
        },
        headers=offices.who("leading"),
    )
    assert wide.status_code == 201, wide.text
    made = [await assessment.submitted("police", code, comprehensive=True) for code in ("A1", "A3")]
    assert [one["state"] for one in made] == ["with_leading_group"] * 2
    withdrawn = await offices.gateway.post(
        f"{path}/{wide.json()['id']}/withdrawal",
        json={"reason": "录入有误"},
        headers=offices.who("leading"),
    )
    assert withdrawn.status_code == 200, withdrawn.text
    return made


async def test_two_comprehensive_inspections_are_not_both_approved(assessment: Assessment) -> None:
    refused = await the_refused_of(assessment, await two_comprehensive(assessment))
    assert refused["code"] == "comprehensive_limit"
    assert refused["rules"][0]["key"] == RULE


async def test_without_waiting_for_each_other_both_would_be_approved(
    assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await two_comprehensive(assessment)
    monkeypatch.setattr(deciding, "lock_limits", _no_lock)
    read_together(monkeypatch, repository, "comprehensive_references", 2)
    answers = await asyncio.gather(*(assessment.decide(one["id"]) for one in made))
    assert [answer.status_code for answer in answers] == [200, 200]
