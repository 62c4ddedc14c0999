"""Ranking and rewards of a campaign: from final results, granted once, told to the treasury once."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.gateway.assessment.campaigns.models import Campaign
from services.gateway.assessment.results.models import Result
from services.gateway.assessment.rewards import commands
from services.gateway.assessment.rewards import routes as reward_routes
from shared.contracts.assessment import RewardsGranted
from shared.contracts.subscriptions import REWARDS_GRANTED
from shared.db.database import Database
from shared.events.models import OutboxEvent
from shared.kernel.ids import new_id
from shared.procedures.acting import Act
from tests.services.gateway.assessment.conftest import DOCUMENT, TODAY, Announced, Assessment

SCHEME = {
    "budget": 100_000_01,
    "source_line": "2080208 基层政权建设和社区治理",
    "document": DOCUMENT,
}


async def concluded(
    assessment: Assessment, database: Database, *scores: int | None, state: str = "final"
) -> Announced:
    """A campaign whose three communities have these results."""
    await assessment.standard()
    announced = await assessment.campaign(database, await assessment.approved("police", "A1"))
    code = assessment.offices.code
    async with database.transaction(code) as session:
        campaign = await session.get_one(Campaign, (code, UUID(announced.id)))
        campaign.state = "concluded"
        for community, score in zip(assessment.offices.communities, scores, strict=True):
            session.add(
                Result(
                    district=code,
                    id=new_id(),
                    campaign_id=campaign.id,
                    community_id=community,
                    revision=1,
                    score=score,
                    exact=None if score is None else str(score),
                    assessed_weight=0 if score is None else 10_000,
                    vetoed=[],
                    rules=[],
                    state=state,
                    published_on=TODAY,
                    final_on=TODAY if state == "final" else None,
                )
            )
    return announced


async def told(database: Database, code: str) -> list[RewardsGranted]:
    """What the treasury is told."""
    async with database.transaction(code) as session:
        events = await session.scalars(
            select(OutboxEvent.data).where(OutboxEvent.type == REWARDS_GRANTED)
        )
        return [RewardsGranted.model_validate(one) for one in events]


async def test_ranks_are_shared_by_ties_and_cite_their_rules(
    assessment: Assessment, gateway_database: Database
) -> None:
    announced = await concluded(assessment, gateway_database, 8500, 9200, 8500)
    found = await assessment.get("clerk", f"campaigns/{announced.id}/ranking")
    assert found["final"]
    assert [(one["rank"], one["grade"], one["score"]) for one in found["places"]] == [
        (1, "good", 9200),
        (2, "good", 8500),
        (2, "good", 8500),
    ]
    assert {rule["key"] for rule in found["rules"]} == {
        "inspection.grades",
        "inspection.excellent_share_max",
    }


async def test_a_ranking_that_is_not_final_is_the_offices_only(
    assessment: Assessment, gateway_database: Database
) -> None:
    announced = await concluded(assessment, gateway_database, 1, 2, 3, state="provisional")
    path = f"campaigns/{announced.id}/ranking"
    assert not (await assessment.get("leading", path))["final"]
    assert (await assessment.send("GET", "clerk", path)).status_code == 404


async def test_rewards_sum_to_the_budget_and_the_treasury_is_told_once(
    assessment: Assessment, gateway_database: Database
) -> None:
    announced = await concluded(assessment, gateway_database, 8500, 7000, 5000)
    path = f"campaigns/{announced.id}/rewards"
    shown = await assessment.done("leading", path, {**SCHEME, "dry_run": True})
    assert shown["granted_on"] is None
    assert (await assessment.send("GET", "leading", path)).status_code == 404
    granted = await assessment.done("leading", path, SCHEME)
    assert granted["rewards"] == shown["rewards"]
    assert [(one["grade"], one["amount"]) for one in granted["rewards"]] == [
        ("good", 6_666_667),
        ("pass", 3_333_334),
        ("fail", 0),
    ]
    (event,) = await told(gateway_database, assessment.offices.code)
    assert sum(one.amount for one in event.rewards) == event.budget == SCHEME["budget"]
    assert len(event.rewards) == 2
    again = await assessment.post("leading", path, SCHEME)
    assert (again.status_code, again.json()["code"]) == (409, "rewards_granted")


async def test_a_community_sees_its_own_reward_only(
    assessment: Assessment, gateway_database: Database
) -> None:
    announced = await concluded(assessment, gateway_database, 8500, 7000, 5000)
    path = f"campaigns/{announced.id}/rewards"
    await assessment.done("leading", path, SCHEME)
    own = await assessment.get("clerk", path)
    assert [UUID(one["community_id"]) for one in own["rewards"]] == [
        assessment.offices.communities[0]
    ]
    assert (await assessment.send("GET", "police", path)).status_code == 403


async def grant_at_once(assessment: Assessment, announced: Announced) -> list[Any]:
    """Five grants of one campaign at the same time."""
    path = f"campaigns/{announced.id}/rewards"
    return await asyncio.gather(*(assessment.post("leading", path, SCHEME) for _ in range(5)))


async def test_of_grants_at_once_exactly_one_is_made(
    assessment: Assessment, gateway_database: Database
) -> None:
    announced = await concluded(assessment, gateway_database, 8500, 7000, 5000)
    answers = await grant_at_once(assessment, announced)
    assert Counter(one.status_code for one in answers) == {201: 1, 409: 4}
    assert len(await told(gateway_database, assessment.offices.code)) == 1


async def test_without_row_lock_and_constraint_rewards_would_be_granted_more_than_once(
    assessment: Assessment, gateway_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced = await concluded(assessment, gateway_database, 8500, 7000, 5000)
    together, stored = asyncio.Barrier(5), []

    async def unlocked(act: Act, id: UUID) -> tuple[Act, Campaign]:
        query = select(Campaign).where(Campaign.id == id)
        found = (await act.session.scalars(query)).one()
        await together.wait()
        return act, found

    async def unguarded(*_args: Any) -> None:
        stored.append(1)

    monkeypatch.setattr(reward_routes, "acting_on", unlocked)
    monkeypatch.setattr(commands, "_store", unguarded)
    await grant_at_once(assessment, announced)
    assert len(stored) > 1


@pytest.mark.parametrize(
    ("scores", "state", "changed", "code"),
    [
        ((8500, 7000, 5000), "provisional", {}, "results_not_final"),
        ((1000, 2000, None), "final", {}, "nobody_rewarded"),
    ],
)
async def test_nothing_is_granted_before_its_time_or_to_nobody(
    assessment: Assessment,
    gateway_database: Database,
    scores: tuple[int | None, ...],
    state: str,
    changed: dict[str, Any],
    code: str,
) -> None:
    announced = await concluded(assessment, gateway_database, *scores, state=state)
    body = {**SCHEME, **changed}
    answer = await assessment.post("leading", f"campaigns/{announced.id}/rewards", body)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert await told(gateway_database, assessment.offices.code) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"budget": 0},
        {"budget": -1},
        {"budget": 1.5},
        {"weights": {"excellent": 1, "good": 2, "pass": 3}},
        {"basis": "luck"},
        {"document": ""},
    ],
)
async def test_a_scheme_that_cannot_be_is_named(
    assessment: Assessment, gateway_database: Database, changed: dict[str, Any]
) -> None:
    announced = await concluded(assessment, gateway_database, 8500, 7000, 5000)
    body = {**SCHEME, **changed}
    answer = await assessment.post("leading", f"campaigns/{announced.id}/rewards", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(f"/{next(iter(changed))}")
