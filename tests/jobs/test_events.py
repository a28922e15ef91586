"""What happened to records is given to whoever subscribed [H4]."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa

from jobs.relay import Relay
from services import capabilities, events
from services.events import RecordCreated, RecordEvent
from services.messages import UNAWAITED
from tenants.cells import outbox
from tests.builders.records import create_one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.context import Work
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

assert capabilities.CAPABILITIES


@pytest.fixture
def heard() -> Iterator[list[RecordEvent]]:
    """What a subscriber to new records hears."""
    with listening() as found:
        yield found


@contextmanager
def listening() -> Iterator[list[RecordEvent]]:
    """Somebody awaits new records."""
    found: list[RecordEvent] = []

    async def listen(_work: Work, event: RecordEvent) -> None:
        found.append(event)

    subscribers = events._SUBSCRIBERS.setdefault(RecordCreated.name, [])
    events.subscribe(RecordCreated, listen)
    yield found
    subscribers.remove(listen)


async def test_a_subscriber_hears_of_new_records(cell: Cell, tenant: Tenant, heard: list[RecordEvent]) -> None:
    customer_id = await create_one(tenant, "customer", person="sales", name="远景")

    await cell.drain()

    assert [(event.object_name, list(event.ids)) for event in heard] == [("customer", [str(customer_id)])]


async def test_an_event_that_nobody_awaits_is_done_too(cell: Cell, tenant: Tenant) -> None:
    await create_one(tenant, "customer", person="sales", name="远景")

    await cell.drain()

    assert set(await cell.states()) == {"done"}
    assert events.queue_of(RecordCreated("customer", ())) == UNAWAITED


async def test_a_writer_of_a_newer_release_says_what_is_awaited_and_the_relay_need_not_know(
    cell: Cell, tenant: Tenant
) -> None:
    relay = Relay(cell.cells, cell=cell.name, holder=uuid4())
    before = await create_one(tenant, "customer", name="远景")
    await relay.claim()
    with listening():
        after = await create_one(tenant, "customer", name="长河")

    await relay.claim()

    rows = await cell.rows(sa.select(outbox.c.payload, outbox.c.state).where(outbox.c.message == RecordCreated.name))
    states = {row["payload"]["ids"][0]: row["state"] for row in rows}
    assert states == {str(before): "done", str(after): "sent"}
