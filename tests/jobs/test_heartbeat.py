"""Runs that live say so; what cannot be said now is said later."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from jobs import attempts
from jobs.heartbeat import Heartbeat
from tenants.cell_sessions import CellSessions
from tenants.clock import utc_now
from tenants.databases import Databases
from tests.builders.processes import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tenants.connection import Address
    from tests.builders.background import Cell


async def test_a_living_run_keeps_its_lease(cell: Cell) -> None:
    (message_id,) = await cell.put()
    await cell.rows(attempts.start(message_id))
    heartbeat = Heartbeat(cell.cells)
    async with heartbeat.alive(cell.name, message_id):
        await cell.let_leases_end()

        await heartbeat.beat()

    assert (await cell.message(message_id))["lease_until"] > utc_now()


async def test_an_ended_run_is_silent(cell: Cell) -> None:
    (message_id,) = await cell.put()
    await cell.rows(attempts.start(message_id))
    heartbeat = Heartbeat(cell.cells)
    async with heartbeat.alive(cell.name, message_id):
        pass
    await cell.let_leases_end()

    await heartbeat.beat()

    assert (await cell.message(message_id))["lease_until"] < utc_now()


async def test_it_beats_by_itself_until_it_is_stopped(cell: Cell) -> None:
    (message_id,) = await cell.put()
    await cell.rows(attempts.start(message_id))
    await cell.let_leases_end()
    heartbeat = Heartbeat(cell.cells, seconds=0.01)

    heartbeat.start()
    async with heartbeat.alive(cell.name, message_id):
        seen = await eventually(lambda: cell.message(message_id), lambda row: row["lease_until"] > utc_now())
        assert seen["lease_until"] > utc_now()
    await heartbeat.stop()

    await cell.let_leases_end()
    assert (await cell.message(message_id))["lease_until"] < utc_now()


async def test_a_heartbeat_that_was_never_started_stops(cell: Cell) -> None:
    await Heartbeat(cell.cells).stop()


async def test_a_cell_that_is_away_does_not_stop_the_beat(cell: Cell) -> None:
    async def addresses(name: str, login: str) -> Address:
        address = await cell.installation.catalog.login_address(cell.name, login)
        return replace(address, port=1) if name == "away" else address

    (message_id,) = await cell.put()
    await cell.rows(attempts.start(message_id))
    await cell.let_leases_end()
    async with (
        beating(cell, addresses) as heartbeat,
        heartbeat.alive("away", message_id),
        heartbeat.alive(cell.name, message_id),
    ):
        await heartbeat.beat()

    assert (await cell.message(message_id))["lease_until"] > utc_now()


async def test_a_cell_that_refuses_does_not_stop_the_beat_of_another(cell: Cell) -> None:
    async def addresses(name: str, login: str) -> Address:
        address = await cell.installation.catalog.login_address(cell.name, login)
        return replace(address, database="nowhere") if name == "refusing" else address

    (message_id,) = await cell.put()
    await cell.rows(attempts.start(message_id))
    await cell.let_leases_end()
    async with beating(cell, addresses) as heartbeat:
        async with heartbeat.alive("refusing", message_id), heartbeat.alive(cell.name, message_id):
            heartbeat.start()
            seen = await eventually(lambda: cell.message(message_id), lambda row: row["lease_until"] > utc_now())
        await heartbeat.stop()

    assert seen["lease_until"] > utc_now()


async def test_who_cannot_beat_any_more_says_so_and_keeps_the_defect(cell: Cell) -> None:
    async def addresses(name: str, login: str) -> Address:
        raise KeyError(name, login)

    told = asyncio.Event()
    async with beating(cell, addresses, died=told.set) as heartbeat:
        async with heartbeat.alive(cell.name, uuid4()):
            heartbeat.start()
            async with asyncio.timeout(5):
                await told.wait()
        with pytest.raises(KeyError):
            await heartbeat.stop()


@asynccontextmanager
async def beating(
    cell: Cell, addresses: Callable[[str, str], Awaitable[Address]], *, died: Callable[[], None] = lambda: None
) -> AsyncIterator[Heartbeat]:
    """A heart whose cells are at these addresses."""
    databases = Databases(addresses)
    try:
        yield Heartbeat(CellSessions(databases, cell.installation.settings.transactions), seconds=0.01, died=died)
    finally:
        await databases.close()
