"""Dispatches: refused with the rule, never beyond the money, and told to the workstation once."""

import asyncio
from collections import Counter

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import text

from services.gateway.admission.events import take_in_conclusion
from shared.db.database import Database
from shared.kernel.ids import new_id
from tests.services.gateway.admission.conftest import TODAY, Offices
from tests.support.databases import Databases


async def test_admitted_work_becomes_a_task_for_each_community_and_is_told_once(
    offices: Offices, gateway_database: Database
) -> None:
    item = await offices.admitted()
    made = await offices.post("health", "dispatches", offices.dispatch(item, 0, 1))
    found = made.json()
    assert (made.status_code, found["amount"]) == (201, 2000)
    assert [part["amount"] for part in found["communities"]] == [1000, 1000]
    assert {rule["key"] for rule in found["rules"]} == {
        "admission.refuse_unlisted",
        "admission.funds_with_task",
    }
    async with gateway_database.read(offices.code) as session:
        told = (
            await session.execute(
                text("SELECT type, data FROM outbox_event WHERE type LIKE '%admi%' ORDER BY id")
            )
        ).all()
    assert [row.type.rpartition("admission.")[2] for row in told] == [
        "item.admitted",
        "dispatch.admitted",
    ]
    assert [part["task_id"] for part in told[1].data["communities"]] == [
        part["task_id"] for part in found["communities"]
    ]
    assert (await offices.get("leading", f"dispatches/{found['id']}"))["communities"] == found[
        "communities"
    ]


async def test_without_communities_all_that_the_item_covers_are_meant(offices: Offices) -> None:
    item = await offices.admitted()
    made = await offices.post("health", "dispatches", offices.dispatch(item, communities=None))
    assert len(made.json()["communities"]) == 3


async def test_what_was_not_admitted_is_refused_with_the_rule_and_the_remedy(
    offices: Offices,
) -> None:
    body = offices.dispatch({"code": "NEVER-1"}, 0)
    refused = await offices.post("health", "dispatches", body)
    found = refused.json()
    assert (refused.status_code, found["code"]) == (403, "dispatch_refused")
    assert [error["code"] for error in found["errors"]] == ["item_not_admitted"]
    assert "POST /v1/admission/items" in found["errors"][0]["remedy"]
    assert "admission.refuse_unlisted" in {rule["key"] for rule in found["rules"]}
    kept = (await offices.get("leading", "dispatch-refusals"))["items"]
    assert [(one["item_code"], one["communities"]) for one in kept] == [("NEVER-1", 1)]


async def test_another_departments_item_is_not_admitted_for_this_one(offices: Offices) -> None:
    item = await offices.admitted()
    refused = await offices.post("police", "dispatches", offices.dispatch(item, 0))
    assert [error["code"] for error in refused.json()["errors"]] == ["item_not_admitted"]
    assert (await offices.get("police", "dispatches"))["items"] == []


async def test_every_reason_is_named_at_once(offices: Offices) -> None:
    item = await offices.admitted(
        targets={"communities": [str(offices.communities[0])]},
    )
    body = offices.dispatch(item, 0, 1, 2, due_on=str(TODAY.replace(year=TODAY.year - 1)))
    body["communities"].append({"community_id": str(new_id()), "cases": 9})
    refused = await offices.post("health", "dispatches", body)
    assert Counter(error["code"] for error in refused.json()["errors"]) == {
        "due_outside_period": 1,
        "community_not_targeted": 2,
        "community_unknown": 1,
        "funds_short": 1,
    }


async def _at_once(offices: Offices, item: dict[str, str]) -> Counter[int]:
    answers = await asyncio.gather(
        *(offices.post("health", "dispatches", offices.dispatch(item, at % 3)) for at in range(6))
    )
    return Counter(answer.status_code for answer in answers)


async def test_dispatches_at_once_never_exceed_the_items_money(
    offices: Offices, gateway_database: Database
) -> None:
    item = await offices.admitted()
    assert await _at_once(offices, item) == {201: 3, 403: 3}
    async with gateway_database.read(offices.code) as session:
        row = (await session.execute(text("SELECT drawn, total FROM item"))).one()
        taken = await session.scalar(text("SELECT sum(amount) FROM dispatch_community"))
    assert (row.drawn, row.total, taken) == (3000, 3000, 3000)


async def test_the_database_itself_lets_no_dispatch_draw_more_than_the_items_money(
    offices: Offices, databases: Databases
) -> None:
    item = await offices.admitted()
    draw = "UPDATE item SET drawn = drawn + 2000 WHERE id = :id"
    database = databases.database("gateway")

    async def take() -> None:
        async with database.transaction(offices.code) as session:
            await session.execute(text(draw), {"id": item["id"]})

    results = await asyncio.gather(*(take() for _ in range(4)), return_exceptions=True)
    await database.close()
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 3
    assert all("item_drawn_check" in str(error) for error in refused)


async def test_freed_money_may_be_dispatched_again_and_released_money_not(
    offices: Offices, gateway_database: Database
) -> None:
    item = await offices.admitted()
    made = (await offices.post("health", "dispatches", offices.dispatch(item, 0, 1, 2))).json()
    full = await offices.post("health", "dispatches", offices.dispatch(item, 0))
    assert full.status_code == 403
    for at, outcome in ((0, "released"), (1, "freed")):
        part = made["communities"][at]
        data = {
            "task_id": part["task_id"],
            "dispatch_id": made["id"],
            "item_id": item["id"],
            "community_id": part["community_id"],
            "outcome": outcome,
            "amount": part["amount"],
            "concluded_on": str(TODAY),
        }
        event = CloudEvent(
            {"id": str(new_id()), "source": "/w", "type": "t", "specversion": "1.0"}, data
        )
        async with gateway_database.transaction(offices.code) as session:
            await take_in_conclusion(session, offices.code, event)
    assert (await offices.get("health", f"items/{item['id']}"))["drawn"] == 2000
    again = await offices.post("health", "dispatches", offices.dispatch(item, 1))
    assert again.status_code == 201
    outcomes = (await offices.get("health", f"dispatches/{made['id']}"))["communities"]
    assert [part["outcome"] for part in outcomes] == ["released", "freed", None]


async def test_the_same_key_dispatches_once(offices: Offices) -> None:
    item = await offices.admitted()
    body = offices.dispatch(item, 0)
    headers = {**offices.who("health"), "Idempotency-Key": "k-1"}
    answers = [
        await offices.gateway.post("/v1/admission/dispatches", json=body, headers=headers)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert (await offices.get("health", f"items/{item['id']}"))["drawn"] == 1000
