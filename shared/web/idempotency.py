"""Idempotency-Key: the same request sent twice takes effect once and is answered the same."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import Index, LargeBinary, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from starlette.datastructures import UploadFile
from starlette.responses import Response

from shared.db.base import InDistrict, PlatformBase
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text

HEADER = "idempotency-key"
MAX_LENGTH = 128
_KEPT_HEADERS = {"content-type", "etag", "location", "content-language"}


class IdempotencyKey(InDistrict, PlatformBase):
    """A key that a caller used, what for, and the answer it had. Kept for a day."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("idempotency_key_created_idx", "district", "created_at"),)

    subject: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Replayed(Exception):
    """The request was answered before; carries that answer."""

    def __init__(self, response: Response) -> None:
        self.response = response


async def fingerprint(request: Request) -> bytes:
    """SHA-256 over method, path, query and content; a form's files count by their content."""
    digest = hashlib.sha256()
    for part in (request.method, request.url.path, request.url.query):
        digest.update(part.encode() + b"\0")
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        for name, value in (await request.form()).multi_items():
            digest.update(name.encode() + b"\0")
            if isinstance(value, UploadFile):
                while chunk := await value.read(1 << 20):
                    digest.update(chunk)
                await value.seek(0)
            else:
                digest.update(value.encode())
    else:
        digest.update(await request.body())
    return digest.digest()


async def claim(
    session: AsyncSession, *, district: str, subject: UUID, key: str, seen: bytes
) -> None:
    """Take the key for this transaction.

    A request with the same key that runs at the same time waits here until this one has ended.
    Raises Replayed when the key was answered before, Invalid when it was used for another request.
    """
    if not 1 <= len(key) <= MAX_LENGTH or not key.isprintable() or not key.isascii():
        raise _refused(
            "idempotency_key_malformed",
            Text(zh="Idempotency-Key 格式不正确。", en="The Idempotency-Key is malformed."),
            Text(
                zh=f"请使用 1–{MAX_LENGTH} 个可打印的 ASCII 字符，例如一个 UUID。",
                en=f"Use 1–{MAX_LENGTH} printable ASCII characters, a UUID for example.",
            ),
        )
    taken = await session.execute(
        insert(IdempotencyKey)
        .values(district=district, subject=subject, key=key, fingerprint=seen)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if taken.scalar_one_or_none() is not None:
        return
    earlier = (
        await session.execute(
            select(IdempotencyKey).where(
                IdempotencyKey.district == district,
                IdempotencyKey.subject == subject,
                IdempotencyKey.key == key,
            )
        )
    ).scalar_one()
    if earlier.fingerprint != seen:
        raise _refused(
            "idempotency_key_reused",
            Text(
                zh="这个 Idempotency-Key 已用于另一个内容不同的请求。",
                en="This Idempotency-Key was used for a different request.",
            ),
            Text(zh="请为新的请求换一个新的键。", en="Use a new key for a new request."),
        )
    raise Replayed(
        Response(
            earlier.body,
            status_code=earlier.status or 200,
            headers={**(earlier.headers or {}), "idempotency-replayed": "true"},
        )
    )


async def remember(
    session: AsyncSession, *, district: str, subject: UUID, key: str, response: Response
) -> None:
    """Keep the answer beside the key, in the same transaction as the work itself."""
    await session.execute(
        update(IdempotencyKey)
        .where(
            IdempotencyKey.district == district,
            IdempotencyKey.subject == subject,
            IdempotencyKey.key == key,
        )
        .values(
            status=response.status_code,
            headers={k: v for k, v in response.headers.items() if k in _KEPT_HEADERS},
            body=bytes(response.body),
        )
    )


def _refused(code: str, detail: Text, remedy: Text) -> Invalid:
    return Invalid(
        code=code,
        detail=detail,
        issues=(Issue(code=code, detail=detail, remedy=remedy, pointer="/header/idempotency-key"),),
    )
