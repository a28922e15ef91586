"""The bytes of an upload on their way into the store: counted, hashed and looked at while they pass, never held whole."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

from services.files.errors import FileSizeDiffers
from services.files.sniffing import LOOKED_AT, require_kind
from services.files.uploading import Expected, Received, new_key
from tenants.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.context import TenantId
    from tenants.file_store import FileStore


class _Passing:
    """What is remembered of bytes that went by."""

    def __init__(self, chunks: AsyncIterator[bytes], given: Expected) -> None:
        self._chunks = chunks
        self._given = given
        self._hash = hashlib.sha256()
        self.size = 0
        self.head = bytearray()
        self.tail = bytearray()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._given.size:
                raise FileSizeDiffers(declared=self._given.size, size=self.size)
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
    key, passing = new_key(), _Passing(chunks, given)
    await store.put(tenant, key, passing.__aiter__())
    try:
        if passing.size != given.size:
            raise FileSizeDiffers(declared=given.size, size=passing.size)
        await asyncio.to_thread(require_kind, bytes(passing.head), bytes(passing.tail), given.media_type)
    except Invalid:
        await store.delete(tenant, key)
        raise
    return Received(key, passing.sha256)
