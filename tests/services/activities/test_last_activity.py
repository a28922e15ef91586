from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from services import records
from tests.builders.records import create, create_one, events, history, stored, update

if TYPE_CHECKING:
    from uuid import UUID

    from tests.builders.tenants import Tenant


def activity(day: int, customer: UUID | None) -> dict[str, object]:
    return {"subject": "拜访", "kind": "visit", "occurredAt": f"2026-03-{day:02}T01:00:00Z", "customerId": customer}


async def latest(tenant: Tenant, customer: UUID) -> int | None:
    """The day of March on which the customer was last seen."""
    moment = (await stored(tenant, "customer", customer))["last_activity_at"]
    return None if moment is None else int(moment.day)


async def test_a_customer_knows_its_latest_activity(tenant: Tenant) -> None:
    first, second = await create(tenant, "customer", {"name": "甲"}, {"name": "乙"})

    await create(tenant, "activity", activity(3, first), activity(9, first), activity(5, second), activity(20, None))

    assert (await latest(tenant, first), await latest(tenant, second)) == (9, 5)


async def test_an_earlier_activity_changes_nothing(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    await create(tenant, "activity", activity(9, customer))
    before = await events(tenant)

    await create(tenant, "activity", activity(3, customer))

    assert await latest(tenant, customer) == 9
    assert [message for message, _ in await events(tenant)][len(before) :] == ["record.created"]


async def test_the_customer_keeps_its_version_and_history(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")

    await create(tenant, "activity", activity(9, customer))

    assert (await stored(tenant, "customer", customer))["version"] == 1
    assert [verb for _, verb, _ in await history(tenant, customer)] == ["created"]
    assert (await events(tenant))[-1] == (
        "record.updated",
        {"object_name": "customer", "ids": [str(customer)], "fields": ["lastActivityAt"]},
    )


async def test_a_moved_activity_leaves_one_customer_and_comes_to_the_other(tenant: Tenant) -> None:
    first, second = await create(tenant, "customer", {"name": "甲"}, {"name": "乙"})
    (moved,) = await create(tenant, "activity", activity(9, first))

    await update(tenant, "activity", moved, customerId=second)

    assert (await latest(tenant, first), await latest(tenant, second)) == (None, 9)


async def test_a_corrected_time_is_followed(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    (made,) = await create(tenant, "activity", activity(9, customer))

    await update(tenant, "activity", made, occurredAt="2026-03-12T00:00:00Z")
    await update(tenant, "activity", made, subject="电话")

    assert await latest(tenant, customer) == 12


async def test_deleted_activities_do_not_count_and_restored_ones_do(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    early, late = await create(tenant, "activity", activity(3, customer), activity(9, customer))

    await tenant.write(lambda work: records.delete(work, "activity", [late]))
    assert await latest(tenant, customer) == 3
    await tenant.write(lambda work: records.restore(work, "activity", [late]))
    assert await latest(tenant, customer) == 9
    await tenant.write(lambda work: records.destroy(work, "activity", [late, early]))
    assert await latest(tenant, customer) is None


async def test_writers_at_the_same_time_do_not_lose_the_latest(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")

    await asyncio.gather(*(create(tenant, "activity", activity(day, customer)) for day in range(1, 13)))

    assert await latest(tenant, customer) == 12
