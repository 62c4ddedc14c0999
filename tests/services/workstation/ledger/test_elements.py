"""The catalogue: each element once, with one owner; ended, never deleted."""

from typing import Any

import pytest

from shared.auth.principal import Role
from tests.services.workstation.ledger.conftest import Ledger, codes

NEAR = {"code": "old_people", "title": "60岁以上老年人人数"}


async def test_a_near_duplicate_is_challenged_with_the_element_that_stands(ledger: Ledger) -> None:
    await ledger.element()
    refused = await ledger.post("elements", ledger.definition(**NEAR))
    assert (refused.status_code, refused.json()["code"]) == (409, "element_similar")
    error = refused.json()["errors"][0]
    assert "elderly" in error["detail"]
    assert "differs_because" in error["remedy"]
    assert refused.json()["rules"][0]["key"] == "ledger.duplicate_similarity"


async def test_who_says_how_it_differs_may_catalogue_it_all_the_same(ledger: Ledger) -> None:
    await ledger.element()
    told = {"differs_because": "只统计户籍在本社区的老年人"}
    made = await ledger.post("elements", ledger.definition(**NEAR, **told))
    assert made.status_code == 201, made.text
    assert made.json()["differs_because"] == told["differs_because"]


async def test_another_topic_or_an_element_that_ended_is_no_duplicate(ledger: Ledger) -> None:
    made = await ledger.element()
    await ledger.element("parking")
    ended = await ledger.post(f"elements/{made['id']}/end", {"reason": "不再统计"})
    assert ended.status_code == 200
    again = await ledger.post("elements", ledger.definition(**NEAR))
    assert again.status_code == 201, again.text


async def test_a_code_is_never_given_twice(ledger: Ledger) -> None:
    made = await ledger.element()
    await ledger.post(f"elements/{made['id']}/end", {"reason": "不再统计"})
    refused = await ledger.post("elements", ledger.definition("parking", code="elderly"))
    assert (refused.status_code, codes(refused)) == (409, ["code_taken"])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"type": "choice"}, "choices_misfit"),
        ({"choices": ["甲", "乙"]}, "choices_misfit"),
        ({"type": "choice", "choices": ["甲", "甲"]}, "choices_misfit"),
        ({"owner": {"kind": "department", "name": "民政局"}}, "owner_misfit"),
        ({"validity_days": 0}, "greater_than_equal"),
    ],
)
async def test_a_definition_that_does_not_fit_together_is_refused(
    ledger: Ledger, changed: dict[str, Any], code: str
) -> None:
    refused = await ledger.post("elements", ledger.definition(**changed))
    assert (refused.status_code, codes(refused)) == (422, [code])


async def test_a_department_catalogues_what_it_collects_and_nothing_else(ledger: Ledger) -> None:
    by = ledger.department(client=True)
    own = ledger.definition(owner=ledger.owned_by(ledger.civil))
    assert (await ledger.post("elements", own, by=by)).status_code == 201
    for owner in (ledger.owned_by(ledger.health), {"kind": "workstation", "name": "工作站"}):
        other = ledger.definition("parking", owner=owner)
        assert (await ledger.post("elements", other, by=by)).status_code == 403


async def test_anothers_element_cannot_be_changed_or_ended(ledger: Ledger) -> None:
    made = await ledger.element(owner=ledger.owned_by(ledger.civil))
    stranger = ledger.department(ledger.health)
    ended = await ledger.post(f"elements/{made['id']}/end", {"reason": "不要了"}, by=stranger)
    assert ended.status_code == 404


async def test_wording_and_owner_change_with_the_version_that_was_read(ledger: Ledger) -> None:
    made = await ledger.element()
    path = f"/v1/workstation/ledger/elements/{made['id']}"
    for tag, status in (('"v9"', 412), ('"v1"', 200)):
        changed = await ledger.client.patch(
            path,
            json={"title": "老年人数", "owner": ledger.owned_by(ledger.civil)},
            headers={**ledger.group(), "If-Match": tag},
        )
        assert changed.status_code == status, changed.text
    found = await ledger.get(f"elements/{made['id']}")
    assert (found["title"], found["owner"]["name"], found["version"]) == ("老年人数", "民政局", 2)
    assert found["definition"] == made["definition"]


async def test_an_ended_element_takes_no_change_and_no_entry_and_stays_readable(
    ledger: Ledger,
) -> None:
    made = await ledger.element()
    entry = await ledger.entry()
    await ledger.post(f"elements/{made['id']}/end", {"reason": "并入新指标"})
    again = await ledger.post(f"elements/{made['id']}/end", {"reason": "再停一次"})
    assert (again.status_code, codes(again)) == (409, ["element_ended"])
    late = await ledger.post("entries", ledger.value(place=1), by=ledger.small.staff(1))
    assert (late.status_code, codes(late)) == (422, ["element_ended"])
    assert (await ledger.get(f"entries/{entry['id']}"))["value"] == 412
    assert (await ledger.get("elements"))["items"] == []
    assert len((await ledger.get("elements?ended=true"))["items"]) == 1


async def test_the_catalogue_is_searched_and_filtered_by_everyone(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.element("parking", unit=None, owner=ledger.owned_by(ledger.civil))
    reader = ledger.small.role(Role.RESIDENT)
    for query, found in (
        ("q=老年", ["elderly"]),
        ("q=PARK", ["parking"]),
        ("q=%25", []),
        (f"owner_department_id={ledger.civil}", ["parking"]),
        ("owner_kind=workstation", ["elderly"]),
        ("frequency=month", []),
        ("type=integer&scope=community", ["elderly", "parking"]),
    ):
        items = (await ledger.get(f"elements?{query}", by=reader))["items"]
        assert [item["code"] for item in items] == found, query
