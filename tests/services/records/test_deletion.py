from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from services import records
from tenants.errors import NotFound
from tests.builders.records import create_one, events, history, refused, stored, traces, update

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import Work
    from tests.builders.tenants import Tenant


async def delete(tenant: Tenant, object_name: str, *ids: UUID, person: str = "", if_version: int | None = None) -> None:
    await tenant.write(lambda work: records.delete(work, object_name, ids, if_version=if_version), person=person)


async def destroy(tenant: Tenant, object_name: str, *ids: UUID, person: str = "") -> None:
    await tenant.write(lambda work: records.destroy(work, object_name, ids), person=person)


async def is_live(tenant: Tenant, table: str, record_id: UUID) -> bool:
    return (await stored(tenant, table, record_id))["deleted_at"] is None


async def test_a_deleted_record_lies_in_the_bin(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲", person="sales")

    await delete(tenant, "customer", made, person="sales")

    row = await stored(tenant, "customer", made)
    assert (row["version"], row["deletion_id"], row["deleted_at"] is None) == (2, made, False)
    assert (await history(tenant, made))[1:] == [(2, "deleted", {})]
    assert (await events(tenant))[-1] == (
        "record.deleted",
        {"object_name": "customer", "ids": [str(made)], "fields": []},
    )


async def test_its_unique_value_is_free_again(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲")

    await delete(tenant, "customer", made)

    assert await is_live(tenant, "customer", await create_one(tenant, "customer", name="甲"))


async def test_children_go_along_or_lose_the_link_as_their_relation_says(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    contact = await create_one(tenant, "contact", name="王芳", customerId=customer)
    opportunity = await create_one(tenant, "opportunity", name="商机", customerId=customer, contactId=contact)
    subsidiary = await create_one(tenant, "customer", name="乙", parentId=customer)

    await delete(tenant, "customer", customer)

    for table, each in (("contact", contact), ("opportunity", opportunity)):
        row = await stored(tenant, table, each)
        assert (row["deletion_id"], row["version"]) == (customer, 2)
    row = await stored(tenant, "customer", subsidiary)
    assert (row["deleted_at"], row["parent_id"], row["version"]) == (None, None, 2)
    assert [verb for _, verb, _ in await history(tenant, subsidiary)] == ["created", "updated"]


async def test_a_restricted_relation_keeps_the_record(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    await create_one(tenant, "contract", name="合同", customerId=customer)
    before = await traces(tenant)

    assert await refused(delete(tenant, "customer", customer)) == [((0,), "DELETION_RESTRICTED")]

    assert await is_live(tenant, "customer", customer)
    assert await traces(tenant) == before


async def test_a_stale_version_is_a_conflict(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲")
    await update(tenant, "customer", made, level="a")

    assert await refused(delete(tenant, "customer", made, if_version=1)) == [((0, "ifVersion"), "VERSION_CONFLICT")]


async def test_who_may_not_delete_is_told_as_if_it_were_not_there(tenant: Tenant) -> None:
    hidden = await create_one(tenant, "customer", name="甲", person="stranger")

    with pytest.raises(NotFound):
        await delete(tenant, "customer", hidden, person="sales")
    with pytest.raises(NotFound):
        await delete(tenant, "customer", hidden, person="manager")
    assert await is_live(tenant, "customer", hidden)


async def test_a_deleted_record_is_not_deleted_again(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲")
    await delete(tenant, "customer", made)

    with pytest.raises(NotFound):
        await delete(tenant, "customer", made)


async def test_a_destroyed_record_is_gone_and_its_history_stays(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲")
    await delete(tenant, "customer", made)

    await destroy(tenant, "customer", made)

    assert await stored(tenant, "customer", made) == {}
    assert [(version, verb) for version, verb, _ in await history(tenant, made)] == [
        (1, "created"),
        (2, "deleted"),
        (3, "destroyed"),
    ]


async def test_a_live_record_goes_through_the_bin(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    contact = await create_one(tenant, "contact", name="王芳", customerId=customer)
    subsidiary = await create_one(tenant, "customer", name="乙", parentId=customer)

    await destroy(tenant, "customer", customer)

    assert await stored(tenant, "customer", customer) == {}
    assert await stored(tenant, "contact", contact) == {}
    assert (await stored(tenant, "customer", subsidiary))["parent_id"] is None
    assert [message for message, _ in await events(tenant)].count("record.destroyed") == 2


async def test_what_lies_in_the_bin_is_in_nobodys_way(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    contract = await create_one(tenant, "contract", name="合同", customerId=customer)
    await delete(tenant, "contract", contract)

    await destroy(tenant, "customer", customer)

    assert await stored(tenant, "customer", customer) == {}
    assert (await stored(tenant, "contract", contract))["customer_id"] is None


async def test_nobody_points_at_a_record_that_is_being_deleted(tenant: Tenant) -> None:
    """The deletion holds the customer; the contact that names it waits, and then finds it gone."""
    customer = await create_one(tenant, "customer", name="甲")
    deleted, contact_comes = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> None:
        await records.delete(work, "customer", [customer])
        deleted.set()
        await contact_comes.wait()

    async def meanwhile(work: Work) -> None:
        await deleted.wait()
        contact_comes.set()
        await records.create(work, "contact", [{"name": "王芳", "customerId": customer}])

    slow = asyncio.create_task(tenant.write(slowly))
    assert await refused(tenant.write(meanwhile)) == [((0, "customerId"), "RELATION_NOT_FOUND")]
    await slow


async def test_a_deletion_takes_along_what_was_added_meanwhile(tenant: Tenant) -> None:
    """The contact is written and not yet committed when the deletion comes; the deletion waits for it."""
    customer = await create_one(tenant, "customer", name="甲")
    written, deletion_comes = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> UUID:
        made = await records.create(work, "contact", [{"name": "王芳", "customerId": customer}])
        written.set()
        await deletion_comes.wait()
        return made.ids[0]

    async def meanwhile(work: Work) -> None:
        await written.wait()
        deletion_comes.set()
        await records.delete(work, "customer", [customer])

    contact, _ = await asyncio.gather(tenant.write(slowly), tenant.write(meanwhile))

    assert (await stored(tenant, "contact", contact))["deletion_id"] == customer
