"""ETag and If-Match: nobody overwrites what they have not seen."""

import re
from typing import Annotated

from fastapi import Depends, Header

from shared.kernel.errors import PreconditionFailed
from shared.kernel.text import Text
from shared.web.errors import PreconditionRequired

_FORM = re.compile(r'"v(\d{1,9})"', re.ASCII)


def etag(version: int) -> str:
    """The entity tag of a row's version."""
    return f'"v{version}"'


async def _expected(
    if_match: Annotated[
        str | None,
        Header(max_length=64, description="The resource's ETag", examples=['"v1"']),
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequired()
    found = _FORM.fullmatch(if_match.strip())
    return int(found[1]) if found else -1


ExpectedVersion = Annotated[int, Depends(_expected)]


def require_version(actual: int, expected: int) -> None:
    """Raises PreconditionFailed when the row has changed since the caller read it."""
    if actual != expected:
        raise PreconditionFailed(
            code="version_changed",
            detail=Text(
                zh="您读取之后内容已被他人修改，本次未保存。请重新读取、核对后再提交。",
                en="Someone changed this after you read it, so nothing was saved. Read it again, "
                "check, and resubmit.",
            ),
        )
