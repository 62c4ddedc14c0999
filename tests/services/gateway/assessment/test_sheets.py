"""Many requests in one sheet: each row is answered, nothing is taken by halves."""

import csv
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.gateway.assessment.conftest import TODAY, Assessment

HEAD = [
    "编号",
    "名称",
    "类型",
    "综合性",
    "级别",
    "依据",
    "项目代码",
    "需报材料的项目",
    "社区代码",
    "街道",
    "开始日期",
    "最后一日",
    "现场分钟",
    "每日检查人员",
    "检查组",
]


def row(reference: str, **changed: str) -> dict[str, str]:
    """A row without a fault."""
    values = {
        "编号": reference,
        "名称": "社区警务工作检查",
        "类型": "检查",
        "综合性": "否",
        "级别": "区",
        "依据": "公安机关社区警务工作规范",
        "项目代码": "A1、A2",
        "需报材料的项目": "",
        "社区代码": "C0，C1",
        "街道": "",
        "开始日期": str(TODAY + timedelta(days=21)),
        "最后一日": str(TODAY + timedelta(days=41)),
        "现场分钟": "60",
        "每日检查人员": "4",
        "检查组": "",
    }
    return {**values, **changed}


def sheet(*rows: dict[str, str], form: str = "csv") -> bytes:
    """A sheet of rows."""
    if form == "csv":
        content = io.StringIO()
        writer = csv.DictWriter(content, HEAD)
        writer.writeheader()
        writer.writerows(rows)
        return content.getvalue().encode()
    import xlsxwriter

    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        for at, head in enumerate(HEAD):
            page.write_string(0, at, head)
            for line, one in enumerate(rows, start=1):
                page.write_string(line, at, one[head])
    return packed.getvalue()


async def send(
    assessment: Assessment, content: bytes, name: str = "申请.csv", **form: Any
) -> httpx.Response:
    """A sheet from the police."""
    return await assessment.offices.gateway.post(
        "/v1/assessment/requests/sheets",
        data=form,
        files={"file": (name, content)},
        headers=assessment.offices.who("police"),
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_row_is_a_request_that_is_screened_at_once(
    assessment: Assessment, form: str
) -> None:
    await assessment.standard()
    content = sheet(row("GA-1"), row("GA-2", 依据=""), form=form)
    report = (await send(assessment, content, f"申请.{form}", submit="true")).json()
    assert (report["taken"], report["rows"], report["rejected"]) == (True, 2, 0)
    good, bad = report["requests"]
    assert (good["row"], good["state"], good["verdicts"]["needs_visit"]) == (
        2, "with_leading_group", 4,
    )  # fmt: skip
    assert (bad["state"], bad["issues"]) == ("returned", ["legal_basis_missing"])
    assert len(assessment.ledger.asked) == 1
    made = await assessment.get("police", f"requests/{good['id']}")
    assert made["ends_on"] == str(TODAY + timedelta(days=42))


async def test_every_fault_of_a_row_is_named_and_nothing_is_taken_by_halves(
    assessment: Assessment,
) -> None:
    await assessment.standard()
    content = sheet(
        row("GA-1"),
        row("GA-2", 类型="抽查", 开始日期="某日"),
        row("GA-3", 社区代码="C0、C9", 街道="无此街道", 需报材料的项目="A7", 最后一日="2026-01-01"),
        row("GA-1"),
        row("GA-5", 开始日期="2027-01-01", 最后一日="2028-01-02"),
        row("GA-6", 最后一日="9999-12-31"),
    )
    report = (await send(assessment, content)).json()
    assert (report["taken"], report["rows"], report["rejected"]) == (False, 6, 5)
    assert [(one["row"], one["column_title"], one["code"]) for one in report["findings"]] == [
        (3, "kind", "not_a_choice"),
        (3, "starts on", "not_a_date"),
        (4, "communities", "not_found"),
        (4, "last day", "ends_before_start"),
        (4, "items with material", "not_found"),
        (4, "streets", "not_found"),
        (5, "reference", "repeated"),
        (6, "last day", "window_too_long"),
        (7, "last day", "not_a_date"),
    ]
    assert (await assessment.get("police", "requests"))["items"] == []
    partly = (await send(assessment, content, mode="good_rows")).json()
    assert [one["reference"] for one in partly["requests"]] == ["GA-1"]


async def test_the_same_sheet_again_changes_nothing(assessment: Assessment) -> None:
    await assessment.standard()
    content = sheet(row("GA-1"))
    dry = (await send(assessment, content, dry_run="true")).json()
    assert (dry["taken"], dry["requests"]) == (False, [])
    first = (await send(assessment, content)).json()
    again = (await send(assessment, content)).json()
    assert [one["created"] for one in first["requests"] + again["requests"]] == [True, False]
    changed = (await send(assessment, sheet(row("GA-1", 名称="另一项检查")))).json()
    assert [one["code"] for one in changed["findings"]] == ["reference_taken"]
    assert len((await assessment.get("police", "requests"))["items"]) == 1


async def test_a_sheet_that_is_none_is_refused(assessment: Assessment) -> None:
    await assessment.standard()
    head = await send(assessment, "编号,未知列\n".encode())
    assert head.status_code == 422
    assert {issue["code"] for issue in head.json()["errors"]} >= {
        "column_unknown",
        "column_missing",
    }
    many = await send(assessment, sheet(*(row(f"GA-{at}") for at in range(301))))
    assert many.json()["code"] == "too_many_rows"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_the_template_is_read_as_it_is_downloaded(assessment: Assessment, form: str) -> None:
    await assessment.standard()
    answer = await assessment.send("GET", "police", f"requests/sheets/template?format={form}")
    report = (await send(assessment, answer.content, f"模板.{form}", dry_run="true")).json()
    assert (report["rows"], report["findings"]) == (0, [])
