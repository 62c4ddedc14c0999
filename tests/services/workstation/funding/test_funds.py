"""Money as the finance bureau, streets, clerks and departments meet it."""

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from services.workstation.funding import public
from shared.audit.record import Actor
from shared.auth.principal import Role
from shared.db.database import Database
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from tests.services.workstation.funding.conftest import FUNDS, TODAY, Treasury

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def test_yearly_money_is_computed_shown_and_granted_once(treasury: Treasury) -> None:
    shown = await treasury.grant("per_post", dry_run=True)
    assert shown["total_added"] == 5 * 1_560_000
    assert [rule["value"] for rule in shown["rules"]] == [15600]
    assert (await treasury.get("appropriations"))["items"] == []
    first = await treasury.grant("per_post")
    assert first["grants"][0]["derivation"] == [
        {"month": 1, "months": 12, "rate": 1_560_000, "count": 5}
    ]
    again = await treasury.grant("per_post")
    assert (first["total_added"], again["total_added"]) == (7_800_000, 0)
    row = await treasury.first(source="per_post")
    assert (row["granted"], row["available"], row["paid"]) == (7_800_000, 7_800_000, 0)


async def test_a_payment_takes_two_persons(treasury: Treasury) -> None:
    await treasury.grant()
    row = await treasury.first()
    made = (await treasury.post("payments", treasury.payment(row, 50_000))).json()
    assert made["state"] == "prepared"
    own = await treasury.post(f"payments/{made['id']}/approval")
    assert (own.status_code, own.json()["code"]) == (403, "two_persons_needed")
    paid = await treasury.post(f"payments/{made['id']}/approval", by=treasury.approver)
    assert (paid.json()["state"], paid.json()["paid_on"]) == ("paid", str(TODAY))
    twice = await treasury.post(f"payments/{made['id']}/approval", by=treasury.approver)
    assert (twice.status_code, twice.json()["code"]) == (409, "step_not_possible")
    after = await treasury.first()
    assert (after["available"], after["paid"]) == (1_950_000, 50_000)


async def test_the_database_itself_wants_two_persons(treasury: Treasury) -> None:
    await treasury.grant()
    made = (await treasury.post("payments", treasury.payment(await treasury.first(), 1))).json()
    with pytest.raises(Exception, match="payment_two_persons_check"):
        async with treasury.database.transaction(treasury.small.code) as session:
            await session.execute(
                text("UPDATE payment SET approved_by = prepared_by WHERE id = :id"),
                {"id": made["id"]},
            )


async def test_a_payment_taken_back_leaves_both_entries(treasury: Treasury) -> None:
    await treasury.grant()
    row = await treasury.first()
    made = (await treasury.post("payments", treasury.payment(row, 50_000))).json()
    await treasury.post(f"payments/{made['id']}/approval", by=treasury.approver)
    reason = {"reason": "收款人账号有误"}
    own = await treasury.post(f"payments/{made['id']}/reversal", reason, by=treasury.approver)
    assert own.json()["code"] == "two_persons_needed"
    back = await treasury.post(f"payments/{made['id']}/reversal", reason)
    assert back.json()["state"] == "reversed"
    entries = (await treasury.get(f"entries?appropriation_id={row['id']}"))["items"]
    assert [(e["kind"], e["credit"], e["debit"], e["amount"]) for e in entries] == [
        ("appropriation", "grant", "available", 2_000_000),
        ("payment", "available", "paid", 50_000),
        ("reversal", "paid", "available", 50_000),
    ]
    assert entries[2]["reverses"] == entries[1]["id"]
    assert (await treasury.first())["available"] == 2_000_000


async def test_a_refused_payment_says_why_and_moves_nothing(treasury: Treasury) -> None:
    await treasury.grant()
    row = await treasury.first()
    made = (await treasury.post("payments", treasury.payment(row, 50_000))).json()
    path = f"payments/{made['id']}"
    bare = await treasury.post(f"{path}/rejection", {}, by=treasury.approver)
    assert bare.json()["errors"][0]["pointer"] == "/reason"
    await treasury.post(f"{path}/rejection", {"reason": "缺少凭证"}, by=treasury.approver)
    history = await treasury.get(f"{path}/history")
    assert [(step["to_state"], step["reason"]) for step in history] == [("rejected", "缺少凭证")]
    assert (await treasury.first())["available"] == row["available"]


@pytest.mark.parametrize("amount", [0, -1, 0.5, "12", 10**14])
async def test_amounts_are_whole_and_positive_fen(treasury: Treasury, amount: object) -> None:
    await treasury.grant()
    body = treasury.payment(await treasury.first(), amount)
    refused = await treasury.post("payments", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/amount")


async def test_more_than_was_appropriated_is_not_paid(treasury: Treasury) -> None:
    await treasury.grant()
    body = treasury.payment(await treasury.first(), 2_000_001)
    refused = await treasury.post("payments", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "funds_short")


async def test_an_items_money_is_reserved_released_and_then_paid_to_that_community(
    treasury: Treasury,
) -> None:
    item, department = await treasury.item()
    task = new_id()
    await treasury.reserve(item, task)
    await treasury.reserve(item, task)  # told twice, reserved once
    official = treasury.small.identity.bearer(
        treasury.small.code, Role.DEPARTMENT, department=department
    )
    row = (await treasury.get("appropriations", by=official))["items"][0]
    assert (row["available"], row["reserved"]) == (2000, 1000)
    early = await treasury.post("payments", treasury.payment(row, 1000))
    assert early.json()["code"] == "funds_short"
    async with treasury.database.transaction(treasury.small.code) as session:
        actor = Actor.platform(treasury.small.code)
        assert await public.release(session, actor, task_id=task, on=TODAY) == 1000
        assert await public.release(session, actor, task_id=task, on=TODAY) == 0
        assert await public.cancel_reservation(session, actor, task_id=task, on=TODAY) == 0
    elsewhere = await treasury.post("payments", treasury.payment(row, 1000, place=1))
    assert elsewhere.json()["code"] == "funds_short"
    made = (await treasury.post("payments", treasury.payment(row, 1000))).json()
    paid = await treasury.post(f"payments/{made['id']}/approval", by=treasury.approver)
    assert paid.json()["state"] == "paid"


async def test_a_returned_tasks_money_is_the_items_again(treasury: Treasury) -> None:
    item, _ = await treasury.item()
    task = new_id()
    await treasury.reserve(item, task, 3000)
    with pytest.raises(Conflict, match="funds_short"):
        await treasury.reserve(item, new_id(), 1)
    async with treasury.database.transaction(treasury.small.code) as session:
        actor = Actor.platform(treasury.small.code)
        assert await public.cancel_reservation(session, actor, task_id=task, on=TODAY) == 3000
    await treasury.reserve(item, new_id(), 3000)


async def test_a_closed_year_takes_no_entry(treasury: Treasury) -> None:
    await treasury.grant(granted_on="2025-12-30", year=2025)
    early = await treasury.post("years/2026/closing")
    assert early.json()["code"] == "year_not_over"
    assert (await treasury.post("years/2025/closing")).json()["closed_on"] == str(TODAY)
    late = await treasury.post(
        "appropriations",
        {
            "source": "per_post",
            "year": 2025,
            "document": "补拨",
            "source_line": "2080208",
            "granted_on": "2025-12-31",
        },
    )
    assert (late.status_code, late.json()["code"]) == (409, "year_closed")
    assert (await treasury.post("years/2025/closing")).json()["code"] == "year_closed"
    years = (await treasury.get("years"))["items"]
    assert [(year["year"], year["closed_on"] is None) for year in years] == [(2025, False)]


@pytest.mark.parametrize("by", ["community", "street", "department", "source"])
async def test_a_statement_explains_every_balance_and_reconciles(
    treasury: Treasury, by: str
) -> None:
    await treasury.grant(granted_on="2025-02-01", year=2025)
    await treasury.grant()
    item, _ = await treasury.item()
    await treasury.reserve(item, new_id())
    made = (
        await treasury.post("payments", treasury.payment(await treasury.first(), 50_000))
    ).json()
    await treasury.post(f"payments/{made['id']}/approval", by=treasury.approver)
    found = await treasury.get(f"statement?year=2026&by={by}")
    assert found["reconciliation"] == 0
    total = found["total"]
    assert (total["opening"], total["granted"], total["paid"]) == (6_000_000, 6_003_000, 50_000)
    for row in (*found["rows"], total):
        assert row["closing"] == row["opening"] + row["granted"] - row["paid"]
        assert row["closing"] == row["available"] + row["reserved"] + row["payable"]
    assert sum(row["closing"] for row in found["rows"]) == total["closing"]


async def test_a_statement_comes_as_a_workbook_in_which_no_text_is_a_formula(
    treasury: Treasury,
) -> None:
    await treasury.grant(document="=1+1")
    answer = await treasury.client.get(
        f"{FUNDS}/statement", headers={**treasury.preparer, "Accept": XLSX, "Accept-Language": "zh"}
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    table = book.get_sheet_by_name("决算表").to_python()
    assert table[-1][:5] == ["合计", 0.0, 60_000.0, 0.0, 60_000.0]
    assert [row[5] for row in book.get_sheet_by_name("凭证").to_python()[1:]] == ["=1+1"] * 3


async def test_everyone_sees_their_own_money_only(treasury: Treasury) -> None:
    await treasury.grant()
    rows = [await treasury.first(place) for place in range(3)]
    small = treasury.small
    for headers, seen in ((small.staff(0), 1), (small.officer(0), 2), (small.officer(1), 1)):
        found = (await treasury.get("appropriations", by=headers))["items"]
        assert len(found) == seen
        statement = await treasury.get("statement", by=headers)
        assert statement["total"]["granted"] == seen * 2_000_000
    for path in (f"appropriations/{rows[2]['id']}",):
        answer = await treasury.client.get(f"{FUNDS}/{path}", headers=small.staff(0))
        assert answer.status_code == 404
    other = await treasury.post("payments", treasury.payment(rows[2], 1, 2), by=small.officer(0))
    assert other.status_code == 404
    own = await treasury.post("payments", treasury.payment(rows[1], 1, 1), by=small.officer(0))
    assert own.status_code == 201


async def test_the_journal_can_only_be_added_to(
    treasury: Treasury, workstation_database: Database
) -> None:
    await treasury.grant()
    for statement in ("UPDATE journal_entry SET amount = 1", "DELETE FROM journal_entry"):
        with pytest.raises(Exception, match="permission denied"):
            async with workstation_database.transaction(treasury.small.code) as session:
                await session.execute(text(statement))


async def test_the_books_of_a_year_that_has_not_come_are_open_to_be_read(
    treasury: Treasury,
) -> None:
    found = await treasury.get(f"statement?year={(TODAY + timedelta(days=400)).year}")
    assert (found["rows"], found["total"]["closing"]) == ([], 0)
