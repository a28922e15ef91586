"""Bytes on their way into the store."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from services.files.errors import FileKindDiffers, FileSizeDiffers
from services.files.receiving import receive
from services.files.uploading import Expected
from tenants.context import TenantId
from tenants.file_store import FileStore
from tenants.settings import FileSettings
from tests.builders.files import PDF

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

TENANT = TenantId(UUID(int=7))


async def sent(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def stored(folder: Path) -> list[bytes]:
    return [each.read_bytes() for each in folder.rglob("*") if each.is_file()]


async def test_what_came_is_stored_and_hashed(tmp_path: Path) -> None:
    given = Expected(UUID(int=1), len(PDF), "application/pdf")

    first, again = [
        await receive(FileStore(FileSettings(tmp_path.as_uri())), TENANT, given, sent(PDF[:7], b"", PDF[7:]))
        for _ in range(2)
    ]

    assert first.sha256 == hashlib.sha256(PDF).digest()
    assert first.key != again.key
    assert stored(tmp_path) == [PDF, PDF]


@pytest.mark.parametrize(
    ("parts", "size", "declared", "refusal"),
    [
        ((PDF, b"x"), len(PDF), "application/pdf", FileSizeDiffers),
        ((PDF[:-1],), len(PDF), "application/pdf", FileSizeDiffers),
        ((b"x" * 20_000_000,), 10, "application/pdf", FileSizeDiffers),
        ((PDF,), len(PDF), "image/png", FileKindDiffers),
    ],
)
async def test_what_is_not_as_announced_is_not_kept(
    tmp_path: Path, parts: tuple[bytes, ...], size: int, declared: str, refusal: type[Exception]
) -> None:
    given = Expected(UUID(int=1), size, declared)

    with pytest.raises(refusal):
        await receive(FileStore(FileSettings(tmp_path.as_uri())), TENANT, given, sent(*parts))

    assert stored(tmp_path) == []
