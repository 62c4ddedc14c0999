"""Read use cases of funding: statements, as JSON and as a workbook."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.workstation.funding import repository
from services.workstation.funding.domain import Account
from services.workstation.funding.models import Appropriation
from services.workstation.funding.schemas import Statement, StatementRow
from shared.auth.policy import Reach
from shared.kernel.money import Money
from shared.kernel.text import Language, Text

NOT_GIVEN = Text("未下达", "not given out")
TOTAL = Text("合计", "total")
HEADS = (
    Text("对象", "Of"),
    Text("年初结余（元）", "Opening (yuan)"),
    Text("拨款（元）", "Granted (yuan)"),
    Text("支付（元）", "Paid (yuan)"),
    Text("年末结余（元）", "Closing (yuan)"),
    Text("其中可用（元）", "Available (yuan)"),
    Text("已预留（元）", "Reserved (yuan)"),
    Text("待支付（元）", "Payable (yuan)"),
    Text("凭证数", "Entries"),
)
ENTRY_HEADS = (
    Text("日期", "Day"),
    Text("类别", "Kind"),
    Text("贷", "Credit"),
    Text("借", "Debit"),
    Text("金额（元）", "Amount (yuan)"),
    Text("摘要", "Text"),
    Text("社区", "Community"),
)
_HELD = (Account.AVAILABLE, Account.RESERVED, Account.PAYABLE)
_SUMS = ("opening", "granted", "paid", "closing", "available", "reserved", "payable", "entries")


async def statement_of(
    session: AsyncConnection,
    reach: Reach,
    *,
    year: int,
    by: str,
    conditions: Sequence[Any],
    whole: bool,
    this_year: int,
    language: Language,
) -> Statement:
    """A year's statement. `whole` says that nothing was filtered out: only then can the books be
    compared with the balances, and only if no later year has begun."""
    found = await repository.statement(session, reach, year, by, conditions)
    rows = [_row(row, language) for row in found]
    total = StatementRow(
        key=None,
        name=TOTAL.in_language(language),
        **{name: sum(getattr(row, name) for row in rows) for name in _SUMS},
    )
    off = sum(
        getattr(row, f"{account.value}_{when}")
        for row in found
        for account in Account
        for when in ("in", "before")
    )
    if whole and reach.whole_district and year >= this_year:
        off += abs(total.closing - await _stored(session))
    return Statement(year=year, by=by, rows=rows, total=total, reconciliation=off)


def _row(row: Any, language: Language) -> StatementRow:
    held = {
        account.value: getattr(row, f"{account.value}_in") + getattr(row, f"{account.value}_before")
        for account in _HELD
    }
    granted, paid = -row.grant_in, row.paid_in
    opening = sum(getattr(row, f"{account.value}_before") for account in _HELD)
    return StatementRow(
        key=None if row.key is None else str(row.key),
        name=row.name or NOT_GIVEN.in_language(language),
        opening=opening,
        granted=granted,
        paid=paid,
        closing=sum(held.values()),
        entries=row.entries,
        **held,
    )


async def _stored(session: AsyncConnection) -> int:
    held = Appropriation.available + Appropriation.reserved + Appropriation.payable
    return int(await session.scalar(select(func.coalesce(func.sum(held), 0))) or 0)


def workbook(statement: Statement, entries: Sequence[Any], language: Language) -> bytes:
    """The statement and the entries that explain it, as XLSX; texts are never formulas."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": True}) as book:
        money = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(Text("决算表", "Statement").in_language(language))
        sheet.set_column(0, 8, 18)
        for at, head in enumerate(HEADS):
            sheet.write_string(0, at, head.in_language(language))
        for line, row in enumerate((*statement.rows, statement.total), start=1):
            sheet.write_string(line, 0, row.name)
            for at, name in enumerate(_SUMS[:-1], start=1):
                sheet.write_number(line, at, getattr(row, name) / 100, money)
            sheet.write_number(line, len(_SUMS), row.entries)
        sheet = book.add_worksheet(Text("凭证", "Entries").in_language(language))
        sheet.set_column(0, 6, 16)
        for at, head in enumerate(ENTRY_HEADS):
            sheet.write_string(0, at, head.in_language(language))
        for line, entry in enumerate(entries, start=1):
            texts = (str(entry.posted_on), entry.kind, entry.credit, entry.debit)
            for at, text in enumerate(texts):
                sheet.write_string(line, at, text)
            sheet.write_number(line, 4, Money(entry.amount).fen / 100, money)
            sheet.write_string(line, 5, entry.text)
            sheet.write_string(line, 6, entry.community_name or "")
    return content.getvalue()
