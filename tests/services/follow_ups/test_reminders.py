"""The reminder "no follow-up in 7 days": the owner's inbox, with a copy for the manager, once [D4]."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.jobs import notification
from services import capabilities, follow_ups, metadata, records
from tenants.cells import timers
from tenants.clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tenants.context import ReadWork, Work
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

assert capabilities.CAPABILITIES


async def new_customer(tenant: Tenant, *, person: str = "sales", **values: object) -> UUID:
    given = {"name": "上海远景科技有限公司", **values}
    written = await tenant.write(lambda work: records.create(work, "customer", [given]), person=person)
    return written.ids[0]


async def follow_up(tenant: Tenant, customer_id: UUID, occurred_at: datetime, *, person: str = "sales") -> UUID:
    given = {
        "subject": "电话回访",
        "kind": "call",
        "customerId": str(customer_id),
        "occurredAt": occurred_at.isoformat(),
    }
    written = await tenant.write(lambda work: records.create(work, "activity", [given]), person=person)
    return written.ids[0]


async def inbox(tenant: Tenant) -> list[tuple[UUID, bool, str, str]]:
    async def read(work: ReadWork) -> list[tuple[UUID, bool, str, str]]:
        rows = await work.session.rows(sa.select(notification).order_by(notification.c.is_copy))
        return [(row["user_id"], row["is_copy"], row["title_zh"], row["title_en"]) for row in rows]

    return await tenant.read(read)


async def due_times(cell: Cell) -> Mapping[str, datetime]:
    return {row["key"]: row["due"] for row in await cell.rows(sa.select(timers.c.key, timers.c.due))}


async def test_eight_days_of_silence_remind_the_owner_and_copy_the_manager(cell: Cell, tenant: Tenant) -> None:
    customer_id = await new_customer(tenant)

    await follow_up(tenant, customer_id, utc_now() - timedelta(days=8))
    await cell.drain()

    zh, en = "客户“上海远景科技有限公司”已 8 天没有跟进", "No follow-up with 上海远景科技有限公司 for 8 days"
    assert await inbox(tenant) == [(tenant.user_id("sales"), False, zh, en), (tenant.user_id("manager"), True, zh, en)]


async def test_the_reminder_may_run_twice_and_tells_once(cell: Cell, tenant: Tenant) -> None:
    customer_id = await new_customer(tenant)
    await follow_up(tenant, customer_id, utc_now() - timedelta(days=8))
    await cell.drain()

    await tenant.write(lambda work: follow_ups.remind(work, customer_id))
    await tenant.write(lambda work: follow_ups.remind(work, customer_id))

    assert len(await inbox(tenant)) == 2


async def test_a_new_silence_after_an_activity_is_told_anew(cell: Cell, tenant: Tenant) -> None:
    customer_id = await new_customer(tenant)
    await follow_up(tenant, customer_id, utc_now() - timedelta(days=20))
    await cell.drain()
    await follow_up(tenant, customer_id, utc_now() - timedelta(days=10))

    await tenant.write(lambda work: follow_ups.remind(work, customer_id))

    assert len(await inbox(tenant)) == 4


async def test_a_fresh_activity_moves_no_timer_and_the_early_one_is_armed_anew(cell: Cell, tenant: Tenant) -> None:
    customer_id = await new_customer(tenant)
    await cell.drain()
    key = f"followup:{customer_id}"
    armed = (await due_times(cell))[key]

    await follow_up(tenant, customer_id, utc_now())
    await cell.drain()

    assert (await due_times(cell))[key] == armed
    await tenant.write(lambda work: follow_ups.remind(work, customer_id))
    await cell.drain()
    assert (await due_times(cell))[key] > armed
    assert await inbox(tenant) == []


async def test_a_deleted_customer_is_not_reminded_of(cell: Cell, tenant: Tenant) -> None:
    customer_id = await new_customer(tenant)
    await follow_up(tenant, customer_id, utc_now() - timedelta(days=8))

    await tenant.write(lambda work: records.delete(work, "customer", [customer_id]), person="director")
    await cell.drain()

    assert await inbox(tenant) == []
    assert f"followup:{customer_id}" not in await due_times(cell)


async def test_a_restored_customer_is_looked_at_again(cell: Cell, tenant: Tenant) -> None:
    customer_id = await new_customer(tenant)
    await follow_up(tenant, customer_id, utc_now() - timedelta(days=8))
    await tenant.write(lambda work: records.delete(work, "customer", [customer_id]), person="director")
    await cell.drain()

    await tenant.write(lambda work: records.restore(work, "customer", [customer_id]), person="director")
    await cell.drain()

    assert len(await inbox(tenant)) == 2


async def test_a_customer_without_an_owner_reminds_nobody(cell: Cell, tenant: Tenant) -> None:
    customer_id = await new_customer(tenant, person="")
    await follow_up(tenant, customer_id, utc_now() - timedelta(days=8), person="director")

    await cell.drain()

    assert await inbox(tenant) == []


async def test_a_history_that_the_platform_loads_does_not_fill_inboxes_at_once(cell: Cell, tenant: Tenant) -> None:
    owner = str(tenant.user_id("sales"))
    customer_id = await new_customer(tenant, person="", ownerId=owner)

    await follow_up(tenant, customer_id, utc_now() - timedelta(days=30), person="")
    await cell.drain()

    assert await inbox(tenant) == []
    due = (await due_times(cell))[f"followup:{customer_id}"]
    assert utc_now() - timedelta(minutes=1) < due < utc_now() + timedelta(days=7)


async def test_a_story_of_the_past_arms_timers_of_the_present(cell: Cell, tenant: Tenant) -> None:
    async def tell(work: Work) -> None:
        then = replace(work, now=work.now - timedelta(days=300))
        await records.create(then, "customer", [{"name": f"客户 {number}"} for number in range(20)])

    await tenant.write(tell)
    await cell.drain()

    now = utc_now()
    dues = (await due_times(cell)).values()
    assert len(dues) == 20
    assert all(now - timedelta(minutes=1) < due < now + timedelta(days=7) for due in dues)


async def test_who_manages_the_department_is_told_by_nobody_above(cell: Cell, tenant: Tenant) -> None:
    customer_id = await new_customer(tenant, person="manager")
    await follow_up(tenant, customer_id, utc_now() - timedelta(days=8), person="manager")

    await cell.drain()

    assert [(user, is_copy) for user, is_copy, _, _ in await inbox(tenant)] == [(tenant.user_id("manager"), False)]


@pytest.mark.parametrize("name", ["lastActivityAt", "name"])
async def test_a_retired_field_ends_no_reminder_for_good(cell: Cell, tenant: Tenant, name: str) -> None:
    customer_id = await new_customer(tenant)
    await follow_up(tenant, customer_id, utc_now() - timedelta(days=8))
    await cell.drain()
    key, told = f"followup:{customer_id}", await inbox(tenant)
    await cell.execute(sa.delete(timers))
    await tenant.define(lambda work: metadata.retire_field(work, "customer", name), person="admin")

    await tenant.write(lambda work: follow_ups.remind(work, customer_id))
    await cell.drain()

    armed = (await due_times(cell))[key]
    assert utc_now() + timedelta(days=6) < armed < utc_now() + timedelta(days=8)
    assert await inbox(tenant) == told
    await tenant.define(lambda work: metadata.restore_field(work, "customer", name), person="admin")
    await follow_up(tenant, customer_id, utc_now() - timedelta(days=7, hours=1))
    await tenant.write(lambda work: follow_ups.remind(work, customer_id))
    assert len(await inbox(tenant)) == len(told) + 2


async def test_a_customer_that_was_never_there_is_no_work(tenant: Tenant) -> None:
    async def remind(work: Work) -> None:
        await follow_ups.remind(work, UUID(int=7))

    await tenant.write(remind)

    assert await inbox(tenant) == []
