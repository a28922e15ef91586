"""[I-16] A tenant goes back to the connection that knows it, and waits for it as long as learning it anew would take."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tenants.connection import Address, DatabaseUnavailable
from tenants.databases import Databases
from tenants.telemetry import TENANTS_LEARNT
from tests.builders.clocks import Hours

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.connection import Connection
    from tenants.installation import Installation

pytestmark = pytest.mark.integration

PATIENCE = 64


@pytest.fixture
def hours() -> Hours:
    """Stands still unless a test moves it, so nobody takes too long by chance."""
    return Hours()


@pytest.fixture
async def databases(installation: Installation, hours: Hours) -> AsyncIterator[Databases]:
    """Room for eight, and an hour to learn a tenant."""
    made = Databases(installation.catalog.login_address, connections=8, at_once=40, wait_seconds=3600, clock=hours)
    yield made
    await made.close()


@pytest.fixture
async def hasty(installation: Installation) -> AsyncIterator[Databases]:
    """Nobody waits for longer than two milliseconds."""
    made = Databases(installation.catalog.login_address, connections=8, at_once=40, wait_seconds=0.002)
    yield made
    await made.close()


@pytest.fixture
async def narrow(installation: Installation, hours: Hours) -> AsyncIterator[Databases]:
    """Room for three."""
    made = Databases(installation.catalog.login_address, connections=3, at_once=40, wait_seconds=3600, clock=hours)
    yield made
    await made.close()


@pytest.fixture
def cell(installation: Installation) -> str:
    return installation.settings.database.first_cell


async def used(databases: Databases, cell: str, tenant: str | None) -> Connection:
    """The connection of one unit of work that does nothing."""
    async with databases.lease(cell, "relay", tenant) as connection:
        return connection


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(5):
        await asyncio.sleep(0)


async def met(databases: Databases, cell: str, asking: str, at_work: str) -> Connection:
    """What a unit of work of one tenant gets that has to wait while a connection is at work for another, or for itself."""
    async with databases.lease(cell, "relay", at_work):
        waiting = asyncio.ensure_future(used(databases, cell, asking))
        await settled()
        assert not waiting.done()
    return await asyncio.wait_for(waiting, 10)


def learnt() -> float:
    return next(iter(TENANTS_LEARNT.collect())).samples[0].value


async def test_tenant_goes_back_to_the_connection_that_knows_it(databases: Databases, cell: str) -> None:
    before = learnt()
    async with databases.lease(cell, "relay", "a") as of_a, databases.lease(cell, "relay", "b") as of_b:
        assert of_a is not of_b

    for _ in range(3):
        assert await used(databases, cell, "b") is of_b
        assert await used(databases, cell, "a") is of_a
    assert learnt() - before == 2


async def test_tenant_that_nobody_knows_takes_what_was_used_last(databases: Databases, cell: str) -> None:
    async with databases.lease(cell, "relay", "a") as of_a, databases.lease(cell, "relay", "b"):
        pass

    # Given back last, because it was taken first.
    assert await used(databases, cell, "c") is of_a
    assert databases.opened == 2


async def test_tenant_waits_for_the_connection_that_knows_it(databases: Databases, cell: str) -> None:
    async with databases.lease(cell, "relay", "b"):
        async with databases.lease(cell, "relay", "a") as of_a:
            waiting = asyncio.ensure_future(used(databases, cell, "a"))
            await settled()
            assert not waiting.done()
        assert await asyncio.wait_for(waiting, 10) is of_a
    assert databases.opened == 2


async def test_those_who_wait_are_served_in_order(databases: Databases, cell: str) -> None:
    served: list[str] = []

    async def serve(name: str) -> None:
        async with databases.lease(cell, "relay", "a"):
            served.append(name)

    async with databases.lease(cell, "relay", "a"):
        waiting = [asyncio.ensure_future(serve(name)) for name in "xyz"]
        await settled()
        assert served == []
    await asyncio.wait_for(asyncio.gather(*waiting), 10)

    assert (served, databases.opened) == (["x", "y", "z"], 1)


async def test_nobody_waits_for_who_takes_its_time(databases: Databases, cell: str, hours: Hours) -> None:
    async with databases.lease(cell, "relay", "a") as report:
        hours.seconds = 3600
        assert await asyncio.wait_for(used(databases, cell, "a"), 10) is not report


async def test_who_waited_long_enough_goes_on_with_another_one(hasty: Databases, cell: str) -> None:
    async with hasty.lease(cell, "relay", "a") as report:
        assert await asyncio.wait_for(used(hasty, cell, "a"), 10) is not report

    assert hasty.leased == 0


async def test_only_one_more_learns_the_tenant_of_a_report(databases: Databases, cell: str, hours: Hours) -> None:
    """The others wait for that one."""
    async with databases.lease(cell, "relay", "a"):
        hours.seconds = 3600
        before = learnt()
        found = await asyncio.wait_for(asyncio.gather(*(used(databases, cell, "a") for _ in range(7))), 10)

    assert (len(set(found)), learnt() - before, databases.opened) == (1, 1, 2)


async def test_many_at_once_open_one_connection(databases: Databases, cell: str) -> None:
    found = await asyncio.wait_for(asyncio.gather(*(used(databases, cell, "a") for _ in range(8))), 10)

    assert (len(set(found)), databases.opened) == (1, 1)


async def test_reports_beside_each_other_are_not_held_up_for_each_other(hasty: Databases, cell: str) -> None:
    begun = asyncio.Event()
    there: list[Connection] = []

    async def report() -> None:
        async with hasty.lease(cell, "relay", "a") as connection:
            there.append(connection)
            if len(there) == 6:
                begun.set()
            await begun.wait()

    await asyncio.wait_for(asyncio.gather(*(report() for _ in range(6))), 10)

    assert len(set(there)) == 6


async def test_tenant_that_waits_often_is_learnt_by_one_more(databases: Databases, cell: str) -> None:
    for _ in range(PATIENCE):
        await met(databases, cell, "a", "a")
    assert databases.opened == 1

    async with databases.lease(cell, "relay", "a") as first:
        second = await asyncio.wait_for(used(databases, cell, "a"), 10)
        assert second is not first
        # Both know it now, and it waits for them anew.
        async with databases.lease(cell, "relay", "a") as again:
            assert again is second
            waiting = asyncio.ensure_future(used(databases, cell, "a"))
            await settled()
            assert not waiting.done()
        assert await asyncio.wait_for(waiting, 10) is second
    assert databases.opened == 2


async def test_waiting_for_others_is_no_reason_to_learn_it_again(databases: Databases, cell: str) -> None:
    """Else every tenant would be known to every connection in the end."""
    async with databases.lease(cell, "relay", "a") as shared:
        pass
    assert await used(databases, cell, "b") is shared
    for _ in range(2 * PATIENCE):
        assert await met(databases, cell, "a", "b") is shared
    assert databases.opened == 1


async def test_waits_far_apart_are_no_reason_either(databases: Databases, cell: str, hours: Hours) -> None:
    for second in range(2 * PATIENCE):
        hours.seconds = 2 * second
        await met(databases, cell, "a", "a")
    assert databases.opened == 1


async def test_who_asks_for_no_tenant_waits_for_nobody(databases: Databases, cell: str) -> None:
    async with databases.lease(cell, "relay") as first:
        assert await asyncio.wait_for(used(databases, cell, None), 10) is not first


async def test_connection_that_broke_is_no_longer_waited_for(databases: Databases, cell: str) -> None:
    async with databases.lease(cell, "relay", "a") as broken:
        waiting = asyncio.ensure_future(used(databases, cell, "a"))
        await settled()
        assert databases.awaited == 1
        broken.terminate()

    # It would have waited for an hour.
    assert await asyncio.wait_for(waiting, 10) is not broken


async def test_connection_that_cannot_be_opened_is_no_longer_waited_for(hours: Hours) -> None:
    async def nowhere(_cell: str, _login: str) -> Address:
        return Address("127.0.0.1", 1, "kezhi", "kezhi", "kezhi")

    databases = Databases(nowhere, wait_seconds=3600, clock=hours)

    found = await asyncio.wait_for(
        asyncio.gather(*(used(databases, "cell", "a") for _ in range(3)), return_exceptions=True), 10
    )
    assert [type(each) for each in found] == [DatabaseUnavailable] * 3
    assert (databases.leased, databases.awaited) == (0, 0)


async def test_connection_that_is_too_old_is_handed_to_nobody(databases: Databases, cell: str, hours: Hours) -> None:
    async with databases.lease(cell, "relay", "a") as old:
        waiting = asyncio.ensure_future(used(databases, cell, "a"))
        await settled()
        hours.seconds = 1800 * 1.2 + 1

    assert await asyncio.wait_for(waiting, 10) is not old
    assert old.is_closed()


async def test_who_gives_up_when_it_is_served_hands_the_connection_on(databases: Databases, cell: str) -> None:
    async with databases.lease(cell, "relay", "a") as of_a:
        first, second = (asyncio.ensure_future(used(databases, cell, "a")) for _ in range(2))
        await settled()
    # It has been given the connection and does not know yet.
    first.cancel()

    assert await asyncio.wait_for(second, 10) is of_a
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (databases.leased, databases.idle, databases.opened) == (0, 1, 1)


async def test_nothing_idle_is_handed_out_while_the_others_are_closed(databases: Databases, cell: str) -> None:
    async with databases.lease(cell, "relay", "acme") as first, databases.lease(cell, "relay", "other") as second:
        pass
    closing = asyncio.create_task(databases.close())
    await asyncio.sleep(0)

    async with databases.lease(cell, "relay", "acme") as third:
        assert third not in {first, second}
    await closing

    assert (first.is_closed(), second.is_closed(), third.is_closed()) == (True, True, True)


async def test_what_is_handed_back_after_the_end_is_closed(databases: Databases, cell: str) -> None:
    async with databases.lease(cell, "relay", "a") as of_a:
        waiting = asyncio.ensure_future(used(databases, cell, "a"))
        await settled()
    waiting.cancel()
    await databases.close()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (databases.idle, of_a.is_closed()) == (0, True)


async def test_who_gives_up_while_it_waits_is_forgotten(databases: Databases, cell: str) -> None:
    async with databases.lease(cell, "relay", "a") as of_a:
        waiting = asyncio.ensure_future(used(databases, cell, "a"))
        await settled()
        assert databases.awaited == 1
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert databases.awaited == 0

    assert await asyncio.wait_for(used(databases, cell, "a"), 10) is of_a
    assert (databases.leased, databases.idle) == (0, 1)


async def test_who_waits_takes_nobodys_room(narrow: Databases, cell: str) -> None:
    """No slot, and no warm connection of another login is closed for it."""
    async with narrow.lease(cell, "sequencer", "a") as warm:
        pass
    async with narrow.lease(cell, "relay", "a"):
        waiting = [asyncio.ensure_future(used(narrow, cell, "a")) for _ in range(3)]
        await settled()
        assert (narrow.leased, narrow.awaited) == (1, 3)
        async with narrow.lease(cell, "exporter", "a"):
            assert (narrow.leased, warm.is_closed()) == (2, False)
    await asyncio.wait_for(asyncio.gather(*waiting), 10)


async def test_logins_know_nothing_of_each_other(databases: Databases, cell: str) -> None:
    async with databases.lease(cell, "relay", "a") as of_relay, databases.lease(cell, "sequencer", "a") as other:
        assert other is not of_relay


async def test_hundred_units_of_many_tenants_leave_nothing_behind(hasty: Databases, cell: str) -> None:
    asking = [partial(used, hasty, cell, f"t{number % 13}") for number in range(100)]

    found = await asyncio.wait_for(asyncio.gather(*(each() for each in asking)), 30)

    assert hasty.opened <= 8
    assert len(found) == 100
    assert hasty.idle == hasty.opened
    assert (hasty.leased, hasty.awaited) == (0, 0)
