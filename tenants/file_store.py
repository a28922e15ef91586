"""Where the bytes of files are: a folder, or a bucket that speaks S3. Each tenant has a place of its own in it.

Names in the store are made here from the tenant and an opaque key; nothing that a caller wrote is ever part of one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from tenants.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from obstore.store import ObjectStore

    from tenants.context import TenantId
    from tenants.settings import FileSettings

_FAILURES = (BaseError, OSError)
_LISTED = 500
# Of an upload into a bucket, each of 5 MiB: what a slow bucket lets pile up in memory.
_PARTS_AT_ONCE = 3
_KEY = re.compile(r"[0-9a-f]{32}t?\Z")


class FilesNotSetUp(Unavailable):
    """This installation has no place for files yet; its operator sets KEZHI_FILES_URL."""

    code = "FILES_NOT_SET_UP"
    zh = "本系统尚未设置文件存储位置。"


class FilesUnreachable(Unavailable):
    """The place where files are kept cannot be reached; try again in a moment."""

    code = "FILES_UNREACHABLE"
    zh = "文件存储暂时无法访问,请稍后重试。"


@dataclass(frozen=True, slots=True)
class Opened:
    """The bytes of a file, or a range of them, as they come."""

    chunks: AsyncIterator[bytes]
    first: int
    end: int
    size: int


class FileStore:
    """Puts, gets and deletes. It connects when it is first used."""

    def __init__(self, settings: FileSettings) -> None:
        self._url = settings.url
        self._made: ObjectStore | None = None

    async def put(self, tenant: TenantId, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Write a file; what the chunks raise goes on, and then nothing is there."""
        try:
            await obstore.put_async(self._store(), _path(tenant, key), chunks, max_concurrency=_PARTS_AT_ONCE)
        except _FAILURES as failure:
            raise FilesUnreachable from failure

    async def get(self, tenant: TenantId, key: str, within: tuple[int, int] | None = None) -> Opened:
        """Open a file; `within` is the first byte and the one after the last."""
        try:
            found = await obstore.get_async(
                self._store(), _path(tenant, key), options={"range": within} if within else None
            )
        except _FAILURES as failure:
            raise FilesUnreachable from failure
        first, end = found.range
        return Opened(_plain(found), first, end, found.meta["size"])

    async def delete(self, tenant: TenantId, key: str) -> None:
        """Delete a file; one that is gone already is no failure."""
        try:
            await obstore.delete_async(self._store(), _path(tenant, key))
        except FileNotFoundError:
            return
        except _FAILURES as failure:
            raise FilesUnreachable from failure

    @property
    def is_set_up(self) -> bool:
        """Whether there is a place for files."""
        return bool(self._url)

    async def stored_before(self, tenant: TenantId, before: datetime) -> AsyncIterator[Sequence[str]]:
        """The keys of a tenant that were written before this moment, some at a time; names that are none of ours are passed over."""
        try:
            async for listed in obstore.list(self._store(), prefix=f"{tenant.hex}/", chunk_size=_LISTED):
                names = [each["path"].rpartition("/")[2] for each in listed if each["last_modified"] < before]
                if keys := [name for name in names if _KEY.match(name)]:
                    yield keys
        except _FAILURES as failure:
            raise FilesUnreachable from failure

    def _store(self) -> ObjectStore:
        if self._made is None:
            self._made = _made(self._url)
        return self._made


async def _plain(found: obstore.GetResult) -> AsyncIterator[bytes]:
    try:
        async for chunk in found.stream():
            yield bytes(chunk)
    except _FAILURES as failure:
        raise FilesUnreachable from failure


def _made(url: str) -> ObjectStore:
    if not url:
        raise FilesNotSetUp
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStore(Path(unquote(parts.path)), mkdir=True)
    # Keys and end point of a bucket come from the usual AWS_… variables, which the library reads by itself.
    return from_url(url)


def _path(tenant: TenantId, key: str) -> str:
    if not _KEY.match(key):
        msg = "not a key of the store"
        raise ValueError(msg)
    return f"{tenant.hex}/{key[:2]}/{key}"
