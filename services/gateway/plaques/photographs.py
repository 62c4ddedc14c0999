"""Photographs and drawings: kept by their content, described in the row that they belong to."""

import hashlib
from typing import Any

from fastapi import Request, UploadFile
from starlette.responses import StreamingResponse

from shared.files.checking import checked_file, scanner_at
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.web.attachments import attachment

MOST_BYTES = 10 << 20
FORM_BYTES = MOST_BYTES + (1 << 16)
IMAGES = ("image/jpeg", "image/png")


async def keep(
    request: Request, district: str, file: UploadFile, *, pointer: str, also_pdf: bool = False
) -> dict[str, Any]:
    """Check a picture (JPEG or PNG of at most 10 MB, a drawing also PDF) and store it; what is to
    be kept of it in a row. Raises Invalid.

    It is named by its content, so that what a failed transaction leaves behind is written over by
    the next attempt.
    """
    checked = await checked_file(
        file.filename or "",
        await file.read(),
        most_bytes=MOST_BYTES,
        scanner=scanner_at(request.app.state.settings.virus_scanner),
        pointer=pointer,
    )
    if checked.media_type not in (*IMAGES, *(("application/pdf",) if also_pdf else ())):
        raise Invalid(issues=(_no_picture(pointer),))
    sha256 = hashlib.sha256(checked.content).hexdigest()
    await request.app.state.files.keep(_key(district, sha256), checked.content)
    return {
        "name": checked.name,
        "media_type": checked.media_type,
        "size": len(checked.content),
        "sha256": sha256,
    }


async def show(request: Request, district: str, kept: dict[str, Any] | None) -> StreamingResponse:
    """The picture as it was stored. Raises NotFound when there is none."""
    if kept is None:
        raise NotFound
    return await attachment(
        request.app.state.files.chunks(_key(district, kept["sha256"])),
        name=kept["name"],
        media_type=kept["media_type"],
        size=kept["size"],
    )


def _key(district: str, sha256: str) -> str:
    return f"{district}/plaques/{sha256}"


def _no_picture(pointer: str) -> Issue:
    return Issue(
        code="no_picture",
        pointer=pointer,
        detail=Text(zh="这不是照片。", en="This is not a picture."),
        remedy=Text(zh="请上传 JPEG 或 PNG 照片。", en="Send a JPEG or PNG photograph."),
    )
