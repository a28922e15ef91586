"""Wake-ups over Valkey: after a commit the relay and the others learn that there is something to do, without data.

Best effort: whoever listens also polls every second, so a lost hint costs a second and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.placement import Placement

CHANNEL = "kezhi:touched"
_SECONDS = 0.5
# How long a listener sleeps when nobody speaks; what is said wakes it at once.
_SILENT_SECONDS = 30.0

_log = structlog.get_logger(__name__)


class Hints:
    """Publishes and hears (cell, schema). Without an address it is silent."""

    def __init__(self, url: str) -> None:
        self._client: Redis | None = (
            Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS) if url else None
        )

    async def publish(self, placement: Placement) -> None:
        """Say that a tenant has something new."""
        if self._client is None:
            return
        try:
            await self._client.publish(CHANNEL, f"{placement.cell} {placement.schema}")
        except (RedisError, OSError):
            _log.debug("hint.lost", cell=placement.cell)

    async def listen(self) -> AsyncIterator[tuple[str, str]]:
        """What others publish, from now on; ends when the connection does."""
        if self._client is None:
            return
        async with self._client.pubsub() as channel:
            try:
                await channel.subscribe(CHANNEL)
                while True:
                    message = await channel.get_message(ignore_subscribe_messages=True, timeout=_SILENT_SECONDS)
                    if message is not None:
                        cell, _, schema = message["data"].decode().partition(" ")
                        yield cell, schema
            except (RedisError, OSError):
                _log.warning("hint.deaf")

    async def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            await self._client.aclose()
