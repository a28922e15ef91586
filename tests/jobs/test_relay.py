"""The relay: rows are the truth, the broker only carries where they are [D4]."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import redis
from dramatiq.brokers.stub import StubBroker

from jobs import claims
from jobs.broker import make_broker
from jobs.queues import QUEUES
from jobs.relay import Post, Relay
from services.messages import UNAWAITED

if TYPE_CHECKING:
    from tenants.settings import BrokerSettings, Settings
    from tests.builders.background import Cell


def relay_of(cell: Cell) -> Relay:
    return Relay(cell.cells, cell=cell.name, holder=uuid4())


def carried(settings: BrokerSettings) -> list[tuple[str, list[str]]]:
    """What the broker holds: (actor, arguments)."""
    client = redis.Redis.from_url(settings.url)
    found = [json.loads(text) for text in client.hgetall("kezhi:default.msgs").values()]
    client.close()
    return sorted((each["actor_name"], each["args"]) for each in found)


async def test_messages_go_to_the_broker_as_addresses(cell: Cell, broker_settings: BrokerSettings) -> None:
    (message_id,) = await cell.put("t_one", message="test.secret", payload={"customer": "远景"})
    post = Post(make_broker(broker_settings))

    sent = await relay_of(cell).relay(post)
    post.close()

    assert sent == 1
    assert carried(broker_settings) == [("test.secret", [cell.name, str(message_id)])]
    assert await cell.states() == ["sent"]


async def test_a_wiped_broker_gets_everything_again(cell: Cell, broker_settings: BrokerSettings) -> None:
    ids = await cell.put("t_one", number=3)
    post, relay = Post(make_broker(broker_settings)), relay_of(cell)
    await relay.relay(post)
    client = redis.Redis.from_url(broker_settings.url)
    client.flushall()
    client.close()

    await cell.let_leases_end()
    again = await relay.relay(post)
    post.close()

    assert again == 3
    assert [UUID(arguments[1]) for _, arguments in carried(broker_settings)] == sorted(ids)


async def test_a_broker_that_is_away_loses_nothing(cell: Cell, settings: Settings) -> None:
    await cell.put("t_one")
    away = replace(settings.broker, url="redis://127.0.0.1:1/0")
    post, relay = Post(make_broker(away)), relay_of(cell)

    await relay.relay(post)
    post.close()

    assert await cell.states() == ["sent"]
    await cell.let_leases_end()
    assert len(await relay.claim()) == 1


async def test_what_nobody_awaits_is_done_without_being_sent(cell: Cell) -> None:
    (awaited,) = await cell.put()
    unawaited = await cell.put(queue=UNAWAITED, number=5)

    claimed = await relay_of(cell).claim()

    assert [each.id for each in claimed] == [awaited]
    assert await cell.states(unawaited) == ["done"] * 5
    assert (await cell.message(unawaited[0]))["attempts"] == 0


async def test_what_nobody_awaits_is_done_a_bounded_number_at_once(cell: Cell) -> None:
    await cell.put(queue=UNAWAITED, number=3)

    closed = [await cell.execute(claims.close(at_once=2)) for _ in range(3)]

    assert closed == [2, 1, 0]


async def test_many_relays_send_every_message_once(cell: Cell) -> None:
    for number in range(10):
        await cell.put(f"t_{number}", number=4)
    relays = [relay_of(cell) for _ in range(5)]

    claimed = [each.id for batch in await asyncio.gather(*(relay.claim() for relay in relays)) for each in batch]

    assert (len(claimed), len(set(claimed))) == (40, 40)


async def test_caps_hold_over_many_relays(cell: Cell) -> None:
    await cell.put("t_busy", number=100)
    relays = [relay_of(cell) for _ in range(5)]

    claimed = await asyncio.gather(*(relay.claim() for relay in relays))

    assert sum(len(batch) for batch in claimed) == 4


async def test_a_queue_of_a_newer_release_waits_for_its_relay(cell: Cell) -> None:
    broker = StubBroker()
    for queue in QUEUES:
        broker.declare_queue(queue.name)
    for name in ("default", "bulk", "of a newer release"):
        await cell.put("t_one", queue=name)
    post = Post(broker)

    await relay_of(cell).relay(post)

    assert (broker.queues["bulk"].qsize(), broker.queues["default"].qsize()) == (1, 1)
    assert await cell.states() == ["sent", "sent", "waiting"]
    post.close()
