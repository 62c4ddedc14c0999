"""A department's own workbook: mapped, asked, and given back filled in."""

import io
from typing import Any

import httpx
import openpyxl
import pytest
import xlsxwriter

from tests.services.workstation.ledger.conftest import LEDGER, Ledger, codes
from tests.services.workstation.ledger.test_entries import merged_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ["序号", "社区名称", "60岁以上老年人数（人）", "停车位", "备注"]


def workbook(heads: list[str] = HEADS, *lines: list[Any]) -> bytes:
    """The department's workbook, its header in bold, a formula below."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("情况表")
        for at, head in enumerate(heads):
            sheet.write_string(0, at, head, bold)
        rows = lines or ([1, "社区0"], [2, "社区1"], [3, "合计"])
        for line, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                sheet.write(line, at, value)
        sheet.write_formula(4, 2, "=SUM(C2:C3)")
        book.add_worksheet("说明").write_string(0, 0, "请如实填写")
    return content.getvalue()


async def send(
    ledger: Ledger, content: bytes, name: str = "表.xlsx", **form: str
) -> httpx.Response:
    """Upload by the health bureau's system."""
    return await ledger.client.post(
        f"{LEDGER}/forms/sheets",
        files={"file": (name, content)},
        data={"title": "情况表", "purpose": "补贴测算", **form},
        headers=ledger.department(ledger.health, client=True),
    )


async def begun(ledger: Ledger, content: bytes | None = None) -> dict[str, Any]:
    """A draft with the workbook's mapping."""
    await ledger.element()
    await ledger.element("parking", unit=None)
    made = await send(ledger, content or workbook())
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def submitted(ledger: Ledger, form: dict[str, Any], *columns: Any) -> httpx.Response:
    """Confirmed by the department."""
    return await ledger.post(
        f"forms/{form['id']}/submission",
        {"columns": list(columns)},
        by=ledger.department(ledger.health),
    )


async def test_columns_and_rows_are_proposed_and_nothing_is_asked_before_they_are_confirmed(
    ledger: Ledger,
) -> None:
    form = await begun(ledger)
    assert (form["state"], form["sheet"]["community_column"]) == ("draft", 2)
    proposed = {one["header"]: one["element"] for one in form["sheet"]["columns"]}
    assert proposed == dict(zip(HEADS, [None, None, "elderly", None, None], strict=True))
    lines = [(line["row"], line["community_id"]) for line in form["sheet"]["lines"]]
    first, second, _ = map(str, ledger.small.communities)
    assert lines == [(2, first), (3, second), (4, None)]
    assert (await ledger.get("questions"))["items"] == []


async def test_the_workbook_comes_back_filled_and_otherwise_as_it_was(ledger: Ledger) -> None:
    form = await begun(ledger)
    await ledger.entry(412)
    own = {"column": 4, "element": "parking", "period": "2026-Q3"}
    elderly = {"column": 3, "element": "elderly", "period": "2026-Q3"}
    made = await submitted(ledger, form, own, elderly)
    assert made.status_code == 200, made.text
    assert (made.json()["from_ledger"], made.json()["asked"]) == (1, 3)
    await ledger.entry(88, element="parking", unit=None)
    answer = await ledger.client.get(
        f"{LEDGER}/forms/{form['id']}/answers",
        headers={**ledger.department(ledger.health), "Accept": XLSX},
    )
    assert answer.headers["content-type"] == XLSX
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(2, 5, 1, 5)] == [
        [1, "社区0", 412, 88, None],
        [2, "社区1", None, None, None],
        [3, "合计", None, None, None],
        [None, None, "=SUM(C2:C3)", None, None],
    ]
    assert sheet.cell(1, 3).font.bold
    assert book.sheetnames == ["情况表", "说明"]


async def test_a_text_that_looks_like_a_formula_stays_a_text(ledger: Ledger) -> None:
    await ledger.element(type="text", unit=None)
    form = (await send(ledger, workbook())).json()
    await ledger.entry("=1+1", period="2026-Q4")
    await submitted(ledger, form)
    answer = await ledger.client.get(
        f"{LEDGER}/forms/{form['id']}/answers",
        headers={**ledger.department(ledger.health), "Accept": XLSX},
    )
    cell = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].cell(2, 3)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


async def test_a_form_that_came_as_a_list_comes_as_a_grid(ledger: Ledger) -> None:
    await ledger.element()
    await ledger.entry(412)
    body = {
        "title": "情况表",
        "purpose": "测算",
        "elements": [{"element": "elderly", "period": "2026-Q3"}],
    }
    made = await ledger.post("forms", body, by=ledger.department(ledger.health))
    answer = await ledger.client.get(
        f"{LEDGER}/forms/{made.json()['id']}/answers",
        headers={**ledger.department(ledger.health), "Accept": XLSX},
    )
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["Community", "60岁以上老年人数（2026-Q3）"]
    assert ["社区0", 412] in rows


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "form_not_a_workbook"),
        ("社区,老年人\n社区0,1\n".encode(), "form_not_a_workbook"),
        (b"MZ\x90program", "form_not_a_workbook"),
        (merged_header(), "header_merged"),
        (workbook(HEADS, [1, "合计"]), "form_without_communities"),
        (workbook([str(n) for n in range(61)]), "form_sheet_too_large"),
    ],
)
async def test_what_is_no_such_workbook_is_refused_by_name(
    ledger: Ledger, content: bytes, code: str
) -> None:
    await ledger.element()
    refused = await send(ledger, content)
    assert (refused.status_code, codes(refused)) == (422, [code])
    assert (await ledger.get("forms"))["items"] == []


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ({"column": 9, "element": "elderly"}, "column_unknown"),
        ({"column": 2, "element": "elderly"}, "column_unknown"),
        ({"column": 4, "element": "nothing"}, "element_unknown"),
        ({"column": 3, "element": None}, "nothing_mapped"),
    ],
)
async def test_a_mapping_that_does_not_fit_is_refused_and_the_draft_stays(
    ledger: Ledger, column: dict[str, Any], code: str
) -> None:
    form = await begun(ledger)
    refused = await submitted(ledger, form, column)
    assert (refused.status_code, codes(refused)) == (422, [code])
    assert (await ledger.get(f"forms/{form['id']}"))["state"] == "draft"


async def test_a_form_is_submitted_once_and_only_one_with_a_workbook_is_mapped(
    ledger: Ledger,
) -> None:
    form = await begun(ledger)
    assert (await submitted(ledger, form)).status_code == 200
    again = await submitted(ledger, form)
    assert (again.status_code, codes(again)) == (409, ["step_not_possible"])
    body = {"title": "表", "purpose": "测算", "elements": [{"element": "elderly"}]}
    body["title"] = "情况表"
    made = await ledger.post("forms", body, by=ledger.department(ledger.health))
    listed = await submitted(ledger, made.json())
    assert (listed.status_code, codes(listed)) == (409, ["form_without_sheet"])
