"""The open connections of one cell and login, and which of them a unit of work gets.

A backend keeps what it has learnt of a tenant, its plans and its catalog, and learning that costs more than most reads. So a
tenant goes back to a connection that knows it, also if that one is still at work (decision 0023). Another one learns the
tenant where none knows it, where those that do take their time, or where the tenant keeps waiting for itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tenants.clock import monotonic
from tenants.connection import close
from tenants.telemetry import TENANTS_LEARNT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenants.clock import Monotonic
    from tenants.connection import Connection

# As long as it takes to learn a tenant on a server that is busy: who is at work for longer is not waited for.
WAIT_SECONDS = 0.2
# So often in a row a tenant waits for itself before one more connection learns it, each time within so many seconds of the last.
_PATIENCE, _ROW_SECONDS = 64, 1.0
# One wait for those that know the tenant, and one for who learns it then.
_MOST_WAITS = 2


@dataclass(slots=True, eq=False)
class Pooled:
    """One connection, until when it may be used, and the tenants that it knows."""

    connection: Connection
    until: float
    # When it was taken or given back last, and for whom it is at work.
    used_at: float
    tenant: str | None = None
    tenants: set[str] = field(default_factory=set)


class Pool:
    """Connections that are idle, those at work, and who waits for one of these."""

    __slots__ = (
        "_at_work", "_awaited", "_clock", "_idle", "_is_closed", "_opening", "_release", "_wait", "_waits", "cell", "login",
    )  # fmt: skip

    def __init__(
        self,
        cell: str,
        login: str,
        release: Callable[[], None],
        *,
        wait_seconds: float = WAIT_SECONDS,
        clock: Monotonic = monotonic,
    ) -> None:
        self.cell = cell
        self.login = login
        # Gives the place of one at work back to the process; one that is handed on keeps it.
        self._release = release
        self._wait = wait_seconds
        self._clock = clock
        # The one used last at the end.
        self._idle: deque[Pooled] = deque()
        self._at_work: set[Pooled] = set()
        # For whom connections are being opened, and since when.
        self._opening: list[tuple[str, float]] = []
        self._awaited: list[tuple[str, asyncio.Future[Pooled | None]]] = []
        # By tenant: how often in a row it waited for itself, and when it did so last.
        self._waits: dict[str, tuple[int, float]] = {}
        self._is_closed = False

    @property
    def open(self) -> int:
        """How many connections it has, or will have in a moment."""
        return len(self._idle) + len(self._at_work) + len(self._opening)

    @property
    def idle(self) -> int:
        """How many of them nobody uses."""
        return len(self._idle)

    @property
    def awaited(self) -> int:
        """How many wait for a connection that knows their tenant."""
        return len(self._awaited)

    @property
    def oldest_use(self) -> float | None:
        """When the idle connection was used that waits the longest."""
        return self._idle[0].used_at if self._idle else None

    async def returned(self, tenant: str) -> Pooled | None:
        """A connection that knows the tenant and was at work, now for it and in its place; nothing if it is not worth waiting."""
        for _ in range(_MOST_WAITS):
            if self._place_of_known(tenant) is not None:
                break
            left = self._left(tenant)
            if left <= 0 or not self._is_patient(tenant):
                break
            found = await self._handed(tenant, left)
            if found is not None:
                return found
        return None

    def take_known(self, tenant: str) -> Pooled | None:
        """The idle connection used last of those that know the tenant; at work from now on. Nothing if there is none."""
        now = self._clock()
        while (place := self._place_of_known(tenant)) is not None:
            found = self._idle[place]
            del self._idle[place]
            if self._good_or_closed(found, now):
                return self.begin(found, tenant, now)
        return None

    def take(self, tenant: str | None) -> Pooled | None:
        """One that knows the tenant, or else the one used last; at work from now on. Nothing if there is none."""
        found = None if tenant is None else self.take_known(tenant)
        now = self._clock()
        while found is None and self._idle:
            last = self._idle.pop()
            found = self.begin(last, tenant, now) if self._good_or_closed(last, now) else None
        return found

    @contextmanager
    def opening(self, tenant: str | None) -> Iterator[None]:
        """While a connection is opened for a tenant, others of that tenant wait for it."""
        entry = (tenant or "", self._clock())
        self._opening.append(entry)
        try:
            yield
        except BaseException:
            self._opening.remove(entry)
            self._disappoint()
            raise
        self._opening.remove(entry)

    def begin(self, pooled: Pooled, tenant: str | None, now: float) -> Pooled:
        """It is at work for a tenant, and will know it."""
        pooled.used_at, pooled.tenant = now, tenant
        self._at_work.add(pooled)
        if tenant is not None and tenant not in pooled.tenants:
            pooled.tenants.add(tenant)
            TENANTS_LEARNT.inc()
            self._waits.pop(tenant, None)
        return pooled

    def end(self, pooled: Pooled) -> None:
        """Back from work: for the first who waits for it, or idle. It is closed if it is too old, or in a transaction."""
        self._at_work.discard(pooled)
        now = self._clock()
        is_good = self._good_or_closed(pooled, now) and self._clean_or_closed(pooled.connection)
        for tenant, awaited in self._awaited if is_good else ():
            if tenant in pooled.tenants and not awaited.done():
                awaited.set_result(self.begin(pooled, tenant, now))
                return
        self._release()
        if is_good:
            pooled.used_at = now
            self._idle.append(pooled)
        else:
            self._disappoint()

    def drop_oldest(self) -> None:
        """Close the idle connection that waits the longest, to make room."""
        self._idle.popleft().connection.terminate()

    def drop_idle(self) -> None:
        """Close what is idle at once: the server went away."""
        while self._idle:
            self._idle.pop().connection.terminate()

    async def close(self) -> None:
        """Close what is idle, politely; what is at work is closed when it comes back."""
        self._is_closed = True
        # All at once, so that none is taken while another one says good-bye.
        idle, self._idle = self._idle, deque()
        for each in idle:
            await close(each.connection)

    def _place_of_known(self, tenant: str) -> int | None:
        """Where among the idle the one is that was used last of those that know the tenant."""
        idle = self._idle
        for place in range(len(idle) - 1, -1, -1):
            if tenant in idle[place].tenants:
                return place
        return None

    def _good_or_closed(self, pooled: Pooled, now: float) -> bool:
        if pooled.connection.is_closed():
            return False
        if pooled.until <= now:
            pooled.connection.terminate()
            return False
        return True

    def _clean_or_closed(self, connection: Connection) -> bool:
        """Whether one that comes back may be used again; what is idle stays so."""
        if self._is_closed or connection.is_in_transaction():
            connection.terminate()
            return False
        return True

    def _left(self, tenant: str) -> float:
        """How long it is worth waiting for those at work that know the tenant or will, in seconds."""
        begun = [each.used_at for each in self._at_work if tenant in each.tenants]
        begun += [since for each, since in self._opening if each == tenant]
        return max(begun) + self._wait - self._clock() if begun else 0.0

    def _is_patient(self, tenant: str) -> bool:
        """Whether it waits once more. Waiting for others' work is no reason to learn it again: that is what wears all out."""
        if not any(each.tenant == tenant for each in self._at_work):
            return True
        now = self._clock()
        times, last = self._waits.get(tenant, (0, now))
        times = times + 1 if now - last <= _ROW_SECONDS else 1
        self._waits[tenant] = (times, now)
        return times <= _PATIENCE

    async def _handed(self, tenant: str, seconds: float) -> Pooled | None:
        """One that knows the tenant, at work for it, if any comes back in time."""
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
                self.end(came)
            raise
        finally:
            timer.cancel()
            self._awaited.remove(entry)

    def _disappoint(self) -> None:
        """Tell those who wait for nobody any more."""
        for tenant, awaited in self._awaited:
            if self._left(tenant) <= 0:
                _give_up(awaited)


def _give_up(awaited: asyncio.Future[Pooled | None]) -> None:
    if not awaited.done():
        awaited.set_result(None)
