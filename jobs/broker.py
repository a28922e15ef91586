"""The Dramatiq broker: Redis or Valkey by default, RabbitMQ by its URL. It carries addresses of outbox rows, nothing else.

Dramatiq's own retries, delays and time limits are off: attempts, backoff and timers are rows. Whatever a broker loses
or delivers twice changes nothing, because the outbox is the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import redis
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.message import Message as Envelope

from jobs.queues import QUEUES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from dramatiq import Broker, Middleware

    from tenants.settings import BrokerSettings

# By default a killed worker's messages come back after six minutes: a minute of silence, then maintenance by chance.
_HEARTBEAT_MS = 15_000
_ALWAYS = 1_000_000
_DEAD_MESSAGE_MS = 3_600_000
_SOCKET_SECONDS = 10.0


def make_broker(settings: BrokerSettings, middleware: Sequence[Middleware] = ()) -> Broker:
    """The broker that the URL names, with our queues."""
    broker = _rabbitmq(settings, middleware) if _is_rabbitmq(settings) else _redis(settings, middleware)
    for queue in QUEUES:
        broker.declare_queue(queue.name)
    return broker


def envelope(*, cell: str, message_id: UUID, name: str, queue: str) -> Envelope[None]:
    """What goes over the wire: where the row is. Its content stays in the cell."""
    return Envelope(queue_name=queue, actor_name=name, args=(cell, str(message_id)), kwargs={}, options={})


def _is_rabbitmq(settings: BrokerSettings) -> bool:
    return urlsplit(settings.url).scheme in {"amqp", "amqps"}


def _redis(settings: BrokerSettings, middleware: Sequence[Middleware]) -> Broker:
    client = redis.Redis.from_url(
        settings.url, socket_timeout=_SOCKET_SECONDS, socket_connect_timeout=_SOCKET_SECONDS, health_check_interval=30
    )
    return RedisBroker(
        client=client,
        middleware=list(middleware),
        namespace="kezhi",
        maintenance_chance=_ALWAYS,
        heartbeat_timeout=_HEARTBEAT_MS,
        dead_message_ttl=_DEAD_MESSAGE_MS,
    )


def _rabbitmq(settings: BrokerSettings, middleware: Sequence[Middleware]) -> Broker:
    return RabbitmqBroker(url=settings.url, middleware=list(middleware), confirm_delivery=True)
