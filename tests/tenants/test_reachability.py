"""What a process reaches: the catalog, each cell by itself, quickly, and not more often than once a second."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import asyncpg
import pytest
from structlog.testing import capture_logs

from tenants.connection import Address, DatabaseUnavailable
from tenants.reachability import Reach, Reachability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.installation import Installation

NOWHERE = Address(host="127.0.0.1", port=1, database="none", user="nobody", password="none")


@dataclass(slots=True)
class Cells:
    """Cells of a catalog, where they are, and how often they were asked for."""

    addresses: dict[str, Address]
    asked: int = 0
    now: float = 0.0

    async def names(self) -> Sequence[str]:
        self.asked += 1
        return sorted(self.addresses)

    async def address(self, cell: str, _login: str) -> Address:
        return self.addresses[cell]

    def reachability(self) -> Reachability:
        return Reachability(self.names, self.address, clock=lambda: self.now, patience=0.2)


@pytest.fixture
async def cell(installation: Installation) -> Address:
    (name,) = await installation.catalog.cells()
    return await installation.catalog.login_address(name, "exporter")


@pytest.mark.integration
async def test_installation_reaches_all_of_it(installation: Installation) -> None:
    reach = await installation.reachability.look()

    assert reach == Reach(catalog=True, cells=dict.fromkeys(await installation.catalog.cells(), True))
    assert (reach.serves, reach.is_whole) == (True, True)


@pytest.mark.integration
async def test_one_cell_away_leaves_the_others(cell: Address) -> None:
    away = replace(cell, password="wrong")

    with capture_logs() as logs:
        reach = await Cells({"one": cell, "three": away, "two": NOWHERE}).reachability().look()

    assert reach == Reach(catalog=True, cells={"one": True, "three": False, "two": False})
    assert (reach.serves, reach.is_whole) == (True, False)
    assert sorted((entry["event"], entry["cell"]) for entry in logs) == [
        ("cell.unreachable", "three"),
        ("cell.unreachable", "two"),
    ]


async def test_cell_that_says_nothing_is_waited_for_with_a_limit() -> None:
    hung_up = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read()
            writer.close()
            await writer.wait_closed()
        hung_up.set()

    async with asyncio.timeout(5), await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        reach = await Cells({"silent": replace(NOWHERE, port=port)}).reachability().look()
        await hung_up.wait()

    assert reach == Reach(catalog=True, cells={"silent": False})
    assert not reach.serves


async def test_catalog_that_says_nothing_is_waited_for_with_a_limit() -> None:
    async def never() -> Sequence[str]:
        return await asyncio.Future()

    async with asyncio.timeout(5):
        reach = await Reachability(never, Cells({}).address, patience=0.2).look()

    assert reach == Reach(catalog=False)
    assert not reach.serves


async def test_installation_without_a_cell_waits_for_its_first() -> None:
    assert (await Cells({}).reachability().look()).serves


async def test_many_who_ask_at_once_are_told_of_one_look() -> None:
    cells = Cells({"gone": NOWHERE})
    reachability = cells.reachability()

    told = await asyncio.gather(*(reachability.look() for _ in range(20)))
    cells.now = 0.9
    await reachability.look()
    asked_within_a_second = cells.asked
    cells.now = 1.1
    await reachability.look()

    assert told == [Reach(catalog=True, cells={"gone": False})] * 20
    assert (asked_within_a_second, cells.asked) == (1, 2)


@pytest.mark.parametrize(
    ("cause", "is_there"),
    [(asyncpg.TooManyConnectionsError("full"), True), (asyncpg.CannotConnectNowError("starting"), False)],
)
async def test_server_that_is_full_has_answered(cause: Exception, is_there: bool) -> None:
    cells = Cells({"one": NOWHERE})

    async def refused(_cell: str, _login: str) -> Address:
        raise DatabaseUnavailable from cause

    assert await Reachability(cells.names, refused).look() == Reach(catalog=True, cells={"one": is_there})
