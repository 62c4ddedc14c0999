"""Rewards of a campaign as the workstation's funding takes them in and pays them."""

import asyncio
from typing import Any

from cloudevents.core.v1.event import CloudEvent

from services.workstation.funding.events import take_in_rewards
from shared.kernel.ids import new_id
from tests.services.workstation.funding.conftest import Treasury


def rewarded(treasury: Treasury, **changed: Any) -> CloudEvent:
    """What the gateway tells: 300.01 yuan for the first two communities."""
    data = {
        "campaign_id": str(new_id()),
        "title": "2026年度社区综合考核",
        "budget": 30001,
        "source_line": "2080208 基层政权建设和社区治理",
        "document": "沙社建组〔2026〕20号",
        "granted_on": "2026-03-01",
        "rewards": [
            {"reward_id": str(new_id()), "community_id": str(community), "amount": amount}
            for community, amount in zip(treasury.small.communities, (20001, 10000), strict=False)
        ],
        **changed,
    }
    attributes = {"id": str(new_id()), "source": "/gateway", "type": "t", "specversion": "1.0"}
    return CloudEvent(attributes, data)


async def take_in(treasury: Treasury, event: CloudEvent) -> None:
    """The workstation hears of it."""
    async with treasury.database.transaction(treasury.small.code) as session:
        await take_in_rewards(session, treasury.small.code, event)


async def rewards(treasury: Treasury) -> list[dict[str, Any]]:
    """Appropriations for rewards."""
    found = await treasury.get("appropriations?source=reward")
    return list(found["items"])


async def test_a_budget_is_appropriated_and_payable_to_each_community(treasury: Treasury) -> None:
    await take_in(treasury, rewarded(treasury))
    (row,) = await rewards(treasury)
    assert (row["granted"], row["available"], row["payable"]) == (30001, 0, 30001)
    community = str(treasury.small.communities[0])
    body = {
        "appropriation_id": row["id"],
        "community_id": community,
        "amount": 20001,
        "payee": "社区工作站",
        "purpose": "综合考核奖励",
    }
    over = await treasury.post("payments", {**body, "amount": 20002})
    assert (over.status_code, over.json()["code"]) == (409, "funds_short")
    made = await treasury.post("payments", body)
    assert made.status_code == 201, made.text
    assert made.json()["paid_from"] == "payable"
    paid = await treasury.post(f"payments/{made.json()['id']}/approval", by=treasury.approver)
    assert paid.json()["state"] == "paid"
    (row,) = await rewards(treasury)
    assert (row["payable"], row["paid"]) == (10000, 20001)


async def test_told_again_or_at_once_a_campaign_is_rewarded_once(treasury: Treasury) -> None:
    event = rewarded(treasury)
    await asyncio.gather(*(take_in(treasury, event) for _ in range(5)))
    await take_in(treasury, event)
    (row,) = await rewards(treasury)
    assert (row["granted"], row["payable"]) == (30001, 30001)
    entries = (await treasury.get(f"entries?appropriation_id={row['id']}"))["items"]
    assert sorted(one["kind"] for one in entries) == ["appropriation", "award", "award"]


async def test_a_statement_holds_the_reward_of_each_community(treasury: Treasury) -> None:
    await take_in(treasury, rewarded(treasury))
    found = await treasury.get("statement?year=2026&by=source")
    (row,) = [one for one in found["rows"] if one["key"] == "reward"]
    assert (row["granted"], row["payable"]) == (30001, 30001)
    assert found["reconciliation"] == 0
