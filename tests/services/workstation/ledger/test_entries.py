"""Entries: one source, told once, corrected in the open."""

import io
from typing import Any

import pytest
import xlsxwriter

from shared.auth.principal import Role
from shared.kernel.ids import new_id
from tests.services.workstation.ledger.conftest import LEDGER, Ledger, codes

PDF = b"%PDF-1.7 proof"


async def test_the_clerk_of_a_community_enters_what_workstations_collect(ledger: Ledger) -> None:
    await ledger.element()
    made = await ledger.entry()
    assert (made["value"], made["period"], made["source"]) == (412, "2026-Q3", "person")
    assert (made["recorded_on"], made["valid_until"]) == ("2026-10-08", "2027-02-05")
    seen = await ledger.get("entries?element=elderly", by=ledger.small.staff())
    assert [row["id"] for row in seen["items"]] == [made["id"]]


async def test_only_the_owner_enters_an_element(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.element("parking", owner=ledger.owned_by(ledger.civil))
    await ledger.element("drills", owner={"kind": "committee", "name": "居民委员会"})
    people = {
        "elderly": ledger.small.staff(),
        "parking": ledger.department(),
        "drills": ledger.member(),
    }
    for element in people:
        for owner, by in people.items():
            told = ledger.value(element=element, unit=None)
            answer = await ledger.post("entries", told, by=by)
            assert answer.status_code == (201 if owner == element else 403), answer.text


async def test_what_stands_is_not_entered_again_but_corrected(ledger: Ledger) -> None:
    await ledger.element()
    made = await ledger.entry()
    again = await ledger.post("entries", ledger.value(500), by=ledger.small.staff())
    assert (again.status_code, codes(again)) == (409, ["entry_exists"])
    assert made["id"] in again.json()["detail"]


async def test_a_correction_keeps_what_was_said_with_who_when_and_why(ledger: Ledger) -> None:
    await ledger.element()
    old = await ledger.entry()
    by = ledger.small.staff()
    body = {"value": 413, "reason": "漏计一名新迁入老人"}
    made = await ledger.post(f"entries/{old['id']}/correction", body, by=by)
    assert made.status_code == 201, made.text
    new = made.json()
    versions = await ledger.get(f"entries/{new['id']}/history", by=by)
    assert [row["value"] for row in versions] == [413, 412]
    before = versions[1]
    assert (before["superseded_by"], before["ended_because"]) == (new["id"], body["reason"])
    assert before["ended_by"] is not None and before["ended_at"] is not None
    listed = (await ledger.get("entries?element=elderly"))["items"]
    assert [row["value"] for row in listed] == [413]
    assert len((await ledger.get("entries?element=elderly&history=true"))["items"]) == 2
    late = await ledger.post(f"entries/{old['id']}/correction", body, by=by)
    assert (late.status_code, codes(late)) == (409, ["entry_ended"])


async def test_a_correction_or_withdrawal_needs_its_reason(ledger: Ledger) -> None:
    await ledger.element()
    made = await ledger.entry()
    for path, body in (("correction", {"value": 1}), ("withdrawal", {})):
        answer = await ledger.post(f"entries/{made['id']}/{path}", body, by=ledger.small.staff())
        assert answer.status_code == 422


async def test_a_withdrawn_entry_makes_room_for_another(ledger: Ledger) -> None:
    await ledger.element()
    made = await ledger.entry()
    ended = await ledger.post(
        f"entries/{made['id']}/withdrawal", {"reason": "报错社区"}, by=ledger.small.staff()
    )
    assert (ended.status_code, ended.json()["ended_because"]) == (200, "报错社区")
    await ledger.entry(99)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"element": "nothing"}, "element_unknown"),
        ({"unit": "户"}, "unit_mismatch"),
        ({"period": "2026-07"}, "period_misfit"),
        ({"period": "2027-Q1"}, "period_not_begun"),
        ({"value": "很多"}, "value_wrong_type"),
        ({"community_id": None}, "subject_missing"),
        ({"recorded_on": "2026-10-09"}, "day_out_of_range"),
    ],
)
async def test_bad_input_is_named_and_changes_nothing(
    ledger: Ledger, changed: dict[str, Any], code: str
) -> None:
    await ledger.element()
    for language in ("zh-CN", "en"):
        answer = await ledger.post(
            "entries",
            ledger.value(**changed),
            by=ledger.small.staff(),
            **{"Accept-Language": language},
        )
        assert (answer.status_code, codes(answer)) == (422, [code])
        assert answer.json()["errors"][0]["remedy"]
    assert (await ledger.get("entries"))["items"] == []


async def test_anothers_community_does_not_exist_for_a_clerk(ledger: Ledger) -> None:
    await ledger.element()
    made = await ledger.entry(place=1)
    told = ledger.value(community_id=str(ledger.small.communities[1]))
    assert (await ledger.post("entries", told, by=ledger.small.staff())).status_code == 404
    assert (
        await ledger.answer(f"entries/{made['id']}", by=ledger.small.staff())
    ).status_code == 404
    none = ledger.value(community_id=str(new_id()))
    assert (await ledger.post("entries", none, by=ledger.small.staff())).status_code == 404
    seen = await ledger.get("entries", by=ledger.small.officer(1))
    assert seen["items"] == []
    assert len((await ledger.get("entries", by=ledger.small.officer(0)))["items"]) == 1


async def test_entries_are_filtered_and_paged(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.element("parking", frequency="year", unit=None)
    for place in range(3):
        await ledger.entry(place, place)
        await ledger.entry(place, place, element="parking", period="2025", unit=None)
    first = ledger.small.communities[0]
    for query, count in (
        ("element=elderly", 3),
        ("element=elderly&element=parking", 6),
        ("q=老年", 3),
        ("q=老年&element=parking", 0),
        (f"community_id={first}", 2),
        ("period=2025", 3),
        ("on=2026-10-08", 6),
        ("on=2026-10-07", 0),
        ("on=2028-01-01&element=elderly", 0),
    ):
        assert len((await ledger.get(f"entries?{query}"))["items"]) == count, query
    seen: list[str] = []
    path: str | None = "entries?limit=4"
    while path:
        body = await ledger.get(path)
        seen += [row["id"] for row in body["items"]]
        path = body["next"] and body["next"].removeprefix(f"{LEDGER}/")
    assert len(seen) == len(set(seen)) == 6


async def test_what_counted_on_a_day_is_what_was_known_then(ledger: Ledger) -> None:
    await ledger.element()
    made = await ledger.entry(recorded_on="2026-10-01")
    await ledger.post(
        f"entries/{made['id']}/correction",
        {"value": 1, "reason": "核实"},
        by=ledger.small.staff(),
    )
    for day, value in (("2026-10-07", 412), ("2026-10-08", 1)):
        rows = (await ledger.get(f"entries?on={day}"))["items"]
        assert [row["value"] for row in rows] == [value]


async def test_entries_come_as_sheets_in_which_no_text_is_a_formula(ledger: Ledger) -> None:
    await ledger.element(type="text", unit=None)
    await ledger.entry("=1+1")
    for media, start in (("text/csv", "\ufeff".encode()), (_XLSX, b"PK")):
        answer = await ledger.client.get(
            f"{LEDGER}/entries", headers={**ledger.group(), "Accept": media}
        )
        assert answer.status_code == 200
        assert answer.content.startswith(start)
        assert b",=1+1" not in answer.content
    refused = await ledger.client.get(
        f"{LEDGER}/entries", headers={**ledger.group(), "Accept": "image/png"}
    )
    assert refused.status_code == 406


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def _send(ledger: Ledger, entry: str, name: str, content: bytes) -> Any:
    return await ledger.client.post(
        f"{LEDGER}/entries/{entry}/evidence",
        files={"file": (name, content)},
        headers=ledger.small.staff(),
    )


async def test_evidence_is_judged_by_its_content_and_comes_back_as_it_was(ledger: Ledger) -> None:
    await ledger.element()
    entry = (await ledger.entry())["id"]
    refused = await _send(ledger, entry, "名册.jpg", b"MZ\x90program")
    assert (refused.status_code, codes(refused)) == (422, ["file_type_not_taken"])
    kept = await _send(ledger, entry, "名册.pdf", PDF)
    assert kept.status_code == 201, kept.text
    listed = await ledger.get(f"entries/{entry}/evidence")
    assert [row["name"] for row in listed] == ["名册.pdf"]
    found = await ledger.answer(f"entries/{entry}/evidence/{listed[0]['id']}")
    assert (found.content, found.headers["content-type"]) == (PDF, "application/pdf")
    none = await ledger.answer(f"entries/{entry}/evidence/{new_id()}")
    assert none.status_code == 404
    stranger = await ledger.answer(f"entries/{entry}/evidence", by=ledger.small.staff(1))
    assert stranger.status_code == 404


async def test_every_act_is_in_the_audit(ledger: Ledger) -> None:
    await ledger.element()
    made = await ledger.entry()
    body = {"value": 1, "reason": "核实"}
    await ledger.post(f"entries/{made['id']}/correction", body, by=ledger.small.staff())
    audit = await ledger.client.get(
        "/v1/workstation/audit-events", headers=ledger.small.role(Role.AUDITOR)
    )
    acts = {event["action"] for event in audit.json()["items"]}
    assert {
        "ledger_element.catalogued",
        "ledger_entry.recorded",
        "ledger_entry.corrected",
    } <= acts


def merged_header() -> bytes:
    """A workbook whose header has merged cells."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "台账")
    return content.getvalue()
