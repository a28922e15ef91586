"""The administrator's side: addresses from the URL, databases and roles made once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tenants import administration
from tenants.connection import Address
from tenants.keys import MasterKey
from tenants.setting_texts import SettingsError
from tenants.settings import DatabaseSettings

if TYPE_CHECKING:
    from tenants.connection import Connection
    from tenants.settings import Settings

MASTER = MasterKey(bytes(32))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("postgresql://me:p%40ss@db:5433/main", Address("db", 5433, "main", "me", "p@ss")),
        ("postgres://db", Address("db", 5432, "postgres", "postgres", "")),
        ("postgresql://me@[::1]/", Address("::1", 5432, "postgres", "me", "")),
    ],
)
def test_administrators_url_is_read(url: str, address: Address) -> None:
    assert administration.administrator(DatabaseSettings(url)) == address


def test_administrator_comes_to_any_database() -> None:
    assert (
        administration.administrator(DatabaseSettings("postgresql://db/main"), "kezhi_cell_1").database
        == "kezhi_cell_1"
    )


def test_url_without_a_server_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_URL names no server\.$"):
        administration.administrator(DatabaseSettings("postgresql:///main"))


def test_catalog_is_reached_on_the_same_server_with_a_password_of_its_own() -> None:
    address = administration.catalog_address(DatabaseSettings("postgresql://me:secret@db:5433/main"), MASTER)

    assert (address.host, address.port, address.database, address.user) == (
        "db",
        5433,
        "kezhi_catalog",
        "kezhi_catalog_app",
    )
    assert address.password == MASTER.derive("login:kezhi_catalog_app")


def test_catalog_has_an_address_of_its_own_where_there_is_no_administrator() -> None:
    address = administration.catalog_address(DatabaseSettings("", catalog_address="catalog:6000"), MASTER)

    assert (address.host, address.port, address.user) == ("catalog", 6000, "kezhi_catalog_app")


@pytest.mark.parametrize("address", ["catalog", ":5432", "catalog:port"])
def test_address_without_host_or_port_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match=r"^KEZHI_CATALOG_ADDRESS must be host:port\.$"):
        administration.catalog_address(DatabaseSettings("", catalog_address=address), MASTER)


def test_old_server_is_refused() -> None:
    class Old:
        def get_server_version(self) -> object:
            return type("Version", (), {"major": 14})()

    with pytest.raises(administration.ServerTooOld, match=r"^PostgreSQL 15 or newer is needed\.$"):
        administration.check_server(Old())  # type: ignore[arg-type]


@pytest.mark.integration
async def test_database_is_made_once_by_whoever_comes_first(settings: Settings) -> None:
    address = administration.administrator(settings.database)

    async def ensure() -> None:
        async with administration.connected(address) as connection:
            await administration.ensure_database(connection, "made_once")

    await asyncio.gather(ensure(), ensure())
    async with administration.connected(address) as connection:
        row = await connection.fetchrow(
            "SELECT datctype, pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = 'made_once'"
        )
        await connection.control("DROP DATABASE made_once")

    assert row is not None
    assert (row["datctype"], row["encoding"]) == ("C.UTF-8", "UTF8")


@pytest.mark.integration
async def test_login_owns_nothing_and_gets_the_password_that_is_given(administrator: Connection) -> None:
    await administration.ensure_login(administrator, "login_in_test", "O'Hara")
    await administration.ensure_login(administrator, "login_in_test", "again")
    row = await administrator.fetchrow(
        "SELECT rolcanlogin, rolinherit, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = 'login_in_test'"
    )
    await administrator.control("DROP ROLE login_in_test")

    assert row is not None
    assert tuple(row) == (True, False, False, False)


@pytest.mark.integration
async def test_who_may_take_a_role_does_not_have_its_rights(administrator: Connection) -> None:
    """From version 16 on the membership itself says so."""
    await administration.ensure_group(administrator, "group_in_test")
    await administration.ensure_group(administrator, "group_in_test")
    await administration.ensure_login(administrator, "taker_in_test", "secret")
    await administrator.control(
        administration.membership(administrator, "group_in_test", "taker_in_test", inherit=False)
    )
    rights = [
        await administrator.fetchval("SELECT pg_has_role('taker_in_test', 'group_in_test', $1)", right)
        for right in ("MEMBER", "USAGE")
    ]
    await administrator.control("DROP ROLE taker_in_test; DROP ROLE group_in_test")

    assert rights == [True, False]
