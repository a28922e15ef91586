"""One database for the compiler's tests of a worker; every test starts with empty record tables."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tenants.connection import Address, close, connect
from tests.services.query.world import World, build, make_registry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cli.servers import Servers
    from schema.metadata.registry import Registry

DATABASE = "query_tests"


@pytest.fixture(scope="session")
def world_registry() -> Registry:
    return make_registry()


@pytest.fixture
async def world(servers: Servers, world_registry: Registry) -> AsyncIterator[World]:
    url = urlsplit(servers.database_url)
    admin = Address(url.hostname or "", url.port or 0, url.path[1:], url.username or "", unquote(url.password or ""))
    control = await connect(admin)
    exists = await control.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", DATABASE)
    if not exists:
        await control.control(f"CREATE DATABASE {DATABASE}")
    await close(control)
    connection = await connect(Address(admin.host, admin.port, DATABASE, admin.user, admin.password))
    if not exists:
        await build(connection, world_registry)
    await connection.control("SET search_path = pg_catalog; BEGIN")
    yield World(connection, world_registry)
    await connection.control("ROLLBACK")
    await close(connection)
