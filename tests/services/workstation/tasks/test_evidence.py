"""Files as evidence: what they are is judged by their content."""

import asyncio
import hashlib
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from services.workstation.tasks import proving
from shared.files.checking import DOCX, XLSX, Clamd, plain_name
from shared.kernel.errors import Unavailable
from shared.web.app import ServiceApplication
from tests.services.workstation.tasks.conftest import (
    JPEG,
    PDF,
    PNG,
    PROGRAM,
    TASKS,
    Work,
    office_file,
)

GOOD = [
    ("入户照片.JPG", JPEG, "image/jpeg"),
    ("plan.png", PNG, "image/png"),
    ("签字表.pdf", PDF, "application/pdf"),
    ("说明.docx", office_file("word/document.xml"), DOCX),
    ("名单.xlsx", office_file("xl/workbook.xml"), XLSX),
]


@pytest.mark.parametrize(("name", "content", "media_type"), GOOD)
async def test_a_file_comes_back_as_it_was_sent(
    work: Work, name: str, content: bytes, media_type: str
) -> None:
    task = await work.in_work()
    made = await work.upload(task, name, content)
    found = made.json()
    assert (made.status_code, found["name"], found["media_type"]) == (201, name, media_type)
    assert (found["size"], found["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert found["scanned"] is False
    path = f"{TASKS}/{task}/evidence/{found['id']}"
    for by in (work.clerk(), work.official(), work.small.officer(0)):
        answer = await work.client.get(path, headers=by)
        assert (answer.status_code, answer.content) == (200, content)
        assert answer.headers["content-type"] == media_type
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await work.client.get(path, headers=work.clerk(1))).status_code == 404


BAD = [
    ("入户照片.jpg", PROGRAM, "file_type_not_taken"),
    ("run.jpg", b"#!/bin/sh\n", "file_type_not_taken"),
    ("page.pdf", b"<html><script>", "file_type_not_taken"),
    ("photo.exe", JPEG, "file_misnamed"),
    ("photo.png", JPEG, "file_misnamed"),
    ("photo", JPEG, "file_misnamed"),
    ("empty.pdf", b"", "file_empty"),
    ("macro.docx", office_file("word/document.xml", "word/vbaProject.bin"), "file_type_not_taken"),
    ("archive.docx", office_file("run.exe"), "file_type_not_taken"),
    ("broken.xlsx", b"PK\x03\x04" + bytes(40), "file_type_not_taken"),
]


@pytest.mark.parametrize(("name", "content", "code"), BAD)
async def test_what_is_not_what_its_name_says_is_refused(
    work: Work, name: str, content: bytes, code: str
) -> None:
    task = await work.in_work()
    refused = await work.upload(task, name, content)
    [error] = refused.json()["errors"]
    assert (refused.status_code, error["code"], error["pointer"]) == (422, code, "/file")
    assert await work.get(f"{TASKS}/{task}/evidence") == []


async def test_a_file_that_is_too_large_is_refused(work: Work) -> None:
    task = await work.in_work()
    just = await work.upload(task, "large.jpg", JPEG.ljust(proving.MOST_BYTES + 1, b"x"))
    assert (just.status_code, just.json()["errors"][0]["code"]) == (422, "file_too_large")
    far = await work.upload(task, "huge.jpg", JPEG.ljust(proving.MOST_BYTES + (1 << 17), b"x"))
    assert far.status_code == 413


async def test_without_a_file_the_form_is_refused(work: Work) -> None:
    task = await work.in_work()
    bare = await work.client.post(f"{TASKS}/{task}/evidence", data={"x": "y"}, headers=work.clerk())
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/file")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\照片\\甲.jpg", "甲.jpg"),
        ("a\r\nb\x00.png", "ab.png"),
    ],
)
def test_a_name_holds_no_folders_and_nothing_that_does_not_print(given: str, kept: str) -> None:
    assert plain_name(given) == kept


async def test_evidence_is_added_while_the_task_is_worked_on_and_shows_the_work(
    work: Work,
) -> None:
    [task] = await work.tasks(0)
    early = await work.upload(task, "a.jpg", JPEG)
    assert (early.status_code, early.json()["code"]) == (409, "task_not_in_work")
    await work.done(f"{task}/acceptance")
    await work.done(f"{task}/start")
    assert (await work.upload(task, "a.jpg", JPEG)).status_code == 201
    twice = await work.upload(task, "b.jpg", JPEG)
    assert (twice.status_code, twice.json()["code"]) == (409, "evidence_known")
    await work.done(f"{task}/submission", {})
    late = await work.upload(task, "c.png", PNG)
    assert late.json()["code"] == "task_not_in_work"
    shown = await work.get(f"{TASKS}/{task}")
    assert [one["name"] for one in shown["evidence"]] == ["a.jpg"]


async def test_a_file_added_by_mistake_is_withdrawn_and_stays_on_record(work: Work) -> None:
    task = await work.in_work()
    made = (await work.upload(task, "a.jpg", JPEG)).json()
    path = f"{task}/evidence/{made['id']}"
    await work.done(f"{path}/withdrawal", {"reason": "传错了照片"})
    assert (await work.client.get(f"{TASKS}/{path}", headers=work.clerk())).status_code == 404
    assert (await work.post(f"{path}/withdrawal", {"reason": "再撤一次"})).status_code == 404
    [kept] = await work.get(f"{TASKS}/{task}/evidence?withdrawn=true")
    assert kept["withdrawn_because"] == "传错了照片"
    bare = await work.post(f"{task}/submission", {})
    assert bare.json()["errors"][0]["code"] == "evidence_missing"
    assert (await work.upload(task, "a.jpg", JPEG)).status_code == 201


async def test_a_file_whose_transaction_failed_leads_nowhere_and_is_written_over(
    work: Work, app: ServiceApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await work.in_work()
    folder = Path(urlsplit(app.state.settings.files_url).path)
    kept = folder / work.small.code / "tasks" / str(task)

    async def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("the power failed")

    with monkeypatch.context() as broken:
        broken.setattr(proving, "record", fail)
        assert (await work.upload(task, "a.jpg", JPEG)).status_code == 500
    assert len(list(kept.iterdir())) == 1
    assert await work.get(f"{TASKS}/{task}/evidence") == []
    assert (await work.upload(task, "a.jpg", JPEG)).status_code == 201
    assert len(list(kept.iterdir())) == 1


@asynccontextmanager
async def _clamd(answer: bytes | None) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A scanner that answers so, or hangs up; its address and what it was sent."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer is not None:
            assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!L", await reader.readexactly(4))[0]:
                content += await reader.readexactly(size)
            seen.append(content)
            writer.write(answer + b"\0")
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", seen


async def test_a_virus_scanner_sees_every_file(
    work: Work, app: ServiceApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await work.in_work()
    settings = app.state.settings
    for answer, status, code in (
        (b"stream: OK", 201, None),
        (b"stream: Eicar-Test-Signature FOUND", 422, "file_infected"),
        (b"INSTREAM size limit exceeded. ERROR", 503, "scanner_down"),
        (None, 503, "scanner_down"),
    ):
        async with _clamd(answer) as (address, seen):
            monkeypatch.setattr(settings, "virus_scanner", address)
            answered = await work.upload(task, "a.jpg", JPEG if status == 201 else JPEG + b"!")
        body = answered.json()
        assert answered.status_code == status, answered.text
        if status == 201:
            assert body["scanned"] is True
            assert seen == [JPEG]
        else:
            assert code in {body["code"], *(error["code"] for error in body["errors"])}
    assert len(await work.get(f"{TASKS}/{task}/evidence")) == 1


async def test_a_scanner_that_is_not_there_refuses_rather_than_lets_pass() -> None:
    async with _clamd(b"stream: OK") as (address, _):
        pass
    with pytest.raises(Unavailable):
        await Clamd(address).infection(JPEG)
