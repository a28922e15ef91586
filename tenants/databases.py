"""The connections of this process: one pool for each cell and login, filled lazily, at most 40 connections together.

Few of them are at one cell at once; the others wait a moment for their turn (`tenants.turns`). Which one a unit of work
gets is `tenants.pool`'s.

asyncpg's own pool sends a reset query that hardened cells refuse. Ours keeps a connection as it came back, because
nothing but `SET LOCAL` is ever set on it; one that came back inside a transaction is closed.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakSet

from tenants.clock import monotonic
from tenants.connection import connect
from tenants.errors import Unavailable
from tenants.places import Places
from tenants.pool import WAIT_SECONDS, Pool, Pooled
from tenants.telemetry import CONNECTIONS, TURNS_AWAITED
from tenants.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.clock import Monotonic
    from tenants.connection import Address, Connection

_LIFE_SECONDS = 1800.0


class Overloaded(Unavailable):
    """Too many requests are waiting for the database; try again."""

    code = "OVERLOADED"
    zh = "等待数据库的请求过多,请稍后重试。"


Addresses: TypeAlias = "Callable[[str, str], Awaitable[Address]]"


class Lease:
    """One connection on loan. A class of its own, because a generator costs more than the loan."""

    __slots__ = ("_databases", "_pool", "_pooled", "_tenant", "_turns")

    def __init__(self, databases: Databases, turns: Turns, pool: Pool, tenant: str | None) -> None:
        self._databases = databases
        self._turns = turns
        self._pool = pool
        self._tenant = tenant

    async def __aenter__(self) -> Connection:
        turns, databases = self._turns, self._databases
        if not turns.begin_at_once(self):
            await turns.wait(self)
        try:
            found = databases._take_known(self._pool, self._tenant)  # noqa: SLF001 - a part of it
            self._pooled = found or await databases._take(self._pool, self._tenant)  # noqa: SLF001 - as well
        except BaseException:
            turns.give_back(self)
            raise
        return self._pooled.connection

    async def __aexit__(self, *failure: object) -> None:
        try:
            self._pool.end(self._pooled)
        finally:
            self._turns.give_back(self)


# Of this process; they are counted when somebody asks.
_all: WeakSet[Databases] = WeakSet()
CONNECTIONS.labels("leased").set_function(lambda: sum(each.leased for each in _all))
CONNECTIONS.labels("awaited").set_function(lambda: sum(each.awaited for each in _all))
TURNS_AWAITED.set_function(lambda: sum(each.turns_awaited for each in _all))


class Databases:
    """Leases connections by cell and login. The addresses come from the catalog, once for each pool."""

    def __init__(
        self,
        addresses: Addresses,
        *,
        connections: int = 40,
        at_once: int = 4,
        lease_seconds: float = 10.0,
        wait_seconds: float = WAIT_SECONDS,
        clock: Monotonic = monotonic,
    ) -> None:
        self._addresses = addresses
        self._limit = connections
        self._at_once = at_once
        self._lease_seconds = lease_seconds
        self._wait_seconds = wait_seconds
        self._clock = clock
        self._places = Places(connections)
        self._pools: dict[tuple[str, str], Pool] = {}
        self._where: dict[tuple[str, str], Address] = {}
        self._turns: dict[str, Turns] = {}
        self.opened = 0
        _all.add(self)

    def lease(self, cell: str, login: str, tenant: str | None = None) -> Lease:
        """A connection for one unit of work, one that knows the tenant (by its schema) or the one used last."""
        turns = self._turns.get(cell)
        if turns is None:
            turns = self._turns[cell] = Turns(self._at_once, clock=self._clock)
        pool = self._pools.get((cell, login))
        if pool is None:
            pool = self._pools[cell, login] = Pool(
                cell, login, self._places.give_back, wait_seconds=self._wait_seconds, clock=self._clock
            )
        return Lease(self, turns, pool, tenant)

    def _take_known(self, pool: Pool, tenant: str | None) -> Pooled | None:
        """What nearly every read gets: an idle connection that knows its tenant, and a place for it at once."""
        if tenant is None or not self._places.is_free:
            return None
        found = pool.take_known(tenant)
        if found is not None:
            self._places.take()
        return found

    async def _take(self, pool: Pool, tenant: str | None) -> Pooled:
        found = None if tenant is None else await pool.returned(tenant)
        if found is not None:
            return found
        if self._places.is_free:
            self._places.take()
        else:
            try:
                await self._places.wait(self._lease_seconds)
            except TimeoutError:
                raise Overloaded from None
        try:
            return pool.take(tenant) or await self._opened(pool, tenant)
        except BaseException:
            self._places.give_back()
            raise

    def forget_idle(self, cell: str, login: str) -> None:
        """Close what waits: the server went away, and these connections with it."""
        pool = self._pools.get((cell, login))
        if pool is not None:
            pool.drop_idle()
        self._where.pop((cell, login), None)

    @property
    def leased(self) -> int:
        """Connections at work, or about to be."""
        return self._places.taken

    @property
    def idle(self) -> int:
        """Connections open and waiting."""
        return sum(pool.idle for pool in self._pools.values())

    @property
    def turns_awaited(self) -> int:
        """How many wait for their turn."""
        return sum(each.waiting for each in self._turns.values())

    @property
    def awaited(self) -> int:
        """How many wait for a connection that knows their tenant."""
        return sum(pool.awaited for pool in self._pools.values())

    async def close(self) -> None:
        """Close all that wait; those at work are closed when they come back."""
        for pool in list(self._pools.values()):
            await pool.close()

    async def _opened(self, pool: Pool, tenant: str | None) -> Pooled:
        if sum(each.open for each in self._pools.values()) >= self._limit:
            self._close_oldest()
        with pool.opening(tenant):
            address = self._where.get((pool.cell, pool.login))
            if address is None:
                address = self._where[pool.cell, pool.login] = await self._addresses(pool.cell, pool.login)
            connection = await connect(address, application=f"kezhi {pool.login}")
        self.opened += 1
        now = self._clock()
        # Spread, so that connections opened together do not end together.
        until = now + _LIFE_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
        return pool.begin(Pooled(connection, until, now), tenant, now)

    def _close_oldest(self) -> None:
        waiting = [(pool.oldest_use, pool) for pool in self._pools.values() if pool.oldest_use is not None]
        if waiting:
            min(waiting, key=lambda each: each[0])[1].drop_oldest()
