"""What is announced, and what room there is for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.errors import Required, TooLong
from schema.tables.files import file
from services import files
from services.files import Wish
from services.files.errors import FileAddressUnknown, StorageFull, TooManyUploads
from services.files.uploading import MOST_UNATTACHED, Received, file_name, new_key
from tenants.settings import FileSettings
from tests.builders.files import add_file_field

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import Work
    from tests.builders.tenants import Tenant

WISH = Wish("customer", "papers_c", "a.pdf", 10, "application/pdf")
ROOM = FileSettings()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" 报价.pdf ", "报价.pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("C:\\a\nb.pdf", "C__a b.pdf"),
        ("gpj.\u202eexe.pdf", "gpj.exe.pdf"),
        ("ａ.pdf", "a.pdf"),
    ],
)
def test_name_is_one_line_and_no_path(given: str, kept: str) -> None:
    assert file_name(given) == kept


@pytest.mark.parametrize(("given", "fault"), [("", Required), ("..", Required), ("a" * 256, TooLong)])
def test_name_that_is_none_is_refused(given: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        file_name(given)


@pytest.fixture(scope="module", autouse=True)
async def field(company: Tenant) -> None:
    await add_file_field(company, "papers_c")


async def test_all_files_together_stay_within_the_limit(company: Tenant) -> None:
    used = (await company.read(files.used, person="director")).bytes
    room = FileSettings(tenant_bytes=used + 15)
    await company.write(lambda work: files.announce(work, WISH, room), person="director")

    with pytest.raises(StorageFull) as refused:
        await company.write(lambda work: files.announce(work, WISH, room), person="manager")

    assert refused.value.details == {"max": used + 15, "used": used + 10}


async def test_only_so_many_wait_to_be_attached(company: Tenant) -> None:
    async def fill(work: Work) -> None:
        given = await files.announce(work, WISH, ROOM)
        row = dict(await work.session.row(sa.select(file).where(file.c.id == given)) or {})
        more = [{**row, "id": work.ids.new(0), "key": new_key()} for _ in range(MOST_UNATTACHED - 1)]
        await work.session.execute(sa.insert(file).values(more))

    await company.write(fill, person="colleague")

    with pytest.raises(TooManyUploads):
        await company.write(lambda work: files.announce(work, WISH, ROOM), person="colleague")


async def test_of_two_that_come_to_one_address_the_first_stays(company: Tenant) -> None:
    async def keys(work: Work) -> UUID:
        return await files.announce(work, WISH, ROOM)

    file_id = await company.write(keys, person="sales")
    given = await company.read(lambda work: files.expected(work, file_id), person="sales")
    first, second = Received(new_key(), b"1" * 32), Received(new_key(), b"2" * 32)
    await company.write(lambda work: files.accept(work, given, first, ROOM), person="sales")

    with pytest.raises(FileAddressUnknown):
        await company.write(lambda work: files.accept(work, given, second, ROOM), person="sales")

    row = await company.read(lambda work: work.session.row(sa.select(file).where(file.c.id == file_id)))
    assert row is not None
    assert (row["key"], row["sha256"], row["state"]) == (first.key, first.sha256, "ready")
    with pytest.raises(FileAddressUnknown):
        await company.read(lambda work: files.expected(work, file_id), person="sales")


async def test_another_callers_announcement_is_none(company: Tenant) -> None:
    file_id = await company.write(lambda work: files.announce(work, WISH, ROOM), person="sales")

    with pytest.raises(FileAddressUnknown):
        await company.read(lambda work: files.expected(work, file_id), person="stranger")
