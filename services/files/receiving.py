"""The bytes of an upload on their way into the store: counted, hashed and looked at while they pass, never held whole."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.files.errors import FileSizeDiffers, FileTooLarge
from services.files.sniffing import LOOKED_AT, require_kind
from services.files.uploading import Expected, Received, new_key
from tenants.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tenants.context import TenantId
    from tenants.errors import Fault
    from tenants.file_store import FileStore


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came without having been announced, and where it was put until somebody wants it."""

    received: Received
    size: int
    name: str
    media_type: str
    # Both ends, by which its kind is told.
    head: bytes
    tail: bytes


class _Passing:
    """What is remembered of bytes that went by, of which there may be so many."""

    def __init__(self, chunks: AsyncIterator[bytes], most: int, too_many: Callable[[int], Fault]) -> None:
        self._chunks = chunks
        self._most = most
        self._too_many = too_many
        self._hash = hashlib.sha256()
        self.size = 0
        self.head = bytearray()
        self.tail = bytearray()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._most:
                raise self._too_many(self.size)
            self._hash.update(chunk)
            self.head += chunk[: max(0, LOOKED_AT - len(self.head))]
            self.tail += chunk
            del self.tail[:-LOOKED_AT]
            if chunk:
                yield chunk

    @property
    def sha256(self) -> bytes:
        """Of everything that went by."""
        return self._hash.digest()


async def receive(store: FileStore, tenant: TenantId, given: Expected, chunks: AsyncIterator[bytes]) -> Received:
    """Store the bytes under a new key; what is not as it was announced is deleted again and refused."""

    def differs(size: int) -> Fault:
        return FileSizeDiffers(declared=given.size, size=size)

    key, passing = new_key(), _Passing(chunks, given.size, differs)
    await store.put(tenant, key, passing.__aiter__())
    try:
        if passing.size != given.size:
            raise differs(passing.size)
        await asyncio.to_thread(require_kind, bytes(passing.head), bytes(passing.tail), given.media_type)
    except Invalid:
        await store.delete(tenant, key)
        raise
    return Received(key, passing.sha256)


async def set_aside(
    store: FileStore, tenant: TenantId, chunks: AsyncIterator[bytes], *, name: str, media_type: str, most: int
) -> Arrived:
    """Store the bytes of a file that nobody announced; it becomes an upload by `keep`, or its bytes are to be deleted."""
    key, passing = new_key(), _Passing(chunks, most, lambda _: FileTooLarge(max=most))
    await store.put(tenant, key, passing.__aiter__())
    ends = bytes(passing.head), bytes(passing.tail)
    return Arrived(Received(key, passing.sha256), passing.size, name, media_type, *ends)
