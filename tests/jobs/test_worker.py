"""The worker process: one event loop for all messages, and a polite end [D4]."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa

from jobs import broker as brokers
from jobs import registry
from jobs.actor import ACTORS, Run, actor
from jobs.attempts import RowState
from jobs.queues import QUEUES
from jobs.worker import Household, Workers, event_loop
from services import capabilities
from services.messages import Message
from tenants.administration import administrator, connected
from tenants.cells import outbox
from tenants.clock import utc_now
from tenants.session import transaction
from tests.builders.processes import background, eventually, until_ready
from tests.builders.records import create_one

if TYPE_CHECKING:
    from pathlib import Path

    from tenants.settings import BrokerSettings, Settings
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

assert capabilities.CAPABILITIES


def test_second_queue_is_no_warning(broker_settings: BrokerSettings, caplog: pytest.LogCaptureFixture) -> None:
    async def arrive(_cell: str, _message_id: str) -> None: ...

    with event_loop():
        workers = Workers(broker_settings, arrive, threads=1)
        workers.start()
        workers.stop()

    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []


def test_every_message_arrives_on_the_one_loop(broker_settings: BrokerSettings) -> None:
    arrived: list[tuple[str, str, int]] = []
    both = threading.Semaphore(0)

    async def arrive(cell: str, message_id: str) -> None:
        arrived.append((cell, message_id, threading.get_ident()))
        both.release()

    names, ids = list(registry.actors())[:2], [uuid4(), uuid4()]
    with event_loop() as loop:
        workers, broker = Workers(broker_settings, arrive, threads=2), brokers.make_broker(broker_settings)
        for name, queue, message_id in zip(names, QUEUES, ids, strict=True):
            broker.enqueue(brokers.envelope(cell="test_cell", message_id=message_id, name=name, queue=queue.name))
        workers.start()
        assert all(both.acquire(timeout=10) for _ in ids)
        workers.stop()
        broker.close()

    assert {(cell, message_id) for cell, message_id, _ in arrived} == {("test_cell", str(each)) for each in ids}
    assert {thread for _, _, thread in arrived} == {loop.ident}


async def test_a_household_runs_messages_until_it_closes(cell: Cell, settings: Settings) -> None:
    (message_id,) = await cell.put(message="record.created")
    household = await Household.open(settings)

    await household.arrive(cell.name, str(message_id))
    await household.close()

    row = await cell.message(message_id)
    assert (row["state"], row["reason"]) == (RowState.WAITING, "NO_SUCH_TENANT")


@dataclass(frozen=True, slots=True)
class Endless(Message):
    """Work that does not end by itself."""

    name = "test.endless"


async def test_what_does_not_end_in_time_is_handed_back_as_if_never_started(
    cell: Cell, shared_tenant: Tenant, settings: Settings
) -> None:
    begun = asyncio.Event()

    @actor(Endless)
    async def body(_run: Run, _message: Endless) -> None:
        begun.set()
        await asyncio.Event().wait()

    (message_id,) = await cell.put(shared_tenant.placement.schema, message=Endless.name)
    household = await Household.open(settings)
    running = asyncio.create_task(household.arrive(cell.name, str(message_id)))
    await begun.wait()

    household.hand_back()
    await running
    await household.close()
    ACTORS.pop(Endless.name)

    row = await cell.message(message_id)
    assert (row["state"], row["attempts"], row["retries"], row["lease_until"]) == ("waiting", 0, 0, None)


async def test_a_worker_asked_to_stop_ends_what_it_began(
    cell: Cell, tenant: Tenant, settings: Settings, tmp_path: Path
) -> None:
    reminders = sa.select(outbox.c.state, outbox.c.attempts).where(outbox.c.message == "follow_ups.remind")

    async def seen() -> list[tuple[str, int]]:
        return [(row["state"], row["attempts"]) for row in await cell.rows(reminders)]

    with background(settings, tmp_path, "worker", "scheduler") as (worker, scheduler):
        await until_ready(worker)
        await until_ready(scheduler)
        async with connected(administrator(settings.database, cell.name)) as connection, transaction(connection):
            # The reminder waits for this lock while the worker is asked to stop.
            await connection.control(f"LOCK TABLE {tenant.placement.schema}.notification IN SHARE MODE")
            customer_id = await create_one(tenant, "customer", person="sales", name="远景")
            await create_one(
                tenant,
                "activity",
                person="sales",
                subject="回访",
                kind="call",
                customerId=str(customer_id),
                occurredAt=(utc_now() - timedelta(days=8)).isoformat(),
            )
            assert await eventually(seen, lambda found: found == [("running", 1)]) == [("running", 1)]
            worker.process.send_signal(signal.SIGTERM)
        worker.process.wait(timeout=20)

        assert worker.process.returncode == 0
        assert await seen() == [("done", 1)]
    assert scheduler.process.returncode == 0
