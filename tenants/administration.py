"""The administrator's side of the server: databases, logins and memberships. Used by `up`, `migrate` and provisioning."""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import asyncpg

from tenants.connection import Address, close, connect
from tenants.script_text import fill, literal
from tenants.setting_texts import SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.connection import Connection
    from tenants.keys import MasterKey
    from tenants.settings import DatabaseSettings

OLDEST_SERVER = 15
_MEMBERSHIP_OPTIONS = 16

_DATABASES = "SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1"
_ROLES = "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1"
# Text compares by code point; characters are classified, so that trigrams of Chinese exist.
_CREATE_DATABASE = "CREATE DATABASE @name@ TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
_CREATE_DATABASE_PLAINLY = "CREATE DATABASE @name@ TEMPLATE template0 ENCODING 'UTF8'"
_CREATE_LOGIN = "CREATE ROLE @role@ LOGIN NOINHERIT PASSWORD "
_ALTER_LOGIN = "ALTER ROLE @role@ PASSWORD "


class ServerTooOld(SettingsError):
    """The server of DATABASE_URL is older than PostgreSQL 15."""


def administrator(settings: DatabaseSettings, database: str = "") -> Address:
    """How the administrator connects: `DATABASE_URL`, to one of our databases or to the one that it names."""
    url = urlsplit(settings.url)
    if url.hostname is None:
        msg = "DATABASE_URL names no server."
        raise SettingsError(msg)
    return Address(
        host=url.hostname,
        port=url.port or 5432,
        database=database or unquote(url.path.removeprefix("/")) or "postgres",
        user=unquote(url.username or "postgres"),
        password=unquote(url.password or ""),
    )


def catalog_address(settings: DatabaseSettings, master: MasterKey) -> Address:
    """How the running processes reach the catalog; the password follows from the master key."""
    user = f"{settings.catalog}_app"
    password = master.derive(f"login:{user}")
    if settings.catalog_address:
        host, _, port = settings.catalog_address.rpartition(":")
        if not host or not port.isdecimal():
            msg = "KEZHI_CATALOG_ADDRESS must be host:port."
            raise SettingsError(msg)
        return Address(host, int(port), settings.catalog, user, password)
    return replace(administrator(settings, settings.catalog), user=user, password=password)


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[Connection]:
    """One connection of the administrator."""
    connection = await connect(address, application="kezhi administration")
    try:
        yield connection
    finally:
        await close(connection)


def check_server(connection: Connection) -> None:
    """Refuse servers that we do not know."""
    if connection.get_server_version().major < OLDEST_SERVER:
        msg = f"PostgreSQL {OLDEST_SERVER} or newer is needed."
        raise ServerTooOld(msg)


async def ensure_database(connection: Connection, name: str) -> None:
    """Create a database unless it is there."""
    if await connection.fetchval(_DATABASES, name) is not None:
        return
    try:
        await _create_database(connection, name)
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        # Another process was faster.
        return


async def ensure_login(connection: Connection, role: str, password: str) -> None:
    """Create a login that owns nothing, or give it this password."""
    known = await connection.fetchval(_ROLES, role) is not None
    text = fill(_ALTER_LOGIN if known else _CREATE_LOGIN, {"role": role})
    await connection.control(text + literal(password))


async def ensure_group(connection: Connection, role: str) -> None:
    """Create a role that nobody signs in as."""
    if await connection.fetchval(_ROLES, role) is None:
        await connection.control(fill("CREATE ROLE @role@ NOLOGIN", {"role": role}))


def membership(connection: Connection, role: str, member: str, *, inherit: bool) -> str:
    """The statement by which a login may take a role (`SET ROLE`), or by which a role has the rights of a group.

    Before version 16 the member's own INHERIT decides, and whoever is a member may also take the role.
    """
    text = fill("GRANT @role@ TO @member@", {"role": role, "member": member})
    if connection.get_server_version().major >= _MEMBERSHIP_OPTIONS:
        text += " WITH INHERIT TRUE, SET FALSE" if inherit else " WITH INHERIT FALSE, SET TRUE"
    return f"{text};\n"


def own_membership(connection: Connection, role: str) -> str:
    """An administrator that is no superuser may work as a role, and give things to it, only as its member."""
    if connection.get_settings().is_superuser == "on":
        return ""
    return fill("GRANT @role@ TO CURRENT_USER;\n", {"role": role})


def new_password() -> str:
    """A random password; nobody ever types it."""
    return secrets.token_urlsafe(32)


async def _create_database(connection: Connection, name: str) -> None:
    try:
        await connection.control(fill(_CREATE_DATABASE, {"name": name}))
    except (asyncpg.WrongObjectTypeError, asyncpg.InvalidParameterValueError):
        # The server does not know that locale: its own default must do, and the start-up check looks at it.
        await connection.control(fill(_CREATE_DATABASE_PLAINLY, {"name": name}))
