from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from services import events
from services.events import Kind, RecordCreated, RecordEvent, RecordUpdated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.events import Subscriber
    from tenants.context import Work
    from tests.builders.tenants import Tenant


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_an_event_of_its_name(kind: Kind) -> None:
    name = "updated" if kind is Kind.DERIVED else kind.value

    assert events.EVENTS[kind].name == f"record.{name}"


def test_an_event_comes_back_from_its_payload() -> None:
    payload: dict[str, object] = {"object_name": "customer", "ids": [str(UUID(int=1))], "later": 1}

    event = RecordUpdated.parse(payload)

    assert (event.object_name, list(event.ids), event.fields) == ("customer", [str(UUID(int=1))], ())


@pytest.fixture
def subscribers() -> Iterator[list[Subscriber]]:
    """Those of new records; whoever a test adds is gone with it."""
    present = events._SUBSCRIBERS.setdefault(RecordCreated.name, [])
    before = list(present)
    yield present
    present[:] = before


async def test_an_event_is_given_to_those_who_subscribed(shared_tenant: Tenant, subscribers: list[Subscriber]) -> None:
    heard: list[RecordEvent] = []
    event = RecordCreated("test", ("1",))

    async def subscriber(_: Work, told: RecordEvent) -> None:
        if told.object_name == "test":
            heard.append(told)

    assert events.subscribe(RecordCreated, subscriber) is subscriber
    assert subscribers[-1] is subscriber
    await shared_tenant.write(lambda work: events.deliver(work, event))
    await shared_tenant.write(lambda work: events.deliver(work, RecordUpdated("test", ("1",))))

    assert heard == [event]
