from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from services import records
from tenants.errors import NotFound
from tests.builders.records import create_one, events, history, refused, stored, traces, update

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from tenants.context import Work
    from tests.builders.tenants import Tenant


async def delete(tenant: Tenant, object_name: str, *ids: UUID, person: str = "", if_version: int | None = None) -> None:
    await tenant.write(lambda work: records.delete(work, object_name, ids, if_version=if_version), person=person)


async def destroy(tenant: Tenant, object_name: str, *ids: UUID, person: str = "") -> None:
    await tenant.write(lambda work: records.destroy(work, object_name, ids), person=person)


async def is_live(tenant: Tenant, table: str, record_id: UUID) -> bool:
    return (await stored(tenant, table, record_id))["deleted_at"] is None


async def test_a_deleted_record_lies_in_the_bin(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲天", person="sales")

    await delete(company, "customer", made, person="sales")

    row = await stored(company, "customer", made)
    assert (row["version"], row["deletion_id"], row["deleted_at"] is None) == (2, made, False)
    assert (await history(company, made))[1:] == [(2, "deleted", {})]
    assert (await events(company))[-1] == (
        "record.deleted",
        {"object_name": "customer", "ids": [str(made)], "fields": []},
    )


async def test_its_unique_value_is_free_again(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲地")

    await delete(company, "customer", made)

    assert await is_live(company, "customer", await create_one(company, "customer", name="甲地"))


async def test_children_go_along_or_lose_the_link_as_their_relation_says(company: Tenant) -> None:
    customer = await create_one(company, "customer", name="甲玄")
    contact = await create_one(company, "contact", name="王芳", customerId=customer)
    opportunity = await create_one(company, "opportunity", name="商机", customerId=customer, contactId=contact)
    subsidiary = await create_one(company, "customer", name="乙玄", parentId=customer)

    await delete(company, "customer", customer)

    for table, each in (("contact", contact), ("opportunity", opportunity)):
        row = await stored(company, table, each)
        assert (row["deletion_id"], row["version"]) == (customer, 2)
    row = await stored(company, "customer", subsidiary)
    assert (row["deleted_at"], row["parent_id"], row["version"]) == (None, None, 2)
    assert [verb for _, verb, _ in await history(company, subsidiary)] == ["created", "updated"]


@pytest.mark.parametrize("remove", [delete, destroy])
async def test_nothing_goes_along_that_the_caller_may_not_delete(
    company: Tenant, remove: Callable[..., Awaitable[None]]
) -> None:
    customer = await create_one(company, "customer", name=f"甲{remove.__name__}", person="sales")
    mine = await create_one(company, "contact", name="王芳", customerId=customer, person="sales")
    another = await create_one(
        company, "contact", name="李娜", customerId=customer, ownerId=company.user_id("stranger"), person="admin"
    )
    before = await traces(company)

    attempt = remove(company, "customer", customer, person="sales")
    assert await refused(attempt) == [((0,), "DEPENDENTS_OUT_OF_REACH")]
    assert await traces(company) == before
    assert [await is_live(company, "contact", each) for each in (mine, another)] == [True, True]

    await delete(company, "contact", another, person="stranger")
    await delete(company, "customer", customer, person="sales")
    assert not await is_live(company, "contact", mine)


async def test_what_stands_in_the_way_out_of_sight_is_not_named(company: Tenant) -> None:
    customer = await create_one(company, "customer", name="甲绿", person="sales")
    await create_one(
        company, "contract", name="合同", customerId=customer, ownerId=company.user_id("stranger"), person="admin"
    )

    assert await refused(delete(company, "customer", customer, person="sales")) == [((0,), "DEPENDENTS_OUT_OF_REACH")]
    assert await refused(delete(company, "customer", customer, person="admin")) == [((0,), "DELETION_RESTRICTED")]


async def test_a_restricted_relation_keeps_the_record(company: Tenant) -> None:
    customer = await create_one(company, "customer", name="甲黄")
    await create_one(company, "contract", name="合同", customerId=customer)
    before = await traces(company)

    assert await refused(delete(company, "customer", customer)) == [((0,), "DELETION_RESTRICTED")]

    assert await is_live(company, "customer", customer)
    assert await traces(company) == before


async def test_a_stale_version_is_a_conflict(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲宇")
    await update(company, "customer", made, level="a")

    assert await refused(delete(company, "customer", made, if_version=1)) == [((0, "ifVersion"), "VERSION_CONFLICT")]


async def test_who_may_not_delete_is_told_as_if_it_were_not_there(company: Tenant) -> None:
    hidden = await create_one(company, "customer", name="甲宙", person="stranger")

    with pytest.raises(NotFound):
        await delete(company, "customer", hidden, person="sales")
    with pytest.raises(NotFound):
        await delete(company, "customer", hidden, person="manager")
    assert await is_live(company, "customer", hidden)


async def test_a_deleted_record_is_not_deleted_again(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲洪")
    await delete(company, "customer", made)

    with pytest.raises(NotFound):
        await delete(company, "customer", made)


async def test_a_destroyed_record_is_gone_and_its_history_stays(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲荒")
    await delete(company, "customer", made)

    await destroy(company, "customer", made)

    assert await stored(company, "customer", made) == {}
    assert [(version, verb) for version, verb, _ in await history(company, made)] == [
        (1, "created"),
        (2, "deleted"),
        (3, "destroyed"),
    ]


async def test_a_live_record_goes_through_the_bin(company: Tenant) -> None:
    customer = await create_one(company, "customer", name="甲日")
    contact = await create_one(company, "contact", name="王芳", customerId=customer)
    subsidiary = await create_one(company, "customer", name="乙日", parentId=customer)
    seen = len(await events(company))

    await destroy(company, "customer", customer)

    assert await stored(company, "customer", customer) == {}
    assert await stored(company, "contact", contact) == {}
    assert (await stored(company, "customer", subsidiary))["parent_id"] is None
    assert [message for message, _ in (await events(company))[seen:]].count("record.destroyed") == 2


async def test_what_lies_in_the_bin_is_in_nobodys_way(company: Tenant) -> None:
    customer = await create_one(company, "customer", name="甲月")
    contract = await create_one(company, "contract", name="合同", customerId=customer)
    await delete(company, "contract", contract)

    await destroy(company, "customer", customer)

    assert await stored(company, "customer", customer) == {}
    assert (await stored(company, "contract", contract))["customer_id"] is None


async def test_nobody_points_at_a_record_that_is_being_deleted(company: Tenant) -> None:
    """The deletion holds the customer; the contact that names it waits, and then finds it gone."""
    customer = await create_one(company, "customer", name="甲盈")
    deleted, contact_comes = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> None:
        await records.delete(work, "customer", [customer])
        deleted.set()
        await contact_comes.wait()

    async def meanwhile(work: Work) -> None:
        await deleted.wait()
        contact_comes.set()
        await records.create(work, "contact", [{"name": "王芳", "customerId": customer}])

    slow = asyncio.create_task(company.write(slowly))
    assert await refused(company.write(meanwhile)) == [((0, "customerId"), "RELATION_NOT_FOUND")]
    await slow


async def test_a_deletion_takes_along_what_was_added_meanwhile(company: Tenant) -> None:
    """The contact is written and not yet committed when the deletion comes; the deletion waits for it."""
    customer = await create_one(company, "customer", name="甲昃")
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

    contact, _ = await asyncio.gather(company.write(slowly), company.write(meanwhile))

    assert (await stored(company, "contact", contact))["deletion_id"] == customer
