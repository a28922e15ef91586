"""Nobody forgets a customer [D4]: eight days of silence, one reminder for the owner and one copy for the manager.

With the real processes: two schedulers, and a worker that is killed in the middle.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.jobs import notification
from services import capabilities
from tenants.administration import administrator, connected
from tenants.cells import outbox
from tenants.clock import monotonic, utc_now
from tenants.session import transaction
from tests.builders.background import Cell
from tests.builders.processes import background, eventually, start, until_ready
from tests.builders.records import create_one

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tenants.context import ReadWork
    from tenants.installation import Installation
    from tenants.settings import Settings
    from tests.builders.tenants import Tenant
    from tests.clients import Client

assert capabilities.CAPABILITIES


@pytest.fixture
async def cell(installation: Installation) -> Cell:
    (name,) = await installation.catalog.cells()
    found = Cell(installation, name)
    await found.clear()
    return found


async def fall_silent(tenant: Tenant) -> None:
    """A customer of the sales person, last followed up eight days ago."""
    customer_id = await create_one(tenant, "customer", person="sales", name="上海远景科技有限公司")
    long_ago = (utc_now() - timedelta(days=8)).isoformat()
    await create_one(
        tenant, "activity", person="sales",
        subject="回访", kind="call", customerId=str(customer_id), occurredAt=long_ago,
    )  # fmt: skip


async def inbox(tenant: Tenant) -> list[tuple[UUID, bool]]:
    async def read(work: ReadWork) -> list[tuple[UUID, bool]]:
        rows = await work.session.rows(sa.select(notification).order_by(notification.c.is_copy))
        return [(row["user_id"], row["is_copy"]) for row in rows]

    return await tenant.read(read)


async def reminders(cell: Cell) -> list[tuple[str, int]]:
    rows = await cell.rows(sa.select(outbox).where(outbox.c.message == "follow_ups.remind"))
    return [(row["state"], row["attempts"]) for row in rows]


async def test_the_reminder_comes_within_one_tick_with_two_schedulers(
    cell: Cell, tenant: Tenant, settings: Settings, tmp_path: Path
) -> None:
    with background(settings, tmp_path, "worker", "scheduler", "scheduler") as children:
        for child in children:
            await until_ready(child)
        began = monotonic()

        await fall_silent(tenant)
        await eventually(lambda: inbox(tenant), lambda seen: len(seen) == 2)

        assert monotonic() - began < 5
        await eventually(cell.states, lambda states: set(states) == {"done"})
    assert await inbox(tenant) == [(tenant.user_id("sales"), False), (tenant.user_id("manager"), True)]
    assert await reminders(cell) == [("done", 1)]


async def test_the_reminder_comes_once_after_the_worker_was_killed_in_the_middle(
    cell: Cell, tenant: Tenant, settings: Settings, tmp_path: Path
) -> None:
    with background(settings, tmp_path, "worker", "scheduler", "scheduler") as (worker, *_):
        await until_ready(worker)
        async with connected(administrator(settings.database, cell.name)) as connection, transaction(connection):
            # The worker's INSERT waits for this lock: that is the middle.
            await connection.control(f"LOCK TABLE {tenant.placement.schema}.notification IN SHARE MODE")
            await fall_silent(tenant)
            await eventually(lambda: reminders(cell), lambda seen: seen == [("running", 1)])
            worker.process.kill()
            worker.process.wait()
        second = start(settings, tmp_path, "worker", 1)

        await eventually(lambda: inbox(tenant), lambda seen: len(seen) == 2)
        await eventually(cell.states, lambda states: set(states) == {"done"})
        second.stop()
    assert await inbox(tenant) == [(tenant.user_id("sales"), False), (tenant.user_id("manager"), True)]
    assert await reminders(cell) == [("done", 2)]


INBOX = "{ notifications { nodes { id titleZh titleEn objectName isCopy readAt user { name } } } }"
READ = """mutation Read($id: ID!) {
  markNotificationRead(input: {id: $id}) { notification { id readAt } errors { code } }
}"""


async def test_everyone_finds_the_own_reminder_and_marks_it_as_read(
    cell: Cell, tenant: Tenant, client_as: Callable[[str], Awaitable[Client]]
) -> None:
    await fall_silent(tenant)
    await cell.drain()
    sales, manager, stranger = [await client_as(person) for person in ("sales", "manager", "stranger")]

    (own,) = (await sales.data(INBOX))["notifications"]["nodes"]
    (copy,) = (await manager.data(INBOX))["notifications"]["nodes"]
    marked = (await sales.data(READ, id=own["id"]))["markNotificationRead"]
    refused = await stranger.errors(READ, id=copy["id"])

    assert (own["isCopy"], own["user"]["name"], own["readAt"]) == (False, "sales", None)
    assert (copy["isCopy"], copy["user"]["name"]) == (True, "manager")
    assert own["titleZh"] == copy["titleZh"] == "客户“上海远景科技有限公司”已 8 天没有跟进"
    assert (marked["notification"]["id"], marked["errors"]) == (own["id"], [])
    assert marked["notification"]["readAt"] is not None
    assert (await stranger.data(INBOX))["notifications"]["nodes"] == []
    assert [each["extensions"]["code"] for each in refused] == ["NOTIFICATION_NOT_FOUND"]
