"""Who may have a file is asked of the field that holds it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from services import files, metadata
from services.files import FileAddressUnknown
from services.metadata import FieldChange
from tests.builders.files import add_file_field, create_customer, file_of, upload

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]


async def test_file_that_never_was_is_none(shared_tenant: Tenant) -> None:
    with pytest.raises(FileAddressUnknown):
        await shared_tenant.read(lambda work: files.find(work, UUID(int=1)), person="sales")


async def test_file_in_no_record_is_read_by_nobody(company: Tenant, person: Person) -> None:
    await add_file_field(company, "loose_c")
    file_id = UUID(await upload(await person("sales"), field="loose_c"))

    with pytest.raises(FileAddressUnknown):
        await company.read(lambda work: files.find(work, file_id), person="sales")


async def test_download_of_an_audited_field_leaves_its_entry(company: Tenant, person: Person) -> None:
    sales = await person("sales")
    await add_file_field(company, "scans_c")
    await company.define(
        lambda work: metadata.update_field(work, "customer", "scans_c", FieldChange(audit_reads=True)), person="admin"
    )
    made = await create_customer(sales, "Audited", scans_c=[await upload(sales, field="scans_c")])
    read = await file_of(sales, made["customer"]["id"], "scans_c")
    before = await reads(company)
    assert (await sales.http.get(read["url"])).status_code == 200
    assert await reads(company) == before + 1


async def reads(company: Tenant) -> int:
    noted = sa.select(sa.func.count()).where(audit_entry.c.action == "record.read")
    count: int = await company.read(lambda work: work.session.scalar(noted))
    return count


async def test_who_lost_the_record_has_lost_its_file(company: Tenant, person: Person) -> None:
    sales = await person("sales")
    await add_file_field(company, "deeds_c")
    made = await create_customer(sales, "Deleted", deeds_c=[await upload(sales, field="deeds_c")])
    read = await file_of(sales, made["customer"]["id"], "deeds_c")
    found = await company.read(lambda work: files.find(work, UUID(read["id"])), person="sales")

    with pytest.raises(FileAddressUnknown):
        await company.read(lambda work: files.require_readable(work, found), person="stranger")

    delete = "mutation ($id: ID!) { deleteCustomer(input: {id: $id}) { errors { code } } }"
    await sales.data(delete, id=made["customer"]["id"])
    with pytest.raises(FileAddressUnknown):
        await company.read(lambda work: files.require_readable(work, found), person="sales")
