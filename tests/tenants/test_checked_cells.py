"""A process starts although a cell is away, and serves the others. What a check refuses is in tests/isolation."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from tenants import administration, statements
from tenants.catalog_tables import cell, login
from tenants.connection import DatabaseUnavailable
from tenants.context import SYSTEM
from tenants.installation import Installation
from tenants.keys import MasterKey
from tenants.reachability import Reach
from tests.tenants.bare import ORIGIN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.context import ReadWork
    from tests.tenants.bare import Bare

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

AWAY = "kezhi_cell_9"


@asynccontextmanager
async def cell_away(installation: Installation) -> AsyncIterator[None]:
    """The catalog has one more cell, on a server that nobody answers at."""
    role = f"{AWAY}_exporter"
    sealed = MasterKey(installation.settings.master_key).seal(b"secret", f"login:{role}")
    database = installation.settings.database
    async with administration.connected(administration.administrator(database, database.catalog)) as catalog:
        await catalog.run(statements.bind(sa.insert(cell).values(name=AWAY, region="local", host="127.0.0.1", port=1)))
        exporter = {"cell": AWAY, "name": "exporter", "role": role, "sealed_password": sealed}
        await catalog.run(statements.bind(sa.insert(login).values(exporter)))
        try:
            yield
        finally:
            await catalog.run(statements.bind(sa.delete(login).where(login.c.cell == AWAY)))
            await catalog.run(statements.bind(sa.delete(cell).where(cell.c.name == AWAY)))


async def test_installation_opens_without_a_cell_and_serves_the_others(bare: Bare) -> None:
    async def schema_of(work: ReadWork) -> str:
        return work.session.schema

    with capture_logs() as logs:
        async with cell_away(bare.installation), Installation.open(bare.installation.settings) as opened:
            found = await opened.transactions.read(bare.placement, SYSTEM, ORIGIN, schema_of)
            reach = await opened.reachability.look()
            with pytest.raises(DatabaseUnavailable):
                async with opened.databases.lease(AWAY, "exporter"):
                    pass

    assert found == bare.placement.schema
    assert reach == Reach(catalog=True, cells={bare.placement.cell: True, AWAY: False})
    assert (reach.serves, reach.is_whole) == (True, False)
    assert [(entry["event"], entry["cell"]) for entry in logs] == [("cell.unreachable", AWAY)] * 2
