"""Figures of approved tasks become entries."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.workstation.ledger import public
from shared.audit.record import Actor
from shared.kernel.errors import Invalid
from shared.kernel.ids import new_id
from tests.services.workstation.ledger.conftest import TODAY, Ledger


async def record_from_task(
    ledger: Ledger, figures: dict[str, Any], on: date = TODAY
) -> dict[str, Any]:
    """What tasks do when the health bureau approves one of the first community."""
    async with ledger.database.transaction(ledger.small.code) as session:
        return await public.record_from_task(
            session,
            Actor.platform(ledger.small.code),
            task_id=new_id(),
            community_id=ledger.small.communities[0],
            department_id=ledger.health,
            figures=figures,
            on=on,
            today=TODAY,
        )


async def test_an_approved_figure_is_entered_for_the_period_of_the_day(ledger: Ledger) -> None:
    await ledger.element()
    made = await record_from_task(ledger, {"elderly": 412, "unknown": 1})
    assert list(made) == ["elderly"]
    row = (await ledger.get("entries"))["items"][0]
    assert (row["period"], row["value"], row["source"]) == ("2026-Q4", 412, "task")
    assert row["task_id"] is not None


async def test_a_figure_corrects_what_stood_before(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.entry(400, period="2026-Q4")
    made = await record_from_task(ledger, {"elderly": 412})
    history = await ledger.get(f"entries/{made['elderly']}/history")
    assert [row["value"] for row in history] == [412, 400]


async def test_what_another_department_owns_is_left_alone(ledger: Ledger) -> None:
    await ledger.element(owner=ledger.owned_by(ledger.civil))
    await ledger.element("pets", scope="household", unit="只")
    assert await record_from_task(ledger, {"elderly": 412, "pets": 1}) == {}


async def test_a_figure_that_does_not_fit_is_named_and_nothing_is_entered(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.element("parking", unit=None)
    with pytest.raises(Invalid) as refused:
        await record_from_task(ledger, {"elderly": "许多", "parking": 3})
    assert [issue.pointer for issue in refused.value.issues] == ["/figures/elderly"]
    assert (await ledger.get("entries"))["items"] == []


async def test_a_figure_of_an_earlier_day_does_not_undo_what_was_recorded_since(
    ledger: Ledger,
) -> None:
    await ledger.element()
    await ledger.entry(400, period="2026-Q4")
    assert await record_from_task(ledger, {"elderly": 412}, TODAY - timedelta(days=3)) == {}
    assert [row["value"] for row in (await ledger.get("entries"))["items"]] == [400]
