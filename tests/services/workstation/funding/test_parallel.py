"""Money under many hands at once: never more than was appropriated."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding import public
from services.workstation.funding.models import Appropriation
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from tests.services.workstation.funding.conftest import Treasury
from tests.support.racing import read_together


async def _approve_all(treasury: Treasury, payments: list[dict[str, Any]]) -> Counter[int]:
    answers = await asyncio.gather(
        *(treasury.post(f"payments/{one['id']}/approval", by=treasury.approver) for one in payments)
    )
    return Counter(answer.status_code for answer in answers)


async def test_payments_at_once_never_exceed_what_was_appropriated(treasury: Treasury) -> None:
    await treasury.grant()
    row = await treasury.first()
    made = [
        (await treasury.post("payments", treasury.payment(row, 800_000))).json() for _ in range(6)
    ]
    assert await _approve_all(treasury, made) == {200: 2, 409: 4}
    after = await treasury.first()
    assert (after["available"], after["paid"]) == (400_000, 1_600_000)


async def test_one_payment_approved_twice_at_once_is_paid_once(treasury: Treasury) -> None:
    await treasury.grant()
    made = (await treasury.post("payments", treasury.payment(await treasury.first(), 100))).json()
    assert await _approve_all(treasury, [made] * 5) == {200: 1, 409: 4}
    assert (await treasury.first())["paid"] == 100


async def _reserve_at_once(treasury: Treasury, item: UUID, times: int) -> list[Any]:
    return await asyncio.gather(
        *(treasury.reserve(item, new_id()) for _ in range(times)), return_exceptions=True
    )


async def test_reservations_at_once_never_exceed_the_items_money(treasury: Treasury) -> None:
    item, _ = await treasury.item(3000)
    results = await _reserve_at_once(treasury, item, 8)
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 5
    assert all(isinstance(error, Conflict) for error in refused)


async def test_without_the_row_lock_journal_and_balance_would_part(
    treasury: Treasury, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unlocked(session: AsyncSession, *conditions: Any) -> Appropriation:
        return (await session.scalars(select(Appropriation).where(*conditions))).one()

    item, _ = await treasury.item(3000)
    monkeypatch.setattr(public, "locked", unlocked)
    read_together(monkeypatch, public, "locked", 8)
    results = await _reserve_at_once(treasury, item, 8)
    done = sum(not isinstance(result, Exception) for result in results)
    async with treasury.database.read(treasury.small.code) as session:
        reserved = await session.scalar(text("SELECT reserved FROM appropriation"))
    assert reserved != done * 1000


async def test_nothing_is_posted_into_a_year_that_is_being_closed(treasury: Treasury) -> None:
    await treasury.grant(granted_on="2025-12-30", year=2025)
    grants = [
        treasury.post(
            "appropriations",
            {
                "source": "per_post",
                "year": 2025,
                "document": f"补拨{number}",
                "source_line": "2080208",
                "granted_on": "2025-12-31",
            },
        )
        for number in range(3)
    ]
    answers = await asyncio.gather(treasury.post("years/2025/closing"), *grants)
    closed = (await treasury.get("years"))["items"][0]["closed_on"]
    assert (answers[0].status_code, closed is None) == (200, False)
    late = (await treasury.get("entries?since=2025-12-31&until=2026-01-01"))["items"]
    assert len(late) == sum(answer.json().get("total_added", 0) > 0 for answer in answers[1:])
