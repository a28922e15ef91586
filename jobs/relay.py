"""The relay of one cell: timers become messages, messages go to the broker, lost ones go again. Nothing else sends.

Rows are marked as sent before they are sent. A relay that dies in between loses nothing: the lease of its rows ends and
they are sent again; the actor starts a row once however often it arrives.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from dramatiq.errors import BrokerError
from redis.exceptions import RedisError

from jobs import broker as brokers
from jobs import claims, timers
from jobs.queues import QUEUES
from tenants.cells import RELAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dramatiq import Broker

    from tenants.cell_sessions import CellSessions

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to send."""

    id: UUID
    name: str
    queue: str


class Relay:
    """Any number of relays may serve a cell; they take turns."""

    def __init__(self, cells: CellSessions, *, cell: str, holder: UUID) -> None:
        self._cells = cells
        self._cell = cell
        self._holder = holder
        # Built once: there is a turn every second, and building these takes 7 ms, running them on nothing far less.
        self._turn, self._claims = claims.turn(), [claims.claim(queue) for queue in QUEUES]
        self._chores = (timers.fold(), timers.fire(), claims.give_up(), claims.close())

    async def claim(self) -> list[Claimed]:
        """One turn in the database: fold, fire, give up the lost, claim what is next."""
        async with self._cells.begin(self._cell, RELAY) as session:
            if not await session.rows(self._turn):
                await session.execute(claims.prepare_turn(self._holder))
                await session.rows(self._turn)
            for chore in self._chores:
                await session.execute(chore)
            rows = [row for claim in self._claims for row in await session.rows(claim)]
        return [Claimed(row["id"], row["message"], row["queue"]) for row in rows]

    async def relay(self, post: Post) -> int:
        """One turn, and off to the broker; how many messages went."""
        claimed = await self.claim()
        if claimed:
            await post.send(self._cell, claimed)
        return len(claimed)


class Post:
    """The way to the broker. Its clients block, so one thread of its own talks to it."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")

    async def send(self, cell: str, claimed: Sequence[Claimed]) -> None:
        """Hand the messages over. What does not arrive is sent again when its lease ends."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._send, cell, claimed)
        except (BrokerError, RedisError, OSError) as failure:
            _log.warning("relay.broker_unreachable", cell=cell, reason=type(failure).__name__, messages=len(claimed))

    def close(self) -> None:
        """Let go of the broker."""
        self._thread.shutdown()
        self._broker.close()

    def _send(self, cell: str, claimed: Sequence[Claimed]) -> None:
        for each in claimed:
            self._broker.enqueue(brokers.envelope(cell=cell, message_id=each.id, name=each.name, queue=each.queue))
