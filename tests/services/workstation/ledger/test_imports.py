"""Entries brought in by file."""

import httpx
import pytest

from services.workstation.imports import import_kinds
from shared.auth.principal import Role
from shared.files.store import FileStore
from shared.imports.runner import Importing
from shared.kernel.clock import FixedClock
from shared.privacy.cipher import PersonalData
from tests.conftest import KEYS
from tests.services.workstation.ledger.conftest import TODAY, Ledger
from tests.services.workstation.ledger.test_entries import merged_header
from tests.services.workstation.ledger.test_forms import ask, shown, values
from tests.support.imports import Importer

HEAD = "数据项代码,社区代码,期间,值,单位,采集日期\n"
GOOD = HEAD + 'elderly,C0,2026-Q3,412,人,2026-10-01\nelderly,C1,2026年第3季度,"1,020",,\n'


@pytest.fixture
def importer(workstation: httpx.AsyncClient, ledger: Ledger, workstation_files: str) -> Importer:
    """Civil affairs."""
    personal = PersonalData(KEYS["personal_data_keys"], KEYS["lookup_key"])
    kinds = import_kinds(personal, FixedClock.on(TODAY))
    importing = Importing(ledger.database, FileStore(workstation_files), kinds)
    office = ledger.small.role(Role.CIVIL_AFFAIRS)
    return Importer(workstation, "workstation", importing, ledger.small.code, office)


async def test_a_file_is_taken_in_once_and_the_same_file_again_changes_nothing(
    ledger: Ledger, importer: Importer
) -> None:
    await ledger.element()
    for counts in ((2, 0, 0), (0, 0, 2)):
        found = await importer.take_in("ledger_entries", GOOD)
        assert (found["created"], found["updated"], found["unchanged"]) == counts
    rows = (await ledger.get("entries"))["items"]
    assert sorted(row["value"] for row in rows) == [412, 1020]
    assert {row["source"] for row in rows} == {"import"}


async def test_a_value_that_differs_corrects_the_one_that_stands(
    ledger: Ledger, importer: Importer
) -> None:
    await ledger.element()
    old = await ledger.entry(400)
    found = await importer.take_in("ledger_entries", GOOD)
    assert (found["created"], found["updated"]) == (1, 1)
    history = await ledger.get(f"entries/{old['id']}/history")
    assert [(row["value"], row["source"]) for row in history] == [
        (412, "import"),
        (400, "person"),
    ]


async def test_in_good_rows_mode_each_fault_is_named_by_row_and_column(
    ledger: Ledger, importer: Importer
) -> None:
    await ledger.element()
    await ledger.element("pets", scope="household", unit="只")
    content = GOOD + (
        "nothing,C0,2026-Q3,1,,\n"
        "elderly,C9,2026-Q3,1,,\n"
        "elderly,C2,2026-07,许多,户,2027-01-01\n"
        "elderly,C0,2026-Q3,413,,\n"
        "pets,C0,2026-Q3,1,,\n"
    )
    found = await importer.take_in("ledger_entries", content, mode="good_rows")
    assert (found["created"], found["rejected"]) == (2, 5)
    faults = {
        (one["row"], one["column"], one["code"]) for one in await importer.faults(found["id"])
    }
    assert faults == {
        (4, "element_code", "not_found"),
        (5, "community_code", "not_found"),
        (6, "period", "period_misfit"),
        (6, "value", "value_wrong_type"),
        (6, "unit", "unit_mismatch"),
        (6, "recorded_on", "day_out_of_range"),
        (7, "element_code", "repeated_in_file"),
        (8, "element_code", "element_personal"),
    }


async def test_a_workbook_with_a_merged_header_is_refused_by_name(importer: Importer) -> None:
    found = await importer.take_in("ledger_entries", merged_header(), "t.xlsx")
    assert (found["state"], list(found["finding_counts"])) == ("failed", ["header_merged"])


async def test_the_same_value_collected_anew_counts_again_once_the_old_one_is_over(
    ledger: Ledger, importer: Importer
) -> None:
    await ledger.element(validity_days=30)
    await ledger.entry(412, recorded_on="2026-08-01")
    form = await ask(ledger, communities=[str(ledger.small.communities[0])])
    assert form["asked"] == 1
    again = HEAD + "elderly,C0,2026-Q3,412,,2026-10-08\n"
    for counts in ((0, 1, 0), (0, 0, 1)):
        found = await importer.take_in("ledger_entries", again)
        assert (found["created"], found["updated"], found["unchanged"]) == counts
    assert (await shown(ledger, form))["state"] == "filled"


async def test_a_file_answers_what_forms_ask(ledger: Ledger, importer: Importer) -> None:
    await ledger.element()
    form = await ask(ledger)
    await importer.take_in("ledger_entries", GOOD)
    assert (await shown(ledger, form))["remaining"] == 1
    assert await values(ledger, form) == [412, 1020, None]
