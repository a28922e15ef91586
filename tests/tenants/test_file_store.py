"""The store of files, in a folder."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from tenants.clock import utc_now
from tenants.context import TenantId
from tenants.file_store import FilesNotSetUp, FileStore, FilesUnreachable
from tenants.settings import FileSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

TENANT = TenantId(UUID(int=7))
KEY = "0123456789abcdef" * 2


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(FileSettings((tmp_path / "files").as_uri()))


def stored(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


async def chunks(*parts: bytes, failure: Exception | None = None) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    if failure is not None:
        raise failure


async def test_what_was_put_is_got_whole_and_in_part(store: FileStore, tmp_path: Path) -> None:
    await store.put(TENANT, KEY, chunks(b"ab", b"cdef"))

    whole, part = await store.get(TENANT, KEY), await store.get(TENANT, KEY, (1, 3))

    assert b"".join([each async for each in whole.chunks]) == b"abcdef"
    assert ((part.first, part.end, part.size), [each async for each in part.chunks]) == ((1, 3, 6), [b"bc"])
    assert stored(tmp_path) == {f"files/{TENANT.hex}/01/{KEY}": b"abcdef"}


async def test_what_breaks_off_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        await store.put(TENANT, KEY, chunks(b"a" * 10_000_000, failure=LookupError()))

    assert stored(tmp_path) == {}


async def test_deleting_twice_is_no_failure(store: FileStore) -> None:
    await store.put(TENANT, KEY, chunks(b"a"))

    await store.delete(TENANT, KEY)
    await store.delete(TENANT, KEY)

    with pytest.raises(FilesUnreachable):
        await store.get(TENANT, KEY)


@pytest.mark.parametrize("key", ["../" + KEY, KEY[:-1], KEY.upper(), f"{KEY}/t", ""])
async def test_only_keys_of_ours_name_a_file(store: FileStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a key of the store"):
        await store.get(TENANT, key)


async def test_without_a_place_nothing_is_stored() -> None:
    with pytest.raises(FilesNotSetUp):
        await FileStore(FileSettings()).put(TENANT, KEY, chunks(b"a"))


async def test_what_was_stored_before_a_moment_is_listed_by_tenant(store: FileStore, tmp_path: Path) -> None:
    other = TenantId(UUID(int=8))
    for tenant, key in ((TENANT, KEY), (TENANT, KEY + "t"), (other, KEY)):
        await store.put(tenant, key, chunks(b"a"))
    (tmp_path / "files" / TENANT.hex / "01" / "README").write_text("of somebody else")
    now = utc_now()

    async def found(before: datetime) -> set[str]:
        return {key async for keys in store.stored_before(TENANT, before) for key in keys}

    assert await found(now + timedelta(minutes=1)) == {KEY, KEY + "t"}
    assert await found(now - timedelta(minutes=1)) == set()
    assert (store.is_set_up, FileStore(FileSettings()).is_set_up) == (True, False)


async def test_bucket_keeps_files_like_a_folder(request: pytest.FixtureRequest) -> None:
    url = request.config.getoption("--bucket")
    if url is None:
        pytest.skip("no bucket was named")
    store, tenant, large = FileStore(FileSettings(url)), TenantId(uuid4()), bytes(range(256)) * 65_536
    gone, whole = "0" * 32, "1" * 32

    await store.put(tenant, KEY, chunks(b"ab", b"cdef"))
    await store.put(tenant, whole, chunks(*[large[at : at + 65_536] for at in range(0, len(large), 65_536)]))
    with pytest.raises(LookupError):
        await store.put(tenant, gone, chunks(large, failure=LookupError()))
    part, opened = await store.get(tenant, KEY, (1, 3)), await store.get(tenant, whole)

    assert ((part.first, part.end, part.size), [each async for each in part.chunks]) == ((1, 3, 6), [b"bc"])
    assert b"".join([each async for each in opened.chunks]) == large
    later = utc_now() + timedelta(minutes=5)
    assert {key async for keys in store.stored_before(tenant, later) for key in keys} == {KEY, whole}
    for key in (KEY, KEY, whole):
        await store.delete(tenant, key)
    with pytest.raises(FilesUnreachable):
        await store.get(tenant, KEY)


async def test_bucket_that_is_not_there_or_not_ours_is_told(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--bucket") is None:
        pytest.skip("no bucket was named")
    store = FileStore(FileSettings("s3://there-is-no-such-bucket-of-ours/folder"))

    with pytest.raises(FilesUnreachable):
        await store.put(TENANT, KEY, chunks(b"a"))
