"""Departments read by grant or ownership, and each read is logged."""

from typing import Any

import pytest
from sqlalchemy import insert

from services.workstation.registry.models import Household
from shared.auth.principal import Role
from shared.kernel.ids import new_id
from tests.services.workstation.ledger.conftest import LEDGER, Ledger, codes


async def test_without_a_grant_a_department_finds_nothing(ledger: Ledger) -> None:
    await ledger.element()
    made = await ledger.entry()
    for client in (False, True):
        by = ledger.department(ledger.health, client=client)
        assert (await ledger.get("entries", by=by))["items"] == []
        asked = await ledger.answer("entries?element=elderly", by=by)
        assert (asked.status_code, codes(asked)) == (404, ["not_granted"])
        for path in (f"entries/{made['id']}", f"entries/{made['id']}/history"):
            assert (await ledger.answer(path, by=by)).status_code == 404


async def test_a_client_needs_its_scope_besides_the_grant(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.grant("elderly")
    by = ledger.small.identity.bearer(
        ledger.small.code,
        Role.DEPARTMENT,
        department=ledger.health,
        client_scopes=frozenset({"admission:read"}),
    )
    assert (await ledger.answer("entries", by=by)).status_code == 403


async def test_with_a_grant_it_reads_all_communities_and_the_log_says_so(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.element("parking", unit=None)
    for place in range(3):
        await ledger.entry(place, place)
    grant = await ledger.grant("elderly")
    by = ledger.department(ledger.health, client=True)
    rows = (await ledger.get("entries?element=elderly&period=2026-Q3", by=by))["items"]
    assert [row["value"] for row in rows] == [2, 1, 0]
    log = (await ledger.get("reads?element=elderly"))["items"]
    assert len(log) == 1
    assert (log[0]["grant_id"], log[0]["purpose"]) == (grant["id"], grant["purpose"])
    assert (log[0]["rows"], len(log[0]["communities"])) == (3, 3)
    assert log[0]["filters"] == {"element": ["elderly"], "period": "2026-Q3"}
    assert (log[0]["reader_kind"], log[0]["department_id"]) == ("client", str(ledger.health))


@pytest.mark.parametrize("path", ["", "/history", "/evidence"])
async def test_reading_one_entry_is_logged_too(ledger: Ledger, path: str) -> None:
    await ledger.element()
    made = await ledger.entry()
    await ledger.grant("elderly")
    await ledger.get(f"entries/{made['id']}{path}", by=ledger.department(ledger.health))
    assert len((await ledger.get("reads"))["items"]) == 1


async def test_a_sheet_is_logged_as_every_read(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.entry()
    await ledger.grant("elderly")
    headers = {**ledger.department(ledger.health), "Accept": "text/csv"}
    await ledger.client.get(f"{LEDGER}/entries", headers=headers)
    assert [row["rows"] for row in (await ledger.get("reads"))["items"]] == [1]


async def test_what_the_offices_and_the_community_read_is_no_departments_read(
    ledger: Ledger,
) -> None:
    await ledger.element()
    await ledger.entry()
    await ledger.get("entries")
    await ledger.get("entries", by=ledger.small.staff())
    assert (await ledger.get("reads"))["items"] == []


async def test_the_owner_reads_and_grants_and_sees_who_read(ledger: Ledger) -> None:
    await ledger.element(owner=ledger.owned_by(ledger.civil))
    owner, stranger = ledger.department(), ledger.department(ledger.health)
    told = ledger.value()
    assert (await ledger.post("entries", told, by=owner)).status_code == 201
    assert len((await ledger.get("entries", by=owner))["items"]) == 1
    body = {
        "department_id": str(ledger.health),
        "elements": ["elderly"],
        "purpose": "养老服务补贴测算",
        "ends_on": "2026-12-31",
    }
    assert (await ledger.post("grants", body, by=stranger)).status_code == 404
    made = await ledger.post("grants", body, by=owner)
    assert made.status_code == 201, made.text
    await ledger.get("entries", by=stranger)
    readers = [row["department_id"] for row in (await ledger.get("reads", by=owner))["items"]]
    assert readers == [str(ledger.health), str(ledger.civil)]
    assert (await ledger.get("reads", by=stranger))["items"] == []


async def test_a_grant_that_was_revoked_or_is_over_no_longer_opens_anything(
    ledger: Ledger,
) -> None:
    await ledger.element()
    await ledger.entry()
    grant = await ledger.grant("elderly")
    by = ledger.department(ledger.health)
    assert len((await ledger.get("entries", by=by))["items"]) == 1
    ended = await ledger.post(f"grants/{grant['id']}/revocation", {"reason": "用途已完成"})
    assert ended.status_code == 200, ended.text
    assert (await ledger.get("entries", by=by))["items"] == []
    again = await ledger.post(f"grants/{grant['id']}/revocation", {"reason": "用途已完成"})
    assert (again.status_code, codes(again)) == (409, ["grant_ended"])
    later = await ledger.grant("elderly", starts_on="2026-11-01")
    assert (await ledger.get("entries", by=by))["items"] == []
    assert (await ledger.get("grants?in_force=true", by=by))["items"] == []
    assert [row["id"] for row in (await ledger.get("grants", by=by))["items"]] == [
        later["id"],
        grant["id"],
    ]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"ends_on": "2026-10-07"}, ["grant_days_out_of_range"]),
        ({"ends_on": "2027-10-11"}, ["grant_days_out_of_range"]),
        ({"elements": ["nothing"]}, ["element_unknown"]),
        ({"elements": ["nothing"], "ends_on": "2031-01-01"}, None),
        ({"purpose": ""}, ["string_too_short"]),
    ],
)
async def test_a_grant_names_known_elements_a_purpose_and_an_end(
    ledger: Ledger, changed: dict[str, Any], expected: list[str] | None
) -> None:
    await ledger.element()
    body = {
        "department_id": str(ledger.health),
        "elements": ["elderly"],
        "purpose": "测算",
        "ends_on": "2026-12-31",
        **changed,
    }
    refused = await ledger.post("grants", body)
    wanted = expected or ["element_unknown", "grant_days_out_of_range"]
    assert (refused.status_code, codes(refused)) == (422, wanted)


async def _household(ledger: Ledger) -> str:
    id = new_id()
    async with ledger.database.transaction(ledger.small.code) as session:
        await session.execute(
            insert(Household).values(
                district=ledger.small.code,
                id=id,
                community_id=ledger.small.communities[0],
                code="H1",
                address="航空路1号",
                version=1,
            )
        )
    return str(id)


async def test_what_is_told_of_households_is_masked_for_who_need_not_see_it(
    ledger: Ledger,
) -> None:
    await ledger.element("pets", scope="household", unit="只")
    household = await _household(ledger)
    told = {"element": "pets", "household_id": household, "period": "2026-Q3", "value": 2}
    made = await ledger.post("entries", told, by=ledger.small.staff())
    assert made.status_code == 201, made.text
    await ledger.grant("pets")
    seen = {
        "clerk": ledger.small.staff(),
        "officer": ledger.small.officer(),
        "granted": ledger.department(ledger.health),
    }
    masked = {
        "group": ledger.group(),
        "civil affairs": ledger.small.role(Role.CIVIL_AFFAIRS),
        "auditor": ledger.small.role(Role.AUDITOR),
        "member": ledger.member(),
    }
    for name, by in seen.items():
        row = (await ledger.get("entries?element=pets", by=by))["items"][0]
        assert (row["value"], row["household_id"], row["masked"]) == (2, household, False), name
    for name, by in masked.items():
        row = (await ledger.get("entries?element=pets", by=by))["items"][0]
        assert (row["value"], row["household_id"], row["masked"]) == (None, None, True), name
        by_household = await ledger.get(f"entries?household_id={household}", by=by)
        assert by_household["items"] == [], name
        files = await ledger.answer(f"entries/{row['id']}/evidence", by=by)
        assert files.status_code == 404, name
    audit = await ledger.client.get(
        "/v1/workstation/audit-events?subject_kind=ledger_entry",
        headers=ledger.small.role(Role.AUDITOR),
    )
    values = [event["after"].get("value") for event in audit.json()["items"] if event["after"]]
    assert values == ["***"]


async def test_coverage_says_which_communities_have_a_value_and_never_the_value(
    ledger: Ledger,
) -> None:
    await ledger.element()
    await ledger.element("parking", unit=None)
    first = await ledger.entry(recorded_on="2026-06-20", period="2026-Q2")
    newer = await ledger.entry(recorded_on="2026-10-05")
    await ledger.entry(place=2, recorded_on="2026-10-05")
    by = ledger.department(ledger.health, client=True)
    body = await ledger.get("coverage?element=elderly&element=parking&element=none", by=by)
    elderly, parking, none = body["elements"]
    communities = ledger.small.communities
    assert {row["community_id"] for row in elderly["communities"]} == {
        str(communities[0]),
        str(communities[2]),
    }
    assert (parking["known"], parking["communities"]) == (True, [])
    assert (none["known"], none["communities"]) == (False, [])
    own = next(r for r in elderly["communities"] if r["community_id"] == str(communities[0]))
    assert own == {
        "community_id": str(communities[0]),
        "entry_id": newer["id"],
        "period": "2026-Q3",
        "recorded_on": "2026-10-05",
        "valid_until": "2027-02-02",
    }
    then = await ledger.get("coverage?element=elderly&on=2026-10-04", by=by)
    assert [row["entry_id"] for row in then["elements"][0]["communities"]] == [first["id"]]
    late = await ledger.get("coverage?element=elderly&on=2027-02-03", by=by)
    assert late["elements"][0]["communities"] == []
    one = await ledger.get(f"coverage?element=elderly&community_id={communities[2]}", by=by)
    assert len(one["elements"][0]["communities"]) == 1
    assert (
        await ledger.answer("coverage?element=elderly", by=ledger.small.staff())
    ).status_code == 403
    many = "&".join(f"element=e{n}" for n in range(51))
    assert (await ledger.answer(f"coverage?{many}", by=by)).status_code == 422


async def test_another_district_sees_nothing_of_it(ledger: Ledger) -> None:
    made = await ledger.element()
    entry = await ledger.entry()
    foreign = ledger.small.identity.bearer("999999", Role.LEADING_GROUP)
    for path in (f"elements/{made['id']}", f"entries/{entry['id']}"):
        assert (await ledger.answer(path, by=foreign)).status_code == 404
