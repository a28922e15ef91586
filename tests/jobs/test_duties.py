"""What the scheduler process does for its cells, from the first look to the last signature."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from dramatiq.brokers.stub import StubBroker

from jobs.broker import make_broker
from jobs.duties import Duties
from jobs.queues import QUEUES
from jobs.relay import Post
from schema.tables.audit import audit_entry
from services import audit, capabilities
from services.audit import Entry
from tenants.hints import Hints
from tenants.settings import BrokerSettings
from tests.builders.processes import eventually

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

assert capabilities.CAPABILITIES


def stub() -> StubBroker:
    broker = StubBroker()
    for queue in QUEUES:
        broker.declare_queue(queue.name)
    return broker


async def test_a_cell_is_relayed_sequenced_scheduled_and_signed(cell: Cell, tenant: Tenant) -> None:
    broker, stop = stub(), asyncio.Event()
    post = Post(broker)
    serving = asyncio.create_task(Duties(cell.installation, post, stop).serve())

    async def deed(work: Work) -> None:
        await audit.append(work, [Entry("customer.exported")])

    await tenant.write(deed)
    (message_id,) = await cell.put(tenant.placement.schema)

    async def work_is_seen() -> tuple[str, int, bool]:
        row = await cell.message(message_id)
        waiting = await tenant.read(
            lambda work: work.session.rows(audit_entry.select().where(audit_entry.c.seq.is_(None)))
        )
        return row["state"], len(waiting), not broker.queues["bulk"].empty()

    state, unsequenced, by_calendar = await eventually(
        work_is_seen, lambda seen: seen[0] == "sent" and seen[1] == 0 and seen[2]
    )
    stop.set()
    await serving
    post.close()

    assert (state, unsequenced, by_calendar) == ("sent", 0, True)
    assert broker.queues["default"].qsize() == 1
    heads = await cell.installation.catalog.audit_heads(tenant.placement.tenant_id)
    found = await tenant.read(lambda work: audit.verify(work, audit.Examined()))
    assert [row["seq"] for row in heads][-1] == found.entries


async def test_who_stops_lets_the_next_one_lead_at_once(cell: Cell, tenant: Tenant) -> None:
    async def deed(work: Work) -> None:
        await audit.append(work, [Entry("customer.exported")])

    async def waiting() -> int:
        rows = await tenant.read(
            lambda work: work.session.rows(audit_entry.select().where(audit_entry.c.seq.is_(None)))
        )
        return len(rows)

    for _ in range(2):
        stop, post = asyncio.Event(), Post(stub())
        serving = asyncio.create_task(Duties(cell.installation, post, stop).serve())
        await tenant.write(deed)
        assert await eventually(waiting, lambda number: number == 0, seconds=5) == 0
        stop.set()
        await serving
        post.close()


async def test_duties_are_done_without_valkey(cell: Cell, tenant: Tenant) -> None:
    """Hints and broker are away: rows wait, and what needs neither goes on."""
    away = Hints("redis://127.0.0.1:1/0")
    stop, post = asyncio.Event(), Post(make_broker(BrokerSettings(url="redis://127.0.0.1:1/0")))
    serving = asyncio.create_task(Duties(replace(cell.installation, hints=away), post, stop).serve())

    async def deed(work: Work) -> None:
        await audit.append(work, [Entry("customer.exported")])

    async def waiting() -> int:
        rows = await tenant.read(
            lambda work: work.session.rows(audit_entry.select().where(audit_entry.c.seq.is_(None)))
        )
        return len(rows)

    (message_id,) = await cell.put(tenant.placement.schema)
    await tenant.write(deed)
    unsequenced = await eventually(waiting, lambda number: number == 0)
    row = await eventually(lambda: cell.message(message_id), lambda row: row["sends"] > 0)
    stop.set()
    await serving
    post.close()
    await away.close()

    assert (unsequenced, row["state"]) == (0, "sent")
