"""Files as answers: saved under their own name, never shown as something else."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.responses import StreamingResponse


async def attachment(
    chunks: AsyncIterator[bytes], *, name: str, media_type: str, size: int
) -> StreamingResponse:
    """A stored file to be saved under its name (RFC 6266).

    The first chunk is read here, so that a file that is missing raises NotFound before an answer
    has begun.
    """
    first = await anext(chunks, b"")

    async def content() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return StreamingResponse(
        content(),
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{plain}"; '
            f"filename*=UTF-8''{quote(name, safe='')}",
            "Content-Length": str(size),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
