"""What no record holds is cleared away, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.files import file
from schema.tables.metadata import field_definition
from services import files, metadata
from tests.builders.files import add_file_field, create_customer, picture, upload

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]
SET = "mutation ($id: ID!, $ids: [ID!]) { updateCustomer(input: {id: $id, set: {papers_c: $ids}}) { errors { code } } }"
DELETE = "mutation ($id: ID!) { deleteCustomer(input: {id: $id}) { errors { code } } }"
DESTROY = "mutation ($id: ID!) { destroyCustomer(input: {id: $id}) { errors { code } } }"


async def age(tenant: Tenant) -> None:
    """A day and a little goes by for every file."""

    async def older(work: Work) -> int:
        day = timedelta(days=1, seconds=1)
        moved = {"created_at": file.c.created_at - day, "attached_at": file.c.attached_at - day}
        return await work.session.execute(sa.update(file).values(moved))

    await tenant.write(older)


async def test_only_what_no_record_holds_is_claimed(company: Tenant, person: Person) -> None:
    sales, admin = await person("sales"), await person("admin")
    await add_file_field(company, "papers_c")
    loose, kept, let_go, binned, destroyed = [UUID(await upload(sales, field="papers_c")) for _ in range(5)]
    customers = [
        (await create_customer(sales, f"Swept {at}", papers_c=[str(each)]))["customer"]["id"]
        for at, each in enumerate((kept, let_go, binned, destroyed))
    ]
    await sales.data(SET, id=customers[1], ids=None)
    await sales.data(DELETE, id=customers[2])
    await admin.data(DELETE, id=customers[3])
    await admin.data(DESTROY, id=customers[3])
    assert await company.write(files.claim) == []
    await age(company)
    young = UUID(await upload(sales, field="papers_c"))

    claimed = await company.write(files.claim)

    assert {each.id for each in claimed} == {loose, let_go, destroyed}
    refused = (await create_customer(sales, "Too late", papers_c=[str(loose)]))["errors"]
    assert [each["code"] for each in refused] == ["FILE_NOT_FOUND"]

    assert await company.write(lambda work: files.forget(work, claimed)) == 3
    assert await company.write(files.claim) == []
    left = await company.read(lambda work: work.session.rows(sa.select(file.c.id)))
    assert {row["id"] for row in left} == {kept, binned, young}


async def test_files_of_a_retired_field_stay_and_those_of_a_destroyed_one_go(company: Tenant, person: Person) -> None:
    sales = await person("sales")
    for name in ("retired_c", "destroyed_c"):
        await add_file_field(company, name)
    kept, gone = [UUID(await upload(sales, field=name)) for name in ("retired_c", "destroyed_c")]
    made = await create_customer(sales, "Destroyed field", retired_c=[str(kept)], destroyed_c=[str(gone)])
    assert made["errors"] == []
    await company.define(lambda work: metadata.retire_field(work, "customer", "retired_c"), person="admin")
    await company.define(lambda work: metadata.retire_field(work, "customer", "destroyed_c"), person="admin")
    await age(company)
    assert {each.id for each in await company.write(files.claim)} & {kept, gone} == set()

    await company.define(
        lambda work: work.session.execute(
            sa
            .update(field_definition)
            .where(field_definition.c.name == "destroyed_c")
            .values(retired_at=work.now - timedelta(days=30))
        )
    )
    await company.define(
        lambda work: metadata.destroy_field(work, "customer", "destroyed_c", confirm="destroyed_c"), person="admin"
    )

    assert {each.id for each in await company.write(files.claim)} & {kept, gone} == {gone}


async def test_thumbnail_is_spoken_for_by_its_file(company: Tenant, person: Person) -> None:
    await add_file_field(company, "photos_c", "image")
    file_id = UUID(await upload(await person("sales"), picture(), field="photos_c", media_type="image/png"))
    key = await company.read(lambda work: work.session.scalar(sa.select(file.c.key).where(file.c.id == file_id)))
    asked = [key, f"{key}t", "0" * 32, "1" * 32 + "t"]
    before = await company.read(lambda work: files.unclaimed(work, asked))
    await company.write(
        lambda work: work.session.execute(sa.update(file).where(file.c.id == file_id).values(thumbnail_key=f"{key}t"))
    )

    assert before == {f"{key}t", "0" * 32, "1" * 32 + "t"}
    assert await company.read(lambda work: files.unclaimed(work, asked)) == {"0" * 32, "1" * 32 + "t"}
