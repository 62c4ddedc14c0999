"""Form requests: what is known is answered at once, the rest is asked once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.workstation.ledger.models import LedgerForm, LedgerQuestion
from shared.auth.principal import Role
from shared.kernel.ids import new_id
from tests.services.workstation.ledger.conftest import TODAY, Ledger, codes
from tests.services.workstation.ledger.test_tasks import record_from_task


async def ask(
    ledger: Ledger, *elements: str, by: dict[str, str] | None = None, **changed: Any
) -> dict[str, Any]:
    """A form of the health bureau's system for the third quarter."""
    body = {
        "title": "三季度情况表",
        "purpose": "补贴测算",
        "elements": [{"element": code, "period": "2026-Q3"} for code in elements or ("elderly",)],
        **changed,
    }
    made = await ledger.post("forms", body, by=by or ledger.department(ledger.health, client=True))
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def shown(ledger: Ledger, form: dict[str, Any]) -> dict[str, Any]:
    """The form as it is now."""
    found: dict[str, Any] = await ledger.get(f"forms/{form['id']}")
    return found


async def values(ledger: Ledger, form: dict[str, Any], **who: Any) -> list[Any]:
    """Its values in the order of communities."""
    found = await ledger.get(f"forms/{form['id']}/answers", **who)
    rows = sorted(found["items"], key=lambda row: row["community_name"])
    return [row["value"] for row in rows]


async def questions(ledger: Ledger, by: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """What is open."""
    found: list[dict[str, Any]] = (await ledger.get("questions", by=by))["items"]
    return found


def counts(form: dict[str, Any]) -> tuple[int, int, int, int]:
    """How its cells are filled, and what remains."""
    return form["from_ledger"], form["joined"], form["asked"], form["remaining"]


async def test_what_the_ledger_knows_is_answered_and_the_rest_is_asked(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.entry(412)
    form = await ask(ledger)
    assert (form["state"], counts(form)) == ("open", (1, 0, 2, 2))
    assert form["due_on"] == "2026-10-14"  # five working days, 10 October being one of them
    assert await values(ledger, form) == [412, None, None]
    open_now = await questions(ledger)
    assert {row["community_id"] for row in open_now} == {
        str(id) for id in ledger.small.communities[1:]
    }


async def test_a_form_of_which_all_is_known_is_filled_at_once(ledger: Ledger) -> None:
    await ledger.element()
    for place in range(3):
        await ledger.entry(place, place)
    form = await ask(ledger)
    assert (form["state"], form["filled_on"], counts(form)) == (
        "filled",
        "2026-10-08",
        (3, 0, 0, 0),
    )
    assert await questions(ledger) == []


async def test_several_forms_ask_each_value_once_and_one_answer_fills_them_all(
    ledger: Ledger,
) -> None:
    await ledger.element()
    here: Any = {"communities": [str(ledger.small.communities[0])]}
    first = await ask(ledger, **here)
    second = await ask(ledger, by=ledger.department(), **here)
    assert (counts(first), counts(second)) == ((0, 0, 1, 1), (0, 1, 0, 1))
    question = (await questions(ledger, ledger.small.staff()))[0]
    assert question["forms"] == 2
    answer = {"answers": [{"question_id": question["id"], "value": 412, "unit": "人"}]}
    made = await ledger.post("questions/answers", answer, by=ledger.small.staff())
    assert made.status_code == 201, made.text
    for form in (first, second):
        assert (await shown(ledger, form))["state"] == "filled"
        assert await values(ledger, form) == [412]
    again = await ledger.post("questions/answers", answer, by=ledger.small.staff())
    assert (again.status_code, codes(again)) == (409, ["question_closed"])


async def test_an_entry_by_whatever_way_answers_the_question(ledger: Ledger) -> None:
    await ledger.element()
    form = await ask(ledger)
    await ledger.entry(1, 0)
    by_task = await ask(ledger, elements=[{"element": "elderly"}])
    await record_from_task(ledger, {"elderly": 9})
    assert await values(ledger, form) == [1, None, None]
    assert await values(ledger, by_task) == [9, None, None]
    assert (await shown(ledger, by_task))["remaining"] == 2


async def test_a_value_that_no_longer_counts_is_asked_anew_and_answered_by_a_new_version(
    ledger: Ledger,
) -> None:
    await ledger.element(validity_days=30)
    old = await ledger.entry(400, recorded_on="2026-08-01")
    form = await ask(ledger, communities=[str(ledger.small.communities[0])])
    assert counts(form) == (0, 0, 1, 1)
    question = (await questions(ledger))[0]["id"]
    late = {"question_id": question, "value": 1, "recorded_on": "2026-08-02"}
    refused = await ledger.post("questions/answers", {"answers": [late]}, by=ledger.small.staff())
    assert codes(refused) == ["value_no_longer_counts"]
    made = await ledger.post(
        "questions/answers",
        {"answers": [{"question_id": question, "value": 401}]},
        by=ledger.small.staff(),
    )
    assert made.status_code == 201, made.text
    history = await ledger.get(f"entries/{old['id']}/history")
    assert [row["value"] for row in history] == [401, 400]
    assert await values(ledger, form) == [401]


async def test_answers_are_taken_all_or_none_and_each_fault_is_named(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.element("parking", unit=None)
    await ask(ledger, "elderly", "parking")
    mine = await questions(ledger, ledger.small.staff())
    told = [{"question_id": row["id"], "value": "许多"} for row in mine]
    refused = await ledger.post("questions/answers", {"answers": told}, by=ledger.small.staff())
    assert [error["pointer"] for error in refused.json()["errors"]] == [
        "/answers/0/value",
        "/answers/1/value",
    ]
    told[0]["value"] = "3"
    await ledger.post("questions/answers", {"answers": told}, by=ledger.small.staff())
    assert len(await questions(ledger, ledger.small.staff())) == 2


async def test_only_who_collects_an_element_is_asked_and_may_answer(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.element("parking", unit=None, owner=ledger.owned_by(ledger.civil))
    await ask(ledger, "elderly", "parking")
    owner = await questions(ledger, ledger.department())
    assert {row["element"] for row in owner} == {"parking"}
    answer = {"answers": [{"question_id": owner[0]["id"], "value": 1}]}
    for by, status in (
        (ledger.small.staff(), 403),
        (ledger.department(ledger.health), 403),
        (ledger.department(), 201),
    ):
        assert (await ledger.post("questions/answers", answer, by=by)).status_code == status
    other = (await questions(ledger, ledger.small.staff(1)))[0]
    told = {"answers": [{"question_id": other["id"], "value": 1}]}
    stranger = await ledger.post("questions/answers", told, by=ledger.small.staff(2))
    assert stranger.status_code == 404
    unknown = {"answers": [{"question_id": str(new_id()), "value": 1}]}
    none = await ledger.post("questions/answers", unknown, by=ledger.small.staff())
    assert none.status_code == 404


async def test_a_cancelled_form_takes_back_what_nobody_else_waits_for(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.element("parking", unit=None)
    first = await ask(ledger, "elderly", "parking")
    second = await ask(ledger, "elderly", by=ledger.department())
    by = ledger.department(ledger.health)
    without = await ledger.post(f"forms/{first['id']}/cancellation", {}, by=by)
    assert without.status_code == 422
    ended = await ledger.post(f"forms/{first['id']}/cancellation", {"reason": "任务取消"}, by=by)
    assert (ended.status_code, ended.json()["state"]) == (200, "cancelled")
    assert {row["element"] for row in await questions(ledger)} == {"elderly"}
    await ledger.post(
        f"forms/{second['id']}/cancellation", {"reason": "任务取消"}, by=ledger.department()
    )
    assert await questions(ledger) == []
    again = await ledger.post(f"forms/{first['id']}/cancellation", {"reason": "再次"}, by=by)
    assert (again.status_code, codes(again)) == (409, ["step_not_possible"])
    history = await ledger.get(f"forms/{first['id']}/history", by=by)
    assert [step["action"] for step in history] == ["submission", "cancellation"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"elements": [{"element": "nothing"}]}, ["element_unknown"]),
        ({"elements": [{"element": "pets"}]}, ["element_personal"]),
        ({"elements": [{"element": "elderly", "period": "2026-09"}]}, ["period_misfit"]),
        ({"elements": [{"element": "elderly", "period": "2027-Q1"}]}, ["period_not_begun"]),
        ({"communities": [str(new_id())]}, ["community_unknown"]),
        ({"as_of": "2026-10-09"}, ["day_out_of_range"]),
        ({"elements": []}, ["too_short"]),
    ],
)
async def test_a_form_that_cannot_be_asked_is_refused_whole(
    ledger: Ledger, changed: dict[str, Any], expected: list[str]
) -> None:
    await ledger.element()
    await ledger.element("pets", scope="household", unit="只")
    body = {
        "title": "三季度情况表",
        "purpose": "补贴测算",
        "elements": [{"element": "elderly"}],
        **changed,
    }
    by = ledger.department(ledger.health)
    refused = await ledger.post("forms", body, by=by)
    assert (refused.status_code, codes(refused)) == (422, expected)
    assert (await ledger.get("forms"))["items"] == []


async def test_a_form_is_its_departments_and_each_look_at_its_answers_is_logged(
    ledger: Ledger,
) -> None:
    await ledger.element()
    await ledger.entry()
    form = await ask(ledger)
    stranger = ledger.department()
    for path in ("", "/answers", "/history"):
        assert (await ledger.answer(f"forms/{form['id']}{path}", by=stranger)).status_code == 404
    assert (await ledger.get("forms", by=stranger))["items"] == []
    await values(ledger, form, by=ledger.department(ledger.health))
    await values(ledger, form)
    log = (await ledger.get("reads"))["items"]
    assert [(row["purpose"], row["rows"]) for row in log] == [("补贴测算", 1)]
    for_all = await ledger.answer("entries?element=elderly", by=ledger.department(ledger.health))
    assert for_all.status_code == 404


async def test_what_is_overdue_is_marked_from_the_day_after_its_last(ledger: Ledger) -> None:
    await ledger.element()
    form = await ask(ledger)
    for due_on, late in ((TODAY, False), (TODAY - timedelta(days=1), True)):
        async with ledger.database.transaction(ledger.small.code) as session:
            for table in (LedgerForm, LedgerQuestion):
                await session.execute(update(table).values(due_on=due_on))
        assert (await shown(ledger, form))["overdue"] is late
        assert {row["overdue"] for row in await questions(ledger)} == {late}
        for path, count in (("forms", 1), ("questions", 3)):
            rows = (await ledger.get(f"{path}?overdue=true"))["items"]
            assert len(rows) == count * late


async def test_an_element_that_forms_wait_for_does_not_end(ledger: Ledger) -> None:
    made = await ledger.element()
    await ask(ledger)
    refused = await ledger.post(f"elements/{made['id']}/end", {"reason": "不再统计"})
    assert (refused.status_code, codes(refused)) == (409, ["element_asked"])


async def test_reuse_tells_by_community_what_was_asked_and_what_was_spared(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.element("parking", unit=None)
    await ledger.entry(412)
    await ask(ledger, "elderly")
    await ask(ledger, "elderly", by=ledger.department())
    third = await ask(ledger, "parking", communities=[str(ledger.small.communities[0])])
    found = await ledger.get("reuse?year=2026")
    rows = {row["community_name"]: row for row in found["rows"]}
    assert rows["社区0"] == {
        "community_id": str(ledger.small.communities[0]),
        "community_name": "社区0",
        "forms": 3,
        "forms_avoided": 2,
        "values": 3,
        "from_ledger": 2,
        "joined": 0,
        "asked": 1,
    }
    assert (rows["社区1"]["forms"], rows["社区1"]["forms_avoided"]) == (2, 1)
    assert (found["total"]["values"], found["total"]["joined"]) == (7, 2)
    mine = await ledger.get("reuse", by=ledger.small.staff(2))
    assert [row["community_name"] for row in mine["rows"]] == ["社区2"]
    assert (await ledger.get("reuse?year=2025"))["total"]["forms"] == 0
    await ledger.post(
        f"forms/{third['id']}/cancellation",
        {"reason": "取消"},
        by=ledger.department(ledger.health),
    )
    one = await ledger.get(f"reuse?community_id={ledger.small.communities[0]}")
    assert one["total"]["forms"] == 2
    refused = await ledger.answer("reuse", by=ledger.small.role(Role.RESIDENT))
    assert refused.status_code == 403
