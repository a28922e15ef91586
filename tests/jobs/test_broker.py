"""Which broker the URL names, and how it is tuned."""

from __future__ import annotations

from uuid import UUID

from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker

from jobs import broker as brokers
from tenants.settings import BrokerSettings


def test_redis_brings_back_the_messages_of_a_dead_worker_soon() -> None:
    broker = brokers.make_broker(BrokerSettings(url="redis://127.0.0.1:1/0"))

    assert isinstance(broker, RedisBroker)
    assert (broker.heartbeat_timeout, broker.maintenance_chance, broker.namespace) == (15_000, 1_000_000, "kezhi")
    assert broker.get_declared_queues() == {"default", "bulk"}
    assert broker.middleware == []
    broker.close()


def test_rabbitmq_is_a_setting() -> None:
    broker = brokers.make_broker(BrokerSettings(url="amqp://guest:guest@127.0.0.1:1/"))

    assert isinstance(broker, RabbitmqBroker)
    assert broker.confirm_delivery
    assert broker.get_declared_queues() == {"default", "bulk"}


def test_an_envelope_says_where_the_row_is_and_nothing_of_it() -> None:
    envelope = brokers.envelope(cell="kezhi_cell_1", message_id=UUID(int=5), name="record.created", queue="bulk")

    assert (envelope.actor_name, envelope.queue_name) == ("record.created", "bulk")
    assert envelope.args == ("kezhi_cell_1", "00000000-0000-0000-0000-000000000005")
    assert (envelope.kwargs, envelope.options) == ({}, {})
