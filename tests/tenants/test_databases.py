"""The pools of one process: last in, first out; few connections; none that remembers a transaction."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tenants.connection import Address, DatabaseUnavailable
from tenants.databases import Databases, Overloaded
from tenants.telemetry import TURNS_AWAITED
from tests.builders.clocks import Hours

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.installation import Installation

pytestmark = pytest.mark.integration


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
async def small(installation: Installation, hours: Hours) -> AsyncIterator[Databases]:
    """At most two connections, and nobody waits long."""
    databases = Databases(installation.catalog.login_address, connections=2, lease_seconds=0.05, clock=hours)
    yield databases
    await databases.close()


@pytest.fixture
def cell(installation: Installation) -> str:
    return installation.settings.database.first_cell


async def test_nothing_is_opened_before_it_is_needed(small: Databases, cell: str) -> None:
    assert (small.opened, small.idle) == (0, 0)
    async with small.lease(cell, "relay") as connection:
        assert await connection.fetchval("SELECT current_user::text") == f"{cell}_relay"
    assert (small.opened, small.idle, small.leased) == (1, 1, 0)


async def test_the_connection_used_last_comes_first(small: Databases, cell: str) -> None:
    async with small.lease(cell, "relay") as first, small.lease(cell, "relay") as second:
        pass

    async with small.lease(cell, "relay") as again:
        assert again is first
    assert second is not first


async def test_connection_that_comes_back_in_a_transaction_is_closed(small: Databases, cell: str) -> None:
    """[I-16]"""
    async with small.lease(cell, "relay") as connection:
        await connection.control("BEGIN")

    assert (small.idle, connection.is_closed()) == (0, True)


async def test_connection_that_comes_back_after_the_end_is_closed(small: Databases, cell: str) -> None:
    async with small.lease(cell, "relay") as connection:
        await small.close()
        assert not connection.is_closed()

    assert (small.idle, connection.is_closed()) == (0, True)


async def test_old_connection_is_replaced(small: Databases, cell: str, hours: Hours) -> None:
    async with small.lease(cell, "relay") as first:
        pass
    hours.seconds = 1800 * 1.2 + 1

    async with small.lease(cell, "relay") as second:
        assert second is not first
    assert first.is_closed()


async def test_old_connection_is_replaced_for_a_tenant_that_it_knows(small: Databases, cell: str, hours: Hours) -> None:
    async with small.lease(cell, "relay", "acme") as first:
        pass
    hours.seconds = 1800 * 1.2 + 1

    async with small.lease(cell, "relay", "acme") as second:
        assert second is not first
    assert first.is_closed()


async def test_full_process_closes_what_waited_longest_for_another_login(
    small: Databases, cell: str, hours: Hours
) -> None:
    async with small.lease(cell, "relay") as oldest:
        pass
    hours.seconds = 1
    async with small.lease(cell, "sequencer"):
        pass
    async with small.lease(cell, "exporter"):
        assert oldest.is_closed()

    assert small.idle == 2


async def test_who_waits_too_long_is_told_so(small: Databases, cell: str) -> None:
    async with small.lease(cell, "relay"), small.lease(cell, "relay"):
        with pytest.raises(Overloaded):
            async with small.lease(cell, "relay"):
                pass
    assert small.leased == 0


async def test_who_comes_later_does_not_take_the_place_of_who_waits(installation: Installation, cell: str) -> None:
    databases = Databases(installation.catalog.login_address, connections=1)
    served: list[str] = []

    async def serve(login: str) -> None:
        async with databases.lease(cell, login, "acme"):
            served.append(login)

    async with databases.lease(cell, "relay", "acme"):
        waiting = asyncio.create_task(serve("sequencer"))
        await asyncio.sleep(0)
    # Its connection is idle and knows the tenant, but its place is that of who has not gone on yet.
    await serve("relay")
    await waiting
    await databases.close()

    assert (served, databases.leased) == (["sequencer", "relay"], 0)


async def test_waiting_lease_is_served_when_one_comes_back(installation: Installation, cell: str) -> None:
    databases = Databases(installation.catalog.login_address, connections=1)

    async def identity() -> int:
        async with databases.lease(cell, "relay") as connection:
            return int(await connection.fetchval("SELECT pg_backend_pid()"))

    pids = await asyncio.gather(identity(), identity(), identity())
    await databases.close()

    assert (len(set(pids)), databases.opened) == (1, 1)


async def test_few_are_at_a_cell_at_once(installation: Installation, cell: str, hours: Hours) -> None:
    databases = Databases(installation.catalog.login_address, at_once=1, clock=hours)

    async def identity() -> int:
        async with databases.lease(cell, "relay") as connection:
            assert databases.leased == 1
            return int(await connection.fetchval("SELECT pg_backend_pid()"))

    async with databases.lease(cell, "sequencer"):
        asking = asyncio.gather(identity(), identity(), identity())
        await asyncio.sleep(0)
        assert (databases.leased, databases.turns_awaited) == (1, 3)
        assert next(iter(TURNS_AWAITED.collect())).samples[0].value == 3
    pids = await asyncio.wait_for(asking, 10)
    await databases.close()

    assert (len(set(pids)), databases.opened, databases.turns_awaited) == (1, 2, 0)


async def nowhere(_cell: str, _login: str) -> Address:
    """Where nobody listens."""
    return Address("127.0.0.1", 1, "kezhi", "kezhi", "kezhi")


async def test_who_found_no_server_holds_nobody_up(hours: Hours) -> None:
    databases = Databases(nowhere, at_once=1, clock=hours)

    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            await asyncio.wait_for(databases.lease("cell", "relay").__aenter__(), 10)


async def test_server_that_is_not_there_is_unavailable() -> None:
    databases = Databases(nowhere)

    with pytest.raises(DatabaseUnavailable):
        async with databases.lease("cell", "login"):
            pass
    assert databases.leased == 0
