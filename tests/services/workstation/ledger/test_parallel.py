"""One current entry for an element, subject and period, under many hands at once."""

import asyncio
from collections import Counter

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger import cataloguing
from tests.services.workstation.ledger.conftest import Ledger
from tests.support.databases import Databases

INDEX = (
    "CREATE UNIQUE INDEX ledger_entry_current_idx ON workstation.ledger_entry "
    "(district, element_id, subject_id, period) WHERE ended_on IS NULL"
)


async def _enter_at_once(ledger: Ledger) -> Counter[int]:
    answers = await asyncio.gather(
        *(
            ledger.post("entries", ledger.value(value), by=ledger.small.staff())
            for value in range(6)
        )
    )
    return Counter(answer.status_code for answer in answers)


async def test_a_value_entered_by_many_at_once_is_entered_once(ledger: Ledger) -> None:
    await ledger.element()
    assert await _enter_at_once(ledger) == {201: 1, 409: 5}
    assert len((await ledger.get("entries"))["items"]) == 1


async def test_without_the_index_several_would_stand(ledger: Ledger, databases: Databases) -> None:
    await ledger.element()
    owner = await asyncpg.connect(databases.server.superuser_dsn())
    try:
        await owner.execute("DROP INDEX workstation.ledger_entry_current_idx")
        await _enter_at_once(ledger)
        assert len((await ledger.get("entries"))["items"]) > 1
    finally:
        await owner.execute(
            "DELETE FROM workstation.ledger_entry WHERE district = $1", ledger.small.code
        )
        await owner.execute(INDEX)
        await owner.close()


async def _correct_at_once(ledger: Ledger, entry: str) -> Counter[int]:
    answers = await asyncio.gather(
        *(
            ledger.post(
                f"entries/{entry}/correction",
                {"value": value, "reason": "核实"},
                by=ledger.small.staff(),
            )
            for value in range(6)
        )
    )
    return Counter(answer.status_code for answer in answers)


async def test_an_entry_corrected_by_many_at_once_has_one_successor(ledger: Ledger) -> None:
    await ledger.element()
    made = await ledger.entry()
    assert await _correct_at_once(ledger, made["id"]) == {201: 1, 409: 5}
    history = await ledger.get(f"entries/{made['id']}/history")
    assert len(history) == 2


async def test_what_an_entry_says_cannot_be_changed_by_the_service_at_all(
    ledger: Ledger, databases: Databases
) -> None:
    await ledger.element()
    await ledger.entry()
    service = await asyncpg.connect(
        databases.url("workstation").replace("+asyncpg", ""),
        server_settings={"search_path": "workstation"},
    )
    try:
        for statement in ("UPDATE ledger_entry SET value = '1'", "DELETE FROM ledger_entry"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await service.execute(statement)
    finally:
        await service.close()


async def _catalogue_at_once(ledger: Ledger) -> Counter[int]:
    answers = await asyncio.gather(
        *(
            ledger.post("elements", ledger.definition(code=f"elderly{number}"))
            for number in range(4)
        )
    )
    return Counter(answer.status_code for answer in answers)


async def test_of_those_that_catalogue_alike_at_once_one_is_taken(ledger: Ledger) -> None:
    assert await _catalogue_at_once(ledger) == {201: 1, 409: 3}


async def test_without_waiting_for_one_another_several_would_be_taken(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_session: AsyncSession, _district: str) -> None:
        return None

    monkeypatch.setattr(cataloguing, "one_at_a_time", at_once)
    assert (await _catalogue_at_once(ledger))[201] > 1
