"""Matters that were settled before the platform are brought in with their days."""

import pytest

from services.committee.imports import import_kinds
from shared.files.store import FileStore
from shared.imports.runner import Importing
from tests.services.committee.hall.conftest import Hall
from tests.support.imports import Importer

HEAD = "编号,社区代码,标题,内容,类别,地点,渠道,匿名,附议人数,提出日期,答复日期,结果,结果日期,办结日期,评分\n"
LAMP = "L-1,C0,路灯不亮,两盏路灯坏了。,公共设施,3号楼,电话,是,12,2025-12-05,2025-12-06,已更换。,2025-12-10,2025-12-12,5\n"
DANCE = "L-2,C0,广场舞太吵,音响太大。,噪音扰民,,当面,否,3,2025-12-20,2025-12-20,已签公约。,2025-12-25,2026-01-08,\n"


@pytest.fixture
def files(hall: Hall, committee_files: str) -> Importer:
    """The committee's administrator brings in files."""
    hall.add("administrator", "administrator")
    importing = Importing(hall.database, FileStore(committee_files), import_kinds())
    return Importer(hall.client, "committee", importing, hall.code, hall.people["administrator"])


async def test_a_year_of_matters_is_found_counted_and_the_same_file_changes_nothing(
    hall: Hall, files: Importer
) -> None:
    done = await files.take_in("settled_matters", HEAD + LAMP + DANCE)
    assert (done["state"], done["created"]) == ("succeeded", 2)
    found = (await hall.seen("matters?q=路灯"))["items"][0]
    assert (found["code"], found["supporters"], found["closed_by"]) == ("L-1", 12, "word")
    assert (await hall.seen("matters?q=公约"))["items"] == []
    rows = (await hall.seen("statistics?by=month&since=2025-12-01&until=2026-01-01"))["rows"]
    assert (rows[0]["key"], rows[0]["matters"], rows[0]["rated"]) == ("2025-12", 2, 1)
    assert [one["score"] for one in await hall.seen(f"matters/{found['id']}/ratings")] == [5]
    again = await files.take_in("settled_matters", HEAD + LAMP + DANCE, name="b.csv")
    assert (again["created"], again["unchanged"]) == (0, 2)


async def test_faulty_rows_are_refused_with_their_reasons(hall: Hall, files: Importer) -> None:
    await files.take_in("settled_matters", HEAD + LAMP)
    rows = [
        LAMP.replace("已更换。", "没有修。"),
        DANCE.replace("2025-12-25", "2025-12-19"),
        DANCE.replace("C0", "C9").replace("L-2", "L-3"),
        DANCE.replace("音响太大。", "请打13912345678。").replace("L-2", "L-4"),
    ]
    done = await files.take_in("settled_matters", HEAD + "".join(rows), name="c.csv")
    assert (done["state"], done["created"]) == ("failed", 0)
    faults = await files.faults(done["id"])
    assert [fault["code"] for fault in faults] == [
        "code_taken", "days_disordered", "not_found", "personal_data_in_text",
    ]  # fmt: skip
    assert "13912345678" not in str(faults)
