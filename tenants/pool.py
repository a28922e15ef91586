"""The open connections of one cell and login, and which of them a unit of work gets.

A backend keeps what it has learnt of a tenant, its plans and its catalog, and learning that costs more than most reads. So a
tenant goes back to a connection that knows it, also if that one is still at work (decision 0023). Another one learns the
tenant where none knows it, where those that do take their time, or where the tenant has waited for them often.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tenants.clock import monotonic
from tenants.telemetry import TENANTS_LEARNT

if TYPE_CHECKING:
    from tenants.clock import Monotonic
    from tenants.connection import Connection

# What it takes to learn a tenant on a server that is busy: who is at work for longer is not waited for.
LEARNING_SECONDS = 0.2
# So often a tenant waits before one more connection learns it: soon where it asks all the time, late where two of its
# requests seldom meet.
_PATIENCE = 64


@dataclass(slots=True, eq=False)
class Pooled:
    """One connection, until when it may be used, and the tenants that it knows."""

    connection: Connection
    until: float
    # When it was taken or given back last.
    used_at: float
    tenants: set[str] = field(default_factory=set)


class Pool:
    """Connections that are idle, those at work, and who waits for one of these."""

    __slots__ = ("_at_work", "_awaited", "_clock", "_learning", "_waits", "idle")

    def __init__(self, *, learning_seconds: float = LEARNING_SECONDS, clock: Monotonic = monotonic) -> None:
        self._learning = learning_seconds
        self._clock = clock
        # The one used last at the end.
        self.idle: deque[Pooled] = deque()
        self._at_work: set[Pooled] = set()
        self._awaited: list[tuple[str, asyncio.Future[Pooled | None]]] = []
        # By tenant, since the last connection learnt it.
        self._waits: Counter[str] = Counter()

    async def take(self, tenant: str | None) -> Pooled | None:
        """The connection to use, at work from now on; nothing if one has to be opened. No tenant: any will do."""
        found = None
        if tenant is not None:
            found = self._familiar(tenant)
            left = 0.0 if found else self._left(tenant)
            if left > 0:
                returned = await self._returned(tenant, left)
                if returned is not None:
                    return returned
        found = found or self._newest()
        return None if found is None else self.begin(found, tenant)

    def begin(self, pooled: Pooled, tenant: str | None) -> Pooled:
        """It is at work for a tenant, and will know it."""
        pooled.used_at = self._clock()
        self._at_work.add(pooled)
        if tenant is not None and tenant not in pooled.tenants:
            pooled.tenants.add(tenant)
            TENANTS_LEARNT.inc()
            del self._waits[tenant]
        return pooled

    def end(self, pooled: Pooled, *, is_usable: bool) -> None:
        """Back from work: for the first who waits for it, or idle."""
        self._at_work.discard(pooled)
        if not is_usable:
            return
        for tenant, awaited in self._awaited:
            if tenant in pooled.tenants and not awaited.done():
                awaited.set_result(self.begin(pooled, tenant))
                return
        pooled.used_at = self._clock()
        self.idle.append(pooled)

    def _familiar(self, tenant: str) -> Pooled | None:
        """The one used last of those that are idle and know the tenant."""
        idle = self.idle
        for place in range(len(idle) - 1, -1, -1):
            found = idle[place]
            if tenant in found.tenants:
                del idle[place]
                if self._is_good(found):
                    return found
        return None

    def _newest(self) -> Pooled | None:
        while self.idle:
            found = self.idle.pop()
            if self._is_good(found):
                return found
        return None

    def _is_good(self, pooled: Pooled) -> bool:
        if pooled.connection.is_closed():
            return False
        if pooled.until > self._clock():
            return True
        pooled.connection.terminate()
        return False

    def _left(self, tenant: str) -> float:
        """How long it is worth waiting for those at work that know the tenant, in seconds."""
        begun = [each.used_at for each in self._at_work if tenant in each.tenants]
        if not begun or self._waits[tenant] >= _PATIENCE:
            return 0.0
        return max(begun) + self._learning - self._clock()

    async def _returned(self, tenant: str, seconds: float) -> Pooled | None:
        """One that knows the tenant, at work for it, if any comes back in time."""
        self._waits[tenant] += 1
        loop = asyncio.get_running_loop()
        awaited: asyncio.Future[Pooled | None] = loop.create_future()
        entry = (tenant, awaited)
        self._awaited.append(entry)
        timer = loop.call_later(seconds, _give_up, awaited)
        try:
            return await awaited
        except asyncio.CancelledError:
            # It may have come just now.
            came = awaited.result() if awaited.done() and not awaited.cancelled() else None
            if came is not None:
                self.end(came, is_usable=True)
            raise
        finally:
            timer.cancel()
            self._awaited.remove(entry)


def _give_up(awaited: asyncio.Future[Pooled | None]) -> None:
    if not awaited.done():
        awaited.set_result(None)
