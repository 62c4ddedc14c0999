"""The file store, on obstore; a local folder by default, S3-compatible storage by its URL."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from shared.kernel.errors import NotFound

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as stored: its key, size in bytes and SHA-256 (hex)."""

    key: str
    size: int
    sha256: str


class FileStore:
    """Where files live. `url` is `file:///folder` or `s3://bucket/prefix` (credentials from the
    usual AWS variables)."""

    def __init__(self, url: str) -> None:
        self._store: ObjectStore = _open(url)

    async def put(self, key: str, content: AsyncIterator[bytes]) -> StoredFile:
        """Store a stream under the key without holding it in memory."""
        digest = hashlib.sha256()
        size = 0
        async with obstore.open_writer_async(self._store, key) as writer:
            async for chunk in content:
                digest.update(chunk)
                size += len(chunk)
                await writer.write(chunk)
        return StoredFile(key=key, size=size, sha256=digest.hexdigest())

    async def keep(self, key: str, content: bytes) -> StoredFile:
        """Store a content that is in memory under the key."""
        await obstore.put_async(self._store, key, content)
        return StoredFile(key=key, size=len(content), sha256=hashlib.sha256(content).hexdigest())

    async def chunks(self, key: str) -> AsyncIterator[bytes]:
        """The file in chunks. Raises NotFound when there is none under the key."""
        try:
            found = await obstore.get_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            raise NotFound() from None
        async for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(chunk)

    async def fetch(self, key: str, target: Path) -> None:
        """Copy the file to a local path; for readers that need to seek."""
        with target.open("wb") as file:
            async for chunk in self.chunks(key):
                file.write(chunk)


def _open(url: str) -> ObjectStore:
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = Path(parts.path)
        folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(folder)
    return from_url(url)
