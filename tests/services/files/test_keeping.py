"""What is kept of files that came with their request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.files import file
from services import files
from services.files import FileAddressUnknown
from services.files.uploading import new_key
from tests.builders.files import add_file_field, upload

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]


async def test_keys_that_no_upload_has_are_told_apart(company: Tenant, person: Person) -> None:
    await add_file_field(company, "papers_c")
    file_id = UUID(await upload(await person("sales"), field="papers_c"))
    key = await company.read(lambda work: work.session.scalar(sa.select(file.c.key).where(file.c.id == file_id)))
    loose = new_key()

    assert await company.read(lambda work: files.unclaimed(work, [key, loose])) == {loose}
    with pytest.raises(FileAddressUnknown):
        await company.read(lambda work: files.uploaded(work, file_id), person="stranger")
