"""What an uploaded file really is: judged by its content, never by its name."""

import asyncio
import re
import struct
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

from shared.kernel.errors import Invalid, Unavailable
from shared.kernel.issue import Issue
from shared.kernel.text import Text

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}
"""The types that are taken, and how their names end."""
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_CHUNK = 1 << 16
_SCAN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept; `scanned` says whether a virus scanner has seen it."""

    name: str
    media_type: str
    content: bytes
    scanned: bool


class Scanner(Protocol):
    """Looks for viruses."""

    async def infection(self, content: bytes) -> str | None:
        """The name of what was found, None when it is clean. Raises Unavailable when it cannot
        tell."""
        ...


class Clamd:
    """A ClamAV daemon at `host:port`, asked with INSTREAM."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._host, self._port = host, int(port)

    async def infection(self, content: bytes) -> str | None:
        """See `Scanner`."""
        try:
            async with asyncio.timeout(_SCAN_SECONDS):
                answer = await self._ask(content)
        except (OSError, TimeoutError):
            raise _scanner_down() from None
        if answer.endswith("OK"):
            return None
        if answer.endswith("FOUND"):
            return answer.removeprefix("stream: ").removesuffix(" FOUND")
        raise _scanner_down()

    async def _ask(self, content: bytes) -> str:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                part = content[start : start + _CHUNK]
                writer.write(struct.pack("!L", len(part)) + part)
                await writer.drain()
            writer.write(struct.pack("!L", 0))
            await writer.drain()
            return (await reader.read(4096)).decode("utf-8", "replace").strip("\0 \n")
        finally:
            writer.close()


def scanner_at(address: str) -> Scanner | None:
    """The scanner that is configured, None without an address."""
    return Clamd(address) if address else None


async def checked_file(
    name: str, content: bytes, *, most_bytes: int, scanner: Scanner | None, pointer: str = "/file"
) -> CheckedFile:
    """The file, if it may be kept. Raises Invalid naming what it is and what is taken, Unavailable
    when the scanner that should see it does not answer."""
    if not content:
        raise _refused("file_empty", pointer, Text("文件是空的。", "The file is empty."))
    if len(content) > most_bytes:
        size = most_bytes // (1 << 20)
        told = Text(f"文件超过 {size} MB。", f"The file is larger than {size} MB.")
        raise _refused("file_too_large", pointer, told)
    name = plain_name(name)
    media_type = media_type_of(content)
    if media_type is None:
        raise _refused("file_type_not_taken", pointer, _what(content))
    if not name.lower().endswith(SUFFIXES[media_type]):
        told = Text(
            f"文件名“{name[:60]}”与内容（{media_type}）不符。",
            f"The name “{name[:60]}” does not fit the content ({media_type}).",
        )
        raise _refused("file_misnamed", pointer, told)
    found = await scanner.infection(content) if scanner is not None else None
    if found is not None:
        told = Text(f"文件含有病毒（{found}）。", f"The file is infected ({found}).")
        raise _refused("file_infected", pointer, told)
    return CheckedFile(name, media_type, content, scanned=scanner is not None)


def plain_name(name: str) -> str:
    """A file's name without folders and without signs that do not print, at most 120 of them."""
    name = re.split(r"[/\\\\]", name)[-1]
    name = "".join(sign for sign in name if sign.isprintable()).strip()
    return name[-120:]


def media_type_of(content: bytes) -> str | None:
    """The type by content, None for one that is not taken."""
    for start, media_type in _MAGIC:
        if content.startswith(start):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return None


def _office_type(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _what(content: bytes) -> Text:
    if content.startswith(_PROGRAMS):
        return Text("文件内容是可执行程序。", "The content is an executable program.")
    return Text("不接受这种内容的文件。", "Files with this content are not taken.")


def _refused(code: str, pointer: str, detail: Text) -> Invalid:
    return Invalid(
        issues=(
            Issue(
                code=code,
                pointer=pointer,
                detail=detail,
                remedy=Text(
                    zh="请上传 PDF、JPEG、PNG、DOCX 或 XLSX（不含宏），文件名后缀与内容一致。",
                    en="Send PDF, JPEG, PNG, DOCX or XLSX without macros, named as what it is.",
                ),
            ),
        )
    )


def _scanner_down() -> Unavailable:
    return Unavailable(
        code="scanner_down",
        detail=Text(
            zh="病毒扫描服务暂不可用，文件未保存。请稍后重试。",
            en="The virus scanner does not answer at the moment, so the file was not kept. Try "
            "again shortly.",
        ),
    )
