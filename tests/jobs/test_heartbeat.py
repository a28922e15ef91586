"""Runs that live say so; what cannot be said now is said later."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from jobs import attempts
from jobs.heartbeat import Heartbeat
from tenants.cell_sessions import CellSessions
from tenants.clock import utc_now
from tenants.databases import Databases
from tests.builders.processes import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

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
    async with closing(Databases(addresses)) as databases:
        heartbeat = Heartbeat(CellSessions(databases, cell.installation.settings.transactions))
        async with heartbeat.alive("away", message_id), heartbeat.alive(cell.name, message_id):
            await heartbeat.beat()

    assert (await cell.message(message_id))["lease_until"] > utc_now()


@asynccontextmanager
async def closing(databases: Databases) -> AsyncIterator[Databases]:
    try:
        yield databases
    finally:
        await databases.close()
