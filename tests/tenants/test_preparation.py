"""[I1] Making an installation ready: as often as one likes, also by two processes at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tenants import administration, preparation, provisioning
from tenants.catalog_tables import login
from tenants.checked_cells import Unhardened
from tenants.claims import NewTenant
from tenants.connection import connect
from tenants.hardening import weaknesses
from tenants.history import history
from tenants.installation import Installation
from tenants.keys import MasterKey, MasterKeyMismatch
from tenants.sql import BoundSql
from tests.tenants.bare import Bare

if TYPE_CHECKING:
    from tenants.context import DefinitionWork
    from tenants.settings import Settings

pytestmark = pytest.mark.integration


async def test_two_processes_may_prepare_at_once_and_again(own_settings: Settings) -> None:
    await asyncio.gather(preparation.prepare(own_settings), preparation.prepare(own_settings))
    await preparation.prepare(own_settings)

    async with Installation.open(own_settings) as opened:
        assert await opened.catalog.cells() == [own_settings.database.first_cell]


async def test_cell_has_its_logins_and_stands_at_the_head(own: Installation) -> None:
    cell = own.settings.database.first_cell
    rows = await own.catalog.rows(sa.select(login.c.name).order_by(login.c.name))

    async with administration.connected(administration.administrator(own.settings.database, cell)) as connection:
        version = await connection.fetchval("SELECT version_num FROM kezhi.alembic_version")
        told = await weaknesses(connection, await own.catalog.login_roles(cell))
    assert [row["name"] for row in rows] == ["definer", "exporter", "relay", "runtime_01", "sequencer"]
    assert (version, told) == (history("cell").head, [])


async def test_chinese_has_trigrams(own: Installation) -> None:
    """A cell whose characters are not classified would answer an empty list."""
    connection = await connect(await own.catalog.login_address(own.settings.database.first_cell, "relay"))

    trigrams = await connection.fetchval("SELECT extensions.show_trgm('客制')")
    await connection.close()

    assert len(trigrams) == 3


async def test_hardening_that_was_lost_is_restored(own: Installation) -> None:
    cell = own.settings.database.first_cell
    logins = await own.catalog.login_roles(cell)
    async with administration.connected(administration.administrator(own.settings.database, cell)) as connection:
        await connection.control("GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) TO PUBLIC")
        before = await weaknesses(connection, logins)
        await preparation.prepare(own.settings)

        assert (before, await weaknesses(connection, logins)) == (["PUBLIC may execute pg_sleep(double precision)"], [])


async def test_cell_that_is_there_gets_its_settings_again(own: Installation) -> None:
    cell = own.settings.database.first_cell
    address = administration.administrator(own.settings.database, cell)
    async with administration.connected(address) as connection:
        await connection.control(f"ALTER DATABASE {cell} RESET random_page_cost")

    await preparation.prepare(own.settings)

    async with administration.connected(address) as connection:
        assert await connection.fetchval("SHOW random_page_cost") == "2"


async def test_another_master_key_is_refused_before_anything_is_changed(own: Installation) -> None:
    stranger = replace(own.settings, master_key=bytes(32))

    with pytest.raises(MasterKeyMismatch):
        await preparation.prepare(stranger)

    address = administration.catalog_address(own.settings.database, MasterKey(own.settings.master_key))
    connection = await connect(address)
    await connection.close()


async def test_administrator_without_superuser_makes_what_it_may_and_is_told_the_rest(own_settings: Settings) -> None:
    """The REVOKEs are a superuser's; without them the operator has to say that this is meant."""
    database = own_settings.database
    plain = f"{database.prefix}_admin"
    async with administration.connected(administration.administrator(database)) as server:
        await server.control(f"CREATE ROLE {plain} LOGIN CREATEDB CREATEROLE PASSWORD 'plain'")
    at = administration.administrator(database)
    url = f"postgresql://{plain}:plain@{at.host}:{at.port}/postgres"
    limited = replace(own_settings, database=replace(database, url=url))
    lenient = replace(limited, database=replace(limited.database, allow_unhardened=True))

    await preparation.prepare(limited)
    placement = await provisioning.provision(limited, NewTenant("plain", "Plain"))
    with pytest.raises(Unhardened) as refused:
        async with Installation.open(limited):
            pass

    assert " more. Set KEZHI_ALLOW_UNHARDENED=1 to run nevertheless." in str(refused.value)
    async with Installation.open(lenient) as opened:
        assert await Bare(opened, placement).define(_role) == placement.owner_role


async def _role(work: DefinitionWork) -> str:
    (row,) = await work.session.fetch(BoundSql("SELECT current_user::text AS role"))
    return str(row["role"])
