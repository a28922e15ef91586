"""What happened to records is given to whoever subscribed [H4]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import capabilities, events
from services.events import RecordCreated, RecordEvent
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
    assert RecordCreated.name in events.unawaited()


def test_an_event_with_a_subscriber_is_awaited(heard: list[RecordEvent]) -> None:
    assert RecordCreated.name not in events.unawaited()
    assert heard == []
