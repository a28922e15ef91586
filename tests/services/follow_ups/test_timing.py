"""Which writes of a customer move its timer [D4]."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from services import capabilities, records
from tenants.cells import timer_request
from tenants.clock import utc_now
from tests.builders.records import create_one, update

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

assert capabilities.CAPABILITIES
DAY = timedelta(days=1)


async def requests(cell: Cell) -> list[tuple[str, datetime | None]]:
    """What was asked since the last look."""
    rows = await cell.rows(sa.select(timer_request).order_by(timer_request.c.id))
    await cell.execute(sa.delete(timer_request))
    return [(row["key"], row["due"]) for row in rows]


async def customer_of(tenant: Tenant, cell: Cell) -> UUID:
    customer_id = await create_one(tenant, "customer", person="sales", name="远景")
    await requests(cell)
    return customer_id


async def activity(tenant: Tenant, customer_id: UUID, occurred_at: datetime) -> UUID:
    return await create_one(
        tenant, "activity", person="sales",
        subject="回访", kind="call", customerId=str(customer_id), occurredAt=occurred_at.isoformat(),
    )  # fmt: skip


async def test_a_new_customer_is_looked_at_in_seven_days(cell: Cell, tenant: Tenant) -> None:
    before = utc_now()

    customer_id = await create_one(tenant, "customer", person="sales", name="远景")

    ((key, due),) = await requests(cell)
    assert key == f"followup:{customer_id}"
    assert due is not None
    assert before + 7 * DAY <= due <= utc_now() + 7 * DAY


async def test_an_activity_of_now_asks_for_nothing(cell: Cell, tenant: Tenant) -> None:
    customer_id = await customer_of(tenant, cell)

    await activity(tenant, customer_id, utc_now())

    assert await requests(cell) == []


async def test_an_activity_of_the_past_is_due_seven_days_after_itself(cell: Cell, tenant: Tenant) -> None:
    customer_id = await customer_of(tenant, cell)
    occurred_at = utc_now() - 3 * DAY

    await activity(tenant, customer_id, occurred_at)

    assert await requests(cell) == [(f"followup:{customer_id}", occurred_at + 7 * DAY)]


async def test_an_activity_that_is_taken_back_makes_it_due_again(cell: Cell, tenant: Tenant) -> None:
    customer_id = await customer_of(tenant, cell)
    activity_id = await activity(tenant, customer_id, utc_now())

    await tenant.write(lambda work: records.delete(work, "activity", [activity_id]), person="sales")

    ((key, due),) = await requests(cell)
    assert (key, due is not None and due <= utc_now()) == (f"followup:{customer_id}", True)


async def test_a_change_of_other_fields_asks_for_nothing(cell: Cell, tenant: Tenant) -> None:
    customer_id = await customer_of(tenant, cell)

    await update(tenant, "customer", customer_id, person="sales", region="上海")

    assert await requests(cell) == []


async def test_a_deleted_customer_cancels_and_a_restored_one_is_looked_at(cell: Cell, tenant: Tenant) -> None:
    customer_id = await customer_of(tenant, cell)
    key = f"followup:{customer_id}"

    await tenant.write(lambda work: records.delete(work, "customer", [customer_id]), person="director")
    assert await requests(cell) == [(key, None)]

    await tenant.write(lambda work: records.restore(work, "customer", [customer_id]), person="director")
    ((restored, due),) = await requests(cell)
    assert (restored, due is not None and due <= utc_now()) == (key, True)
