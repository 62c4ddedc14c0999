"""The rulebook as everyone reads it, and as a district's Leading Group changes it."""

from datetime import timedelta
from typing import Any

import httpx
from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import text

from services.cli.rulebook import whole_rulebook
from shared.db.database import Database
from shared.kernel.ids import new_id
from shared.rulebook.events import take_in_override
from shared.rulebook.in_force import RulesInForce
from tests.services.gateway.admission.conftest import TODAY, Offices

KEY = "admission.apply_working_days_ahead"


async def _rule(offices: Offices, key: str = KEY, days: int = 0) -> dict[str, Any]:
    answer = await offices.gateway.get(
        f"/v1/rules/{key}?district={offices.code}&on={TODAY + timedelta(days=days)}"
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _override(offices: Offices, days: int = 0, **changed: Any) -> httpx.Response:
    body = {
        "value": 20,
        "in_force_from": str(TODAY + timedelta(days=days)),
        "document": "沙社建组〔2026〕3号",
        "decided_on": str(TODAY),
        **changed,
    }
    return await offices.gateway.post(
        f"/v1/rules/{KEY}/overrides", json=body, headers=offices.who("leading")
    )


async def test_a_rule_is_read_with_value_unit_source_and_certainty_without_logging_in(
    offices: Offices,
) -> None:
    found = await _rule(offices)
    assert (found["value"], found["unit"], found["certainty"]) == (30, "working days", "text")
    assert (found["verified"], found["district"]) == (True, None)
    unverified = await _rule(offices, "admission.duplicate_similarity")
    assert unverified["verified"] is False


async def test_a_districts_value_holds_from_its_day_and_the_old_one_before(
    offices: Offices,
) -> None:
    made = await _override(offices, 10)
    assert made.status_code == 201, made.text
    assert [(await _rule(offices, days=days))["value"] for days in (9, 10)] == [30, 20]
    found = await _rule(offices, days=10)
    assert (found["source"], found["district"]) == ("沙社建组〔2026〕3号", offices.code)
    assert [value["value"] for value in found["history"]] == [30, 20]


async def test_other_districts_keep_the_value_of_all(offices: Offices) -> None:
    await _override(offices)
    elsewhere = await offices.gateway.get(f"/v1/rules/{KEY}?district=990001&on={TODAY}")
    assert elsewhere.json()["value"] == 30


async def test_a_withdrawn_override_does_not_hold_and_stays_to_be_read(offices: Offices) -> None:
    made = (await _override(offices)).json()
    path = f"/v1/rules/{KEY}/overrides/{made['id']}/withdrawal"
    headers = offices.who("leading")
    for status in (200, 409):
        answer = await offices.gateway.post(path, json={"reason": "录入有误"}, headers=headers)
        assert answer.status_code == status
    found = await _rule(offices)
    assert (found["value"], found["overrides"][0]["withdrawn_because"]) == (30, "录入有误")
    assert (await _override(offices, value=25)).status_code == 201


async def test_a_later_override_ends_one_that_would_reach_over_it(offices: Offices) -> None:
    await _override(offices, 0, until=str(TODAY + timedelta(days=99)))
    await _override(offices, 50, value=10)
    values = [(await _rule(offices, days=days))["value"] for days in (0, 49, 50, 200)]
    assert values == [20, 20, 10, 10]
    again = await _override(offices, 50, value=5)
    assert (again.status_code, again.json()["code"]) == (409, "override_exists")


async def test_what_does_not_fit_the_rule_is_named_by_its_field(offices: Offices) -> None:
    for changed, pointer in (
        ({"value": "二十"}, "/value"),
        ({"value": None}, "/value"),
        ({"until": str(TODAY - timedelta(days=1))}, "/until"),
        ({"decided_on": str(TODAY + timedelta(days=1))}, "/decided_on"),
    ):
        answer = await _override(offices, **changed)
        assert answer.status_code == 422, answer.text
        assert pointer in {error["pointer"] for error in answer.json()["errors"]}


async def test_next_years_working_days_are_recorded_as_a_rule_and_read_strictly(
    offices: Offices,
) -> None:
    path = "/v1/rules/calendar.special_days/overrides"
    body = {
        "value": "date,kind,name,notice_year,notice\n2027-01-01,holiday,元旦,2027,国办发明电",
        "in_force_from": str(TODAY),
        "document": "国办发明电〔2026〕9号",
        "decided_on": str(TODAY),
    }
    headers = offices.who("leading")
    faulty = await offices.gateway.post(path, json={**body, "value": "a,b"}, headers=headers)
    assert (faulty.status_code, faulty.json()["code"]) == (422, "special_days_invalid")
    made = await offices.gateway.post(path, json=body, headers=headers)
    assert made.status_code == 201, made.text


async def test_only_the_leading_group_changes_a_rule_and_only_one_that_exists(
    offices: Offices,
) -> None:
    body = {
        "value": 1,
        "in_force_from": "2026-03-02",
        "document": "文件",
        "decided_on": "2026-03-01",
    }
    for login, key, status in (("health", KEY, 403), ("leading", "admission.nothing", 404)):
        answer = await offices.gateway.post(
            f"/v1/rules/{key}/overrides", json=body, headers=offices.who(login)
        )
        assert answer.status_code == status, answer.text


async def test_the_list_names_every_rule_by_key_and_is_paged(offices: Offices) -> None:
    path = f"/v1/rules?district={offices.code}&on={TODAY}&limit=3"
    keys: list[str] = []
    while path:
        page = (await offices.gateway.get(path)).json()
        keys += [rule["key"] for rule in page["items"]]
        path = page["next"]
    assert keys == sorted(set(keys))
    assert KEY in keys
    some = await offices.gateway.get(f"/v1/rules?district={offices.code}&prefix=calendar.")
    assert [rule["key"] for rule in some.json()["items"]] == ["calendar.special_days"]


async def test_the_other_services_judge_by_the_override_once_they_have_heard_of_it(
    offices: Offices, gateway_database: Database, workstation_database: Database
) -> None:
    rules = RulesInForce(whole_rulebook())
    await _override(offices)
    async with gateway_database.read(offices.code) as session:
        told = (
            (
                await session.execute(
                    text("SELECT data FROM outbox_event WHERE type LIKE '%override%' ORDER BY id")
                )
            )
            .scalars()
            .all()
        )
    for data in [*told, *told]:
        event = CloudEvent(
            {"id": str(new_id()), "source": "/g", "type": "t", "specversion": "1.0"}, data
        )
        async with workstation_database.transaction(offices.code) as session:
            await take_in_override(session, offices.code, event)
    async with workstation_database.read(offices.code) as session:
        there = await rules.of(session, offices.code)
    assert there.lookup(KEY, offices.code, TODAY).integer() == 20


def test_no_rule_stands_in_two_services() -> None:
    assert KEY in whole_rulebook().keys
