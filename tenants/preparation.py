"""Makes an installation ready, again and again: the catalog, the hardened cells, the logins, the tenants' fixed tables.

`./kezhi up` and `./kezhi migrate` call it; what is there already stays. The steps that two processes must not take at
once stand behind the lock on the catalog's version table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import sqlalchemy as sa

from tenants import administration, statements
from tenants.catalog_tables import audit_key, cell, login
from tenants.hardening import EXTENSIONS_SCHEMA, harden, weaknesses
from tenants.history import history
from tenants.keys import AuditKey, KeyPair, MasterKey, new_key_pair
from tenants.logins import BACKGROUND_LOGINS, FIRST_RUNTIME_LOGIN, add_login, grant_connect, tenants_group
from tenants.migrator import migrate, require_success
from tenants.provisioning import SWEEP_AFTER, Provisioner
from tenants.script_text import fill, literal
from tenants.session import transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.connection import Connection
    from tenants.history import HistoryName
    from tenants.migrator import Run
    from tenants.settings import Settings

_VERSION_TABLE = """
CREATE SCHEMA IF NOT EXISTS @schema@;
CREATE TABLE IF NOT EXISTS @schema@.alembic_version
    (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);
"""
_LOCK_VERSION = "LOCK TABLE @schema@.alembic_version IN ACCESS EXCLUSIVE MODE"
_READ_VERSION = "SELECT version_num FROM @schema@.alembic_version"
_WRITE_VERSION = "DELETE FROM @schema@.alembic_version; INSERT INTO @schema@.alembic_version VALUES "
_CATALOG_RIGHTS = """
REVOKE ALL ON DATABASE @database@ FROM PUBLIC;
GRANT CONNECT ON DATABASE @database@ TO @role@;
"""
# What is read together is in memory, or on flash. With the server's own 4, a user's name is found by walking the whole
# table of users, once for each record of a page; at 1.1 a condition on other records is tested one record at a time where
# they should be gathered first (decision 0011).
_CELL_SETTINGS = """
ALTER DATABASE @cell@ SET timezone = 'UTC';
ALTER DATABASE @cell@ SET jit = off;
ALTER DATABASE @cell@ SET random_page_cost = 2;
ALTER DATABASE @cell@ SET DateStyle = 'ISO, YMD';
ALTER DATABASE @cell@ SET search_path = pg_catalog;
"""
_CELL_TEMPLATE = """
CREATE SCHEMA IF NOT EXISTS @extensions@;
GRANT USAGE ON SCHEMA @extensions@ TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA @extensions@;
"""


async def prepare(settings: Settings) -> Run:
    """Bring catalog, cells and tenants to the shape of this code. May run as often as one likes, also twice at once."""
    master = MasterKey(settings.master_key)
    database = settings.database
    async with administration.connected(administration.administrator(database)) as server:
        administration.check_server(server)
        await administration.ensure_database(server, database.catalog)
    async with administration.connected(administration.administrator(database, database.catalog)) as catalog:
        await _prepare_catalog(catalog, settings, master)
        async with transaction(catalog):
            await catalog.control(fill(_LOCK_VERSION, {"schema": "public"}))
            for row in await catalog.rows(statements.bind(sa.select(cell.c.name).order_by(cell.c.name))):
                await _prepare_cell(catalog, settings, row["name"])
    async with Provisioner.open(settings) as provisioner:
        await provisioner.sweep(SWEEP_AFTER)
    run = await migrate(settings)
    require_success(run)
    return run


async def _prepare_catalog(catalog: Connection, settings: Settings, master: MasterKey) -> None:
    address = administration.catalog_address(settings.database, master)
    places = {"catalog": address.user}
    await _ensure_version_table(catalog, "public")
    async with transaction(catalog):
        await catalog.control(fill(_LOCK_VERSION, {"schema": "public"}))
        if await _version(catalog, "public"):
            await _check_master_key(catalog, master)
            await _upgrade(catalog, "catalog", "public", places)
        else:
            await administration.ensure_login(catalog, address.user, address.password)
            await catalog.control(fill(_CATALOG_RIGHTS, {"database": settings.database.catalog, "role": address.user}))
            await _upgrade(catalog, "catalog", "public", places)
            pair = new_key_pair(master, "audit")
            key = {"kid": pair.kid, "public": pair.public, "sealed_private": pair.sealed_private}
            await catalog.run(statements.bind(sa.insert(audit_key).values(key)))
            await _register_cell(catalog, settings, master)


async def _check_master_key(catalog: Connection, master: MasterKey) -> None:
    """Another key would lock us out of our own logins: better to stop before anything is changed."""
    query = sa.select(audit_key.c.kid, audit_key.c.public, audit_key.c.sealed_private).limit(1)
    for row in await catalog.rows(statements.bind(query)):
        AuditKey(KeyPair(row["kid"], row["public"], row["sealed_private"]), master)


async def _register_cell(catalog: Connection, settings: Settings, master: MasterKey) -> None:
    name = settings.database.first_cell
    await catalog.run(statements.bind(sa.insert(cell).values(name=name, region=settings.database.region)))
    await administration.ensure_group(catalog, tenants_group(name))
    for each in (FIRST_RUNTIME_LOGIN, *BACKGROUND_LOGINS):
        await add_login(catalog, master, name, each)


async def _prepare_cell(catalog: Connection, settings: Settings, name: str) -> None:
    logins = await catalog.rows(statements.bind(sa.select(login.c.name, login.c.role).where(login.c.cell == name)))
    roles = {row["name"]: row["role"] for row in logins}
    async with administration.connected(administration.administrator(settings.database)) as server:
        await administration.ensure_database(server, name)
    async with administration.connected(administration.administrator(settings.database, name)) as connection:
        await _ensure_version_table(connection, "kezhi")
        async with transaction(connection):
            await connection.control(fill(_CELL_SETTINGS, {"cell": name}))
            if not await _version(connection, "kezhi"):
                await connection.control(fill(_CELL_TEMPLATE, {"extensions": EXTENSIONS_SCHEMA}))
            if await weaknesses(connection, sorted(roles.values())):
                await harden(connection, name)
                for role in roles.values():
                    await grant_connect(connection, name, role)
            places = {"tenants": tenants_group(name), "relay": roles["relay"], "sequencer": roles["sequencer"]}
            await _upgrade(connection, "cell", "kezhi", places)


async def _ensure_version_table(connection: Connection, schema: str) -> None:
    try:
        await connection.control(fill(_VERSION_TABLE, {"schema": schema}))
    except (
        asyncpg.UniqueViolationError,
        asyncpg.DuplicateObjectError,
        asyncpg.DuplicateTableError,
        asyncpg.DuplicateSchemaError,
    ):
        # `IF NOT EXISTS` looks before it makes: another process made it in between.
        return


async def _version(connection: Connection, schema: str) -> str:
    return str(await connection.fetchval(fill(_READ_VERSION, {"schema": schema})) or "")


async def _upgrade(connection: Connection, name: HistoryName, schema: str, places: Mapping[str, str]) -> None:
    for revision in history(name).after(await _version(connection, schema)):
        await connection.control(fill("SET LOCAL search_path = @schema@", {"schema": schema}))
        await connection.control(fill(revision.upgrade, places))
        await connection.control(fill(_WRITE_VERSION, {"schema": schema}) + f"({literal(revision.id)})")
