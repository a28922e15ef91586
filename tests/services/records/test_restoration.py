from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import records
from tenants.errors import NotFound
from tests.builders.records import create_one, events, history, refused, stored, update

if TYPE_CHECKING:
    from uuid import UUID

    from tests.builders.tenants import Tenant


async def delete(tenant: Tenant, object_name: str, *ids: UUID) -> None:
    await tenant.write(lambda work: records.delete(work, object_name, ids))


async def restore(tenant: Tenant, object_name: str, *ids: UUID, person: str = "") -> None:
    await tenant.write(lambda work: records.restore(work, object_name, ids), person=person)


async def test_restoring_undoes_exactly_what_the_deletion_did(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    contact = await create_one(tenant, "contact", name="王芳", customerId=customer)
    earlier = await create_one(tenant, "contact", name="李强", customerId=customer)
    subsidiary = await create_one(tenant, "customer", name="乙", parentId=customer)
    await delete(tenant, "contact", earlier)
    await delete(tenant, "customer", customer)

    await restore(tenant, "customer", customer)

    row = await stored(tenant, "customer", customer)
    assert (row["deleted_at"], row["deletion_id"], row["version"]) == (None, None, 3)
    assert (await stored(tenant, "contact", contact))["deleted_at"] is None
    assert (await stored(tenant, "contact", earlier))["deletion_id"] == earlier
    assert (await stored(tenant, "customer", subsidiary))["parent_id"] == customer
    assert [verb for _, verb, _ in await history(tenant, customer)] == ["created", "deleted", "restored"]
    assert [message for message, _ in await events(tenant)].count("record.restored") == 2


async def test_a_link_that_was_set_meanwhile_stays(tenant: Tenant) -> None:
    first, second = [await create_one(tenant, "customer", name=name) for name in ("甲", "乙")]
    subsidiary = await create_one(tenant, "customer", name="丙", parentId=first)
    await delete(tenant, "customer", first)
    await update(tenant, "customer", subsidiary, parentId=second)

    await restore(tenant, "customer", first)

    assert (await stored(tenant, "customer", subsidiary))["parent_id"] == second


async def test_a_record_that_went_along_comes_back_alone(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    contact = await create_one(tenant, "contact", name="王芳", customerId=customer)
    await delete(tenant, "customer", customer)

    await restore(tenant, "contact", contact)

    assert (await stored(tenant, "contact", contact))["deleted_at"] is None
    assert (await stored(tenant, "customer", customer))["deletion_id"] == customer


async def test_a_value_taken_meanwhile_refuses_the_whole(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    contact = await create_one(tenant, "contact", name="王芳", customerId=customer)
    await delete(tenant, "customer", customer)
    await create_one(tenant, "customer", name="甲")

    assert await refused(restore(tenant, "customer", customer)) == [((0, "name"), "UNIQUE_TAKEN")]

    assert (await stored(tenant, "contact", contact))["deletion_id"] == customer


async def test_two_deleted_records_of_one_value_do_not_both_come_back(tenant: Tenant) -> None:
    ids = []
    for _ in range(2):
        ids.append(await create_one(tenant, "customer", name="甲"))
        await delete(tenant, "customer", ids[-1])

    assert await refused(restore(tenant, "customer", *ids)) == [((1, "name"), "UNIQUE_TAKEN")]


async def test_a_live_or_invisible_record_is_not_found_in_the_bin(tenant: Tenant) -> None:
    live = await create_one(tenant, "customer", name="甲")
    hidden = await create_one(tenant, "customer", name="乙", person="stranger")
    await delete(tenant, "customer", hidden)

    with pytest.raises(NotFound):
        await restore(tenant, "customer", live)
    with pytest.raises(NotFound):
        await restore(tenant, "customer", hidden, person="sales")
