"""One current entry for an element, subject and period, under many hands at once."""

import asyncio
from collections import Counter
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger import asking, cataloguing, closing, recording
from services.workstation.ledger.models import LedgerQuestion
from shared.kernel.ids import new_id
from tests.services.workstation.ledger.conftest import TODAY, Ledger
from tests.support.databases import Databases
from tests.support.racing import read_together, waits_or_ends

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
    monkeypatch.setattr(cataloguing, "one_at_a_time", _no_lock)
    read_together(monkeypatch, cataloguing, "_alike", 4)
    assert await _catalogue_at_once(ledger) == {201: 4}


FORM = {
    "title": "三季度情况表",
    "purpose": "补贴测算",
    "elements": [{"element": "elderly", "period": "2026-Q3"}],
}


async def test_forms_sent_at_once_ask_each_value_once(ledger: Ledger) -> None:
    await ledger.element()
    answers = await asyncio.gather(
        *(ledger.post("forms", FORM, by=ledger.department(new_id())) for _ in range(5))
    )
    assert [answer.status_code for answer in answers] == [201] * 5
    asked = sorted(answer.json()["asked"] for answer in answers)
    assert asked == [0, 0, 0, 0, 3]
    assert len((await ledger.get("questions"))["items"]) == 3


async def test_without_waiting_for_one_another_forms_would_collide_at_the_index(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "asking_lock", _no_lock)
    read_together(monkeypatch, asking, "_open", 5)
    await ledger.element()
    answers = await asyncio.gather(
        *(ledger.post("forms", FORM, by=ledger.department(new_id())) for _ in range(5))
    )
    assert Counter(answer.status_code for answer in answers)[201] < 5
    assert len((await ledger.get("questions"))["items"]) == 3


async def _no_lock(_session: AsyncSession, _district: str) -> None:
    return None


async def _entered_while_a_form_is_planned(ledger: Ledger) -> tuple[int, int]:
    """An entry that comes while a form that found none is not committed yet: the open questions
    afterwards, and the entries."""
    element = (await ledger.element())["id"]
    code, community = ledger.small.code, ledger.small.communities[0]
    async with ledger.database.transaction(code) as session:
        await closing.asking_lock(session, code)
        session.add(
            LedgerQuestion(
                district=code,
                element_id=UUID(element),
                community_id=community,
                period="2026-Q3",
                asked_on=TODAY,
                due_on=TODAY,
            )
        )
        await session.flush()
        entering = asyncio.create_task(
            ledger.post("entries", ledger.value(), by=ledger.small.staff())
        )
        await waits_or_ends(entering, ledger.database, code)
    assert (await entering).status_code == 201
    open_now = (await ledger.get("questions"))["items"]
    return len(open_now), len((await ledger.get("entries"))["items"])


async def test_a_value_entered_while_it_is_being_asked_for_answers_the_question(
    ledger: Ledger,
) -> None:
    assert await _entered_while_a_form_is_planned(ledger) == (0, 1)


async def test_without_the_recording_lock_the_question_would_stay_open(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "recording_lock", _no_lock)
    assert await _entered_while_a_form_is_planned(ledger) == (1, 1)


async def test_one_question_answered_by_many_at_once_has_one_answer(ledger: Ledger) -> None:
    await ledger.element()
    here = {"communities": [str(ledger.small.communities[0])]}
    form = await ledger.post("forms", {**FORM, **here}, by=ledger.department())
    question = (await ledger.get("questions"))["items"][0]["id"]
    answers = await asyncio.gather(
        *(
            ledger.post(
                "questions/answers",
                {"answers": [{"question_id": question, "value": value}]},
                by=ledger.small.staff(),
            )
            for value in range(5)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 4}
    found = await ledger.get(f"forms/{form.json()['id']}")
    assert (found["state"], found["remaining"]) == ("filled", 0)


async def test_a_form_whose_values_come_at_once_from_all_sides_is_filled(ledger: Ledger) -> None:
    await ledger.element()
    form = await ledger.post("forms", FORM, by=ledger.department())
    made = await asyncio.gather(
        *(
            ledger.post("entries", ledger.value(place, place), by=ledger.small.staff(place))
            for place in range(3)
        )
    )
    assert [answer.status_code for answer in made] == [201] * 3
    found = await ledger.get(f"forms/{form.json()['id']}")
    assert (found["state"], found["remaining"]) == ("filled", 0)


async def test_answers_to_several_forms_in_whatever_order_never_block_one_another(
    ledger: Ledger,
) -> None:
    await ledger.element()
    await ledger.element("parking", unit=None)
    forms = []
    for element in ("elderly", "parking"):
        body = {**FORM, "elements": [{"element": element, "period": "2026-Q3"}]}
        forms.append((await ledger.post("forms", body, by=ledger.department())).json()["id"])
    tries = []
    for place in range(3):
        mine = (await ledger.get("questions", by=ledger.small.staff(place)))["items"]
        mine.sort(key=lambda one: one["element"], reverse=place % 2 == 1)
        told = {"answers": [{"question_id": one["id"], "value": 1} for one in mine]}
        tries.append(ledger.post("questions/answers", told, by=ledger.small.staff(place)))
    answers = await asyncio.gather(*tries)
    assert [answer.status_code for answer in answers] == [201] * 3
    for form in forms:
        assert (await ledger.get(f"forms/{form}"))["state"] == "filled"
