"""Files brought into the workstation: what is taken in, what is refused, and how it is said."""

import asyncio
import csv
import io
import os
import signal
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import xlsxwriter
from sqlalchemy import text

from services.workstation.imports import import_kinds
from shared.auth.principal import Role
from shared.db.database import Database
from shared.files.store import FileStore
from shared.imports import runner
from shared.imports.reading import MAX_UNPACKED_BYTES
from shared.imports.runner import Importing
from shared.imports.work import import_given_up
from shared.kernel.clock import SystemClock
from shared.privacy.cipher import PersonalData
from tests.conftest import KEYS
from tests.support.databases import Databases
from tests.support.identity import SigningIdentity
from tests.support.imports import Importer

KINDS = import_kinds(PersonalData(KEYS["personal_data_keys"], KEYS["lookup_key"]), SystemClock())
STREETS = "code,name,kind\nS1,解放街道,街道\nS2,立新乡,乡镇\n"
COMMUNITIES = (
    "社区代码,社区名称,类别,街道代码,状态,设立日期,撤销日期,户数\n"
    "C1,航空路社区,城市,S1,现设,2003-05-20,,2500\n"
    "C2,便河社区,城市,S1,现设,2003-05-20,,1800\n"
)
HOUSEHOLDS = "社区代码,户编号,地址,网格代码\nC1,H1,航空路1号,\nC1,H2,航空路2号,\nC2,H1,便河路1号,\n"
RESIDENTS_HEAD = "社区代码,户编号,姓名,身份证号,电话,居住类别\n"
NUMBER = "11010519491231002X"
OTHER_NUMBER = "440524188001010014"


def _number(place: int) -> str:
    body = f"42100219800101{place:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(sign) * weight for sign, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def _residents(count: int) -> str:
    rows = [f"C1,H1,张{place},{_number(place)},,户籍\n" for place in range(count)]
    return RESIDENTS_HEAD + "".join(rows)


@pytest.fixture
def importer(
    workstation: httpx.AsyncClient,
    workstation_database: Database,
    workstation_files: str,
    district: str,
    identity: SigningIdentity,
) -> Importer:
    """Civil affairs of this test's district."""
    importing = Importing(workstation_database, FileStore(workstation_files), KINDS)
    office = identity.bearer(district, Role.CIVIL_AFFAIRS)
    return Importer(workstation, "workstation", importing, district, office)


@pytest.fixture
async def settled(importer: Importer) -> Importer:
    """Streets, communities and households are there."""
    for kind, content in (
        ("streets", STREETS),
        ("communities", COMMUNITIES),
        ("households", HOUSEHOLDS),
    ):
        found = await importer.take_in(kind, content)
        assert found["state"] == "succeeded", await importer.faults(found["id"])
    return importer


async def _count(importer: Importer, table: str) -> int:
    async with importer.importing.database.read(importer.district) as session:
        found: int = (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
    return found


def _workbook(rows: list[list[Any]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if hasattr(value, "year"):
                    sheet.write_datetime(number, place, value, day)
                else:
                    sheet.write(number, place, value)
    return content.getvalue()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_a_template_that_nobody_filled_in_changes_nothing(
    importer: Importer, kind: str, language: str, format: str
) -> None:
    template = await importer.client.get(
        f"/v1/workstation/imports/templates/{kind}?format={format}",
        headers={**importer.headers, "Accept-Language": language},
    )
    found = await importer.take_in(kind, template.content, f"t.{format}")
    assert (found["state"], found["total"], found["finding_counts"]) == ("succeeded", 0, {})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_example_of_every_column_can_be_read_beneath_its_template(
    importer: Importer, kind: str, language: str
) -> None:
    headers = {**importer.headers, "Accept-Language": language}
    path = "/v1/workstation/imports/templates"
    listed = (await importer.client.get(path, headers=headers)).json()
    columns = next(one["columns"] for one in listed if one["kind"] == kind)
    template = await importer.client.get(f"{path}/{kind}?format=csv", headers=headers)
    row = io.StringIO()
    csv.writer(row).writerow(column["example"] for column in columns)
    found = await importer.take_in(kind, template.content + row.getvalue().encode(), dry_run="true")
    assert found["total"] == 1
    about_the_cell = set(found["finding_counts"]) - {"not_found"}
    assert about_the_cell == set(), await importer.faults(found["id"])


@pytest.mark.parametrize(
    "content",
    [
        STREETS,
        "\ufeff" + STREETS,
        STREETS.replace("\n", "\r\n"),
        STREETS.replace(",", ";"),
        STREETS.replace(",", "\t"),
        STREETS.encode("gb18030"),
        'code,name,kind\nS1,"解放街道",街道\n\n  ,,\nS2, 立新乡 ,township\n',
        "类别,街道名称,街道代码\n街道,解放街道,S1\n乡镇,立新乡,S2\n",
    ],
    ids=["utf-8", "bom", "crlf", "semicolons", "tabs", "gb18030", "quoted and blank", "order"],
)
async def test_a_csv_is_read_whatever_wrote_it(importer: Importer, content: str | bytes) -> None:
    found = await importer.take_in("streets", content)
    assert (found["state"], found["created"]) == ("succeeded", 2)


async def test_a_workbook_is_read_with_its_dates_and_numbers(settled: Importer) -> None:
    rows: list[list[Any]] = [
        ["社区代码", "社区名称", "类别", "街道代码", "状态", "设立日期", "撤销日期", "户数"],
        ["C3", "文化宫社区", "城市", "S1", "现设", date(2010, 5, 1), None, 2600.0],
    ]
    found = await settled.take_in("communities", _workbook(rows), "c.xlsx")
    assert found["created"] == 1, await settled.faults(found["id"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\x00\x01\x02\x03binary", "not_a_table"),
        (b"PK\x03\x04 but no workbook", "xlsx_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_workbook"),
        (bytes(range(1, 256)), "csv_broken"),
        (b"code,name\n" + bytes(8), "not_a_table"),
        ('code,name,kind\nS1,"open quote,街道\n'.encode(), "csv_broken"),
        (b"code,kind\nS1,street\n", "column_missing"),
        ("code,name,kind,颜色\nS1,甲,街道,红\n".encode(), "column_unknown"),
        ("code,name,name,kind\nS1,甲,乙,街道\n".encode(), "column_repeated"),
    ],
)
async def test_a_file_that_is_no_such_table_is_refused_with_the_reason(
    importer: Importer, content: bytes, code: str
) -> None:
    found = await importer.take_in("streets", content)
    assert (found["state"], list(found["finding_counts"])) == ("failed", [code])
    for language in ("zh", "en"):
        [fault] = await importer.faults(found["id"], language)
        assert fault["detail"]
        assert fault["remedy"]


async def test_a_file_that_the_platform_fails_on_says_so(importer: Importer) -> None:
    id = await importer.upload("streets", "code,name,kind\nS1,甲街道,街道\n")
    given_up = import_given_up(importer.importing)
    await given_up(f"{importer.district} {id}")
    await given_up(f"{importer.district} {id}")
    found = await importer.seen(id)
    assert (found["state"], found["finding_counts"]) == ("failed", {"internal_error": 1})
    [fault] = await importer.faults(id)
    assert "administrator" in fault["remedy"]


async def test_a_file_with_nothing_but_its_header_changes_nothing(importer: Importer) -> None:
    found = await importer.take_in("streets", "code,name,kind\n")
    assert (found["state"], found["created"], found["total"]) == ("succeeded", 0, 0)


async def test_a_workbook_that_would_fill_the_memory_is_refused(importer: Importer) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (MAX_UNPACKED_BYTES + 1))
    found = await importer.take_in("streets", content.getvalue(), "bomb.xlsx")
    assert list(found["finding_counts"]) == ["xlsx_too_large"]


async def test_every_fault_is_named_by_row_and_column(importer: Importer) -> None:
    content = "code,name,kind\nS 1,甲,大街\nS2,,街道\nS3,丙\x07丁,街道\nS4,丁,街道\nS4,戊,街道\n"
    found = await importer.take_in("streets", content, mode="good_rows")
    faults = await importer.faults(found["id"])
    assert {(fault["row"], fault["column"], fault["code"]) for fault in faults} == {
        (2, "code", "code_malformed"),
        (2, "kind", "not_a_choice"),
        (3, "name", "missing"),
        (4, "name", "control_character"),
        (6, "code", "repeated_in_file"),
    }
    assert (found["created"], found["rejected"]) == (1, 4)
    sheet = await importer.client.get(
        f"/v1/workstation/imports/{found['id']}/report",
        headers={**importer.headers, "Accept": "text/csv"},
    )
    assert sheet.headers["content-type"].startswith("text/csv")
    assert len(sheet.text.strip().splitlines()) == 6


async def test_one_bad_row_keeps_all_rows_out(importer: Importer) -> None:
    found = await importer.take_in("streets", STREETS + "S3,丙,大街\n")
    assert (found["state"], found["created"], found["rejected"]) == ("failed", 0, 1)
    assert await _count(importer, "street") == 0


async def test_a_dry_run_counts_and_changes_nothing(importer: Importer) -> None:
    found = await importer.take_in("streets", STREETS, dry_run="true")
    assert (found["state"], found["created"]) == ("succeeded", 2)
    assert await _count(importer, "street") == 0


@pytest.mark.parametrize("mode", ["all_or_nothing", "good_rows"])
async def test_the_same_file_twice_changes_nothing(settled: Importer, mode: str) -> None:
    rows = _residents(30)
    first = await settled.take_in("residents", rows, mode=mode)
    events = await _count(settled, "audit_event")
    second = await settled.take_in("residents", rows, mode=mode)
    assert (first["created"], second["created"]) == (30, 0)
    assert (second["updated"], second["unchanged"]) == (0, 30)
    assert await _count(settled, "resident") == 30
    assert await _count(settled, "audit_event") == events + 1  # the import itself


async def test_what_differs_is_updated_and_stands_in_the_audit(
    settled: Importer, identity: SigningIdentity
) -> None:
    changed = COMMUNITIES.replace("2500", "2600")
    found = await settled.take_in("communities", changed)
    assert (found["updated"], found["unchanged"]) == (1, 1)
    events = await settled.client.get(
        "/v1/workstation/audit-events?action=community.updated",
        headers=identity.bearer(settled.district, Role.AUDITOR),
    )
    [event] = events.json()["items"]
    assert event["before"]["household_count"] == 2500
    assert event["after"]["household_count"] == 2600


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110105194912310021", "identity_number_check"),
        ("11010519491331002X", "identity_number_date"),
        ("99010519491231002X", "identity_number_region"),
        ("1101051949123100", "identity_number_form"),
        ("42100220991231001X", "identity_number"),
    ],
)
async def test_a_wrong_identity_number_is_refused_and_stands_in_no_report(
    settled: Importer, number: str, code: str
) -> None:
    found = await settled.take_in(
        "residents", f"{RESIDENTS_HEAD}C1,H1,张晓梅,{number},,户籍\n", mode="good_rows"
    )
    assert found["rejected"] == 1
    [fault] = await settled.faults(found["id"])
    assert (fault["column"], fault["column_title"]) == ("id_number", "ID number")
    assert code.split("_", maxsplit=1)[0] in fault["code"]
    async with settled.importing.database.read(settled.district) as session:
        kept = (await session.execute(text("SELECT * FROM import_finding"))).all()
        audit = (await session.execute(text("SELECT * FROM audit_event"))).all()
    assert number not in repr(kept) + repr(audit)
    assert "张晓梅" not in repr(kept) + repr(audit)


async def test_a_lower_case_x_and_a_spaced_phone_are_read(settled: Importer) -> None:
    row = f"{RESIDENTS_HEAD}C1,H1,张晓梅,{NUMBER.lower()},+86 138-0000-1234,户籍\n"
    found = await settled.take_in("residents", row)
    assert found["created"] == 1, await settled.faults(found["id"])
    upper = await settled.take_in("residents", row.replace("x", "X"))
    assert upper["unchanged"] == 1


async def test_a_resident_who_moved_house_is_updated_not_doubled(settled: Importer) -> None:
    await settled.take_in("residents", f"{RESIDENTS_HEAD}C1,H1,张晓梅,{NUMBER},,户籍\n")
    found = await settled.take_in("residents", f"{RESIDENTS_HEAD}C2,H1,张晓梅,{NUMBER},,户籍\n")
    assert (found["created"], found["updated"]) == (0, 1)
    listed = await settled.client.get("/v1/workstation/residents", headers=settled.headers)
    [resident] = listed.json()["items"]
    communities = await settled.client.get(
        "/v1/workstation/communities?q=便河", headers=settled.headers
    )
    assert resident["community_id"] == communities.json()["items"][0]["id"]


async def test_the_same_person_twice_in_a_file_is_a_fault_of_the_second_row(
    settled: Importer,
) -> None:
    row = f"C1,H1,张晓梅,{NUMBER},,户籍\n"
    found = await settled.take_in("residents", RESIDENTS_HEAD + row + row, mode="good_rows")
    assert (found["created"], found["finding_counts"]) == (1, {"repeated_in_file": 1})


async def test_two_people_on_one_post_are_refused_as_a_conflict(settled: Importer) -> None:
    posts = "岗位编号,社区代码,核定依据,核定日期,文件,撤销日期\nP1,C1,换届核定,2021-12-01,文,\n"
    staff = "工号,姓名,性别,聘用日期,离职日期\nG1,甲,男,2020-01-01,\nG2,乙,女,2020-01-01,\n"
    head = "工号,去向,岗位编号,街道代码,社区代码,借调单位,开始日期,结束日期\n"
    both = head + "G1,在岗,P1,,,,2021-12-01,\nG2,在岗,P1,,,,2022-01-01,\n"
    for kind, content in (("posts", posts), ("staff", staff)):
        assert (await settled.take_in(kind, content))["state"] == "succeeded"
    for mode in ("all_or_nothing", "good_rows"):
        found = await settled.take_in("placements", both, mode=mode)
        assert (found["state"], found["finding_counts"]) == ("failed", {"conflict": 1})
    assert await _count(settled, "placement") == 0


async def test_an_import_asked_to_stop_stops(settled: Importer) -> None:
    id = await settled.upload("residents", _residents(10), mode="good_rows")
    asked = await settled.client.post(
        f"/v1/workstation/imports/{id}/cancellation", headers=settled.headers
    )
    assert asked.status_code == 200
    await settled.work(id)
    assert (await settled.seen(id))["state"] == "cancelled"
    assert await _count(settled, "resident") == 0
    again = await settled.client.post(
        f"/v1/workstation/imports/{id}/cancellation", headers=settled.headers
    )
    assert (again.status_code, again.json()["code"]) == (409, "import_ended")


async def test_an_import_of_another_district_does_not_exist(
    importer: Importer, identity: SigningIdentity
) -> None:
    id = await importer.upload("streets", STREETS)
    foreign = identity.bearer("999997", Role.CIVIL_AFFAIRS)
    for path in ("", "/report"):
        answer = await importer.client.get(f"/v1/workstation/imports/{id}{path}", headers=foreign)
        assert answer.status_code == 404


async def test_imports_side_by_side_each_take_effect_once(
    settled: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "CHUNK_ROWS", 20)
    rows = _residents(200)
    ids = [await settled.upload("residents", rows, mode="good_rows") for _ in range(3)]
    await asyncio.gather(*(settled.work(id) for id in [*ids, ids[0]]))  # one of them twice
    seen = [await settled.seen(id) for id in ids]
    assert {found["state"] for found in seen} == {"succeeded"}
    assert sum(found["created"] for found in seen) == 200
    assert sum(found["unchanged"] for found in seen) == 400
    assert await _count(settled, "resident") == 200


WORKER = """
import asyncio, os, sys
from uuid import UUID
from shared.imports import runner
from shared.db.database import Database
from shared.files.store import FileStore
from services.workstation.imports import import_kinds
from shared.kernel.clock import SystemClock
from shared.privacy.cipher import PersonalData

url, files, keys, lookup, district, id = sys.argv[1:]
runner.CHUNK_ROWS = 50
applied = 0
apply = runner._apply

async def apply_and_tell(*arguments):
    global applied
    counts = await apply(*arguments)
    applied += 1
    if applied == 3:
        print("third chunk", flush=True)
        await asyncio.sleep(60)  # killed here, within the transaction of the third chunk
    return counts

runner._apply = apply_and_tell
importing = runner.Importing(
    Database(url, schema="workstation"),
    FileStore(files),
    import_kinds(PersonalData(keys, lookup), SystemClock()),
)
asyncio.run(runner.run_import(importing, district, UUID(id)))
"""


async def test_an_import_whose_worker_was_killed_goes_on_where_it_was(
    settled: Importer,
    databases: Databases,
    workstation_files: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "CHUNK_ROWS", 50)
    id = await settled.upload("residents", _residents(300), mode="good_rows")
    worker = subprocess.Popen(  # noqa: ASYNC220 - started at once
        [
            sys.executable,
            "-c",
            WORKER,
            databases.url("workstation"),
            workstation_files,
            KEYS["personal_data_keys"],
            KEYS["lookup_key"],
            settled.district,
            id,
        ],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert worker.stdout is not None
    said = await asyncio.to_thread(worker.stdout.readline)
    assert said == b"third chunk\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    halfway = await settled.seen(id)
    assert (halfway["state"], halfway["created"]) == ("running", 100)
    await settled.work(id)
    done = await settled.seen(id)
    assert (done["state"], done["created"], done["unchanged"]) == ("succeeded", 300, 0)
    assert await _count(settled, "resident") == 300
