"""What all can read: feeds, statistics, photographs; and the workbook for those who work on it."""

import io
import json
import struct
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import httpx
from python_calamine import CalamineWorkbook

from services.committee.hall.feeds import ATOM
from shared.files.metadata import without_metadata
from tests.services.committee.hall.conftest import BASE, MONDAY, Hall

NAME = f"{{{ATOM}}}"


async def test_a_feed_holds_a_communitys_matters_as_text_in_both_forms(hall: Hall) -> None:
    script = "<script>alert(1)</script>&amp;"
    made = await hall.raised(title=f"路灯{script}", content=f"坏了{script}")
    await hall.raised("stranger", community_id=str(hall.communities[1]))
    hidden = await hall.raised("neighbour")
    await hall.did("member", f"matters/{hidden['id']}/moderations", {"reason": "涉及隐私"})
    where = f"communities/{hall.communities[0]}/feed"
    atom = await hall.ask(None, "GET", f"{where}.atom?district={hall.code}")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    assert b"<script>" not in atom.content
    root = ET.fromstring(atom.content)
    entries = root.findall(f"{NAME}entry")
    assert [one.findtext(f"{NAME}id") for one in entries] == [f"urn:uuid:{made['id']}"]
    assert entries[0].findtext(f"{NAME}title") == f"路灯{script}"
    content = entries[0].find(f"{NAME}content")
    assert content is not None and content.get("type") == "text"
    feed = (await hall.ask(None, "GET", f"{where}.json?district={hall.code}")).json()
    assert [one["id"] for one in feed["items"]] == [f"urn:uuid:{made['id']}"]
    assert "content_html" not in json.dumps(feed)
    assert feed["items"][0]["content_text"] == f"坏了{script}"
    unknown = await hall.ask(
        None, "GET", f"communities/{made['id']}/feed.json?district={hall.code}"
    )
    assert unknown.status_code == 404


async def _settled(hall: Hall, place: int, days: int, score: int) -> None:
    login = f"person{place}"
    hall.add(login, "resident", community=hall.communities[0])
    hall.days.go_to(MONDAY)
    made = await hall.raised(login, category="noise")
    hall.days.go_to(MONDAY + timedelta(days=1))
    await hall.did("member", f"matters/{made['id']}/acceptance", {})
    hall.days.go_to(MONDAY + timedelta(days=days))
    await hall.did("member", f"matters/{made['id']}/result", {"result": "已办好"})
    await hall.did(login, f"matters/{made['id']}/rating", {"score": score})


async def test_statistics_tell_how_soon_and_how_well_and_leave_out_what_rests_on_few(
    hall: Hall,
) -> None:
    for place, (days, score) in enumerate(((2, 5), (3, 4), (4, 3), (6, 5))):
        await _settled(hall, place, days, score)
    few = await hall.seen("statistics?by=category")
    assert few["rows"][0]["rated"] == 4
    assert [
        few["rows"][0][name] for name in ("median_days_to_answer", "mean_score", "content")
    ] == [
        None,
        None,
        None,
    ]
    await _settled(hall, 4, 9, 3)
    hall.days.go_to(MONDAY)
    await hall.raised(category="parking")
    hall.days.go_to(MONDAY + timedelta(days=20))
    rows = (await hall.seen("statistics?by=category"))["rows"]
    assert rows[0] == {
        "key": "noise", "name": "noise", "matters": 5, "open": 0, "closed": 5, "overdue": 0,
        "reopened": 0, "supporters": 0, "answered": 5, "median_days_to_answer": 1.0,
        "resulted": 5, "median_days_to_result": 4.0, "rated": 5, "mean_score": 4.0, "content": 3,
    }  # fmt: skip
    assert (rows[1]["key"], rows[1]["open"], rows[1]["overdue"]) == ("parking", 1, 1)
    assert [row["matters"] for row in (await hall.seen("statistics?by=community"))["rows"]] == [6]
    assert [row["name"] for row in (await hall.seen("statistics?by=street"))["rows"]] == [
        "解放街道"
    ]
    assert [row["key"] for row in (await hall.seen("statistics?by=month"))["rows"]] == ["2026-03"]
    places = (await hall.seen("statistics?by=place&category=noise"))["rows"]
    assert [(row["key"], row["matters"]) for row in places] == [("3号楼门前", 5)]
    elsewhere = await hall.seen(f"statistics?by=category&community_id={hall.communities[1]}")
    assert elsewhere["rows"] == []
    none = await hall.seen("statistics?since=2025-01-01&until=2025-06-01")
    assert none["rows"] == []
    wrong = await hall.ask(
        None, "GET", f"statistics?district={hall.code}&since=2026-03-01&until=2026-03-01"
    )
    assert wrong.json()["errors"][0]["code"] == "span_wrong"


async def test_a_workbook_holds_the_matters_within_reach_and_no_formula(hall: Hall) -> None:
    await hall.raised(title="=1+1", content="=cmd|' /C calc'!A0")
    await hall.raised("stranger", community_id=str(hall.communities[1]))
    answer = await hall.ask("member", "GET", "matters.xlsx")
    assert answer.status_code == 200, answer.text
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    table = rows.to_python()
    assert [row[3] for row in table] == ["Title", "=1+1"]
    assert (await hall.ask("resident", "GET", "matters.xlsx")).status_code == 403


def _jpeg() -> bytes:
    exif = b"Exif\0\0" + b"GPS 30.3,112.2 owner:canary"
    return (
        b"\xff\xd8\xff\xe0" + struct.pack(">H", 7) + b"JFIF\0"
        + b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif
        + b"\xff\xda" + b"\0\x04ab" + b"picture\xff\xd9"
    )  # fmt: skip


async def _upload(hall: Hall, login: str, id: str, name: str, content: bytes) -> httpx.Response:
    return await hall.client.post(
        f"{BASE}/matters/{id}/attachments",
        files={"file": (name, content)},
        headers=hall.people[login],
    )


async def test_a_photograph_loses_where_it_was_taken_and_is_public_once_the_committee_says_so(
    hall: Hall,
) -> None:
    made = await hall.raised(anonymous=True)
    path = f"matters/{made['id']}"
    answer = await _upload(hall, "resident", made["id"], "张三家门口.jpg", _jpeg())
    assert answer.status_code == 201, answer.text
    photo = answer.json()["id"]
    assert (await _upload(hall, "neighbour", made["id"], "a.jpg", _jpeg())).status_code == 403
    assert await hall.seen(f"{path}/photos") == []
    assert (await hall.ask("neighbour", "GET", f"{path}/attachments")).status_code == 404
    assert [one["name"] for one in await hall.seen(f"{path}/attachments", "member")] == [
        "张三家门口.jpg"
    ]
    await hall.did("member", f"{path}/attachments/{photo}/publication")
    shown = (await hall.seen(f"{path}/photos"))[0]
    assert shown["name"].startswith("photo-")
    file = await hall.ask(None, "GET", f"{path}/photos/{photo}?district={hall.code}")
    assert file.content.endswith(b"picture\xff\xd9")
    assert b"GPS" not in file.content
    assert "%" not in file.headers["content-disposition"]


async def test_documents_stay_with_the_committee_and_programs_are_refused(hall: Hall) -> None:
    made = await hall.raised()
    document = (await _upload(hall, "resident", made["id"], "a.pdf", b"%PDF-1.7 ...")).json()
    answer = await hall.post(
        "member", f"matters/{made['id']}/attachments/{document['id']}/publication"
    )
    assert answer.json()["code"] == "not_publishable"
    program = await _upload(hall, "resident", made["id"], "a.jpg", b"MZ....")
    assert program.json()["errors"][0]["code"] == "file_type_not_taken"
    for _ in range(8):
        assert (await _upload(hall, "resident", made["id"], "a.jpg", _jpeg())).status_code == 201
    last = await _upload(hall, "resident", made["id"], "a.jpg", _jpeg())
    assert last.json()["code"] == "no_more_attachments"


def test_a_png_loses_its_texts_and_other_content_is_left_alone() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + b"crc!"

    start = b"\x89PNG\r\n\x1a\n"
    kept = chunk(b"IHDR", b"x" * 13) + chunk(b"IDAT", b"picture")
    png = start + chunk(b"IHDR", b"x" * 13) + chunk(b"tEXt", b"canary") + chunk(b"IDAT", b"picture")
    assert without_metadata(png) == start + kept
    assert without_metadata(b"%PDF-1.7 canary") == b"%PDF-1.7 canary"
    assert without_metadata(b"\xff\xd8\xff\xe1") == b"\xff\xd8\xff\xe1"


async def test_the_week_of_the_statistics_ends_today(hall: Hall) -> None:
    await hall.raised()
    found = await hall.seen("statistics")
    assert (found["since"], found["until"]) == ("2025-03-03", "2026-03-03")
    assert found["rows"][0]["matters"] == 1
    assert date.fromisoformat(found["until"]) == MONDAY + timedelta(days=1)
