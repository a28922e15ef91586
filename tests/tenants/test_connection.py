"""One connection: what asyncpg would ask of a hardened cell is not asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from tenants.connection import close, connect
from tenants.sql import BoundSql

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tenants.connection import Connection
    from tenants.installation import Installation

pytestmark = pytest.mark.integration


@pytest.fixture
async def connection(installation: Installation) -> AsyncIterator[Connection]:
    address = await installation.catalog.login_address(installation.settings.database.first_cell, "relay")
    opened = await connect(address, application="a test")
    yield opened
    await close(opened)


async def test_types_are_looked_up_without_setting_anything(connection: Connection) -> None:
    """asyncpg turns `jit` off around such a look-up, by a function that cells refuse."""
    rows = await connection.rows(BoundSql("SELECT '{a,b}'::name[] AS names, ROW(1, 'x')::record AS pair"))

    assert (rows[0]["names"], tuple(rows[0]["pair"])) == (["a", "b"], (1, "x"))


async def test_name_of_the_process_is_seen_by_the_operator(connection: Connection) -> None:
    assert await connection.fetchval("SELECT current_setting('application_name')") == "a test"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TimeZone", "UTC"),
        ("jit", "off"),
        ("random_page_cost", "2"),
        ("DateStyle", "ISO, YMD"),
        ("search_path", "pg_catalog"),
    ],
)
async def test_cell_speaks_as_the_product_expects(connection: Connection, setting: str, value: str) -> None:
    assert await connection.fetchval("SELECT current_setting($1)", setting) == value


async def kept(connection: Connection) -> list[str]:
    """What the server keeps prepared for this connection."""
    found = await connection.fetch("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%kept%'")
    return [each["statement"] for each in found if "pg_prepared" not in each["statement"]]


async def test_statement_is_kept_from_the_second_time_on(administrator: Connection) -> None:
    asked = BoundSql("SELECT $1::int + 1 AS kept", (41,))
    await administrator.control("BEGIN")

    assert [row["kept"] for row in await administrator.rows(asked)] == [42]
    assert await kept(administrator) == []
    for _ in range(2):
        assert [row["kept"] for row in await administrator.rows(asked)] == [42]
        assert await kept(administrator) == [asked.text]
    await administrator.control("COMMIT")


async def test_statement_outside_of_a_transaction_is_kept_at_once(administrator: Connection) -> None:
    """A pooler may give its two messages to two servers."""
    asked = BoundSql("SELECT 1 AS kept")

    await administrator.rows(asked)

    assert await kept(administrator) == [asked.text]


async def test_new_statement_that_fails_says_why(administrator: Connection) -> None:
    await administrator.control("BEGIN")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await administrator.rows(BoundSql("SELECT 1 / $1::int AS kept", (0,)))
    await administrator.control("ROLLBACK")

    assert [row["kept"] for row in await administrator.rows(BoundSql("SELECT 1 / $1::int AS kept", (1,)))] == [1]


async def test_who_does_not_wait_for_a_new_statement_gives_the_connection_up(administrator: Connection) -> None:
    await administrator.control("BEGIN")
    asking = asyncio.ensure_future(administrator.rows(BoundSql("SELECT pg_catalog.pg_sleep($1::int)", (30,))))
    await asyncio.sleep(0)
    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking
    assert administrator.is_closed()


async def test_many_statements_are_noted_and_the_first_forgotten(administrator: Connection) -> None:
    await administrator.control("BEGIN")
    texts = [f"SELECT {number} AS kept" for number in range(2_001)]
    for text in texts:
        await administrator.rows(BoundSql(text))
    for text in (texts[0], texts[-1]):
        await administrator.rows(BoundSql(text))

    assert await kept(administrator) == [texts[-1]]


@pytest.mark.parametrize("asked", ["control", "rows", "run", "fly"])
async def test_connection_whose_answer_nobody_waits_for_is_given_up(connection: Connection, asked: str) -> None:
    """Its next user would get the answer."""
    waits = "SELECT pg_catalog.pg_sleep(30)"
    ways: dict[str, Callable[[], Awaitable[object]]] = {
        "control": lambda: connection.control(waits),
        "rows": lambda: connection.rows(BoundSql(waits)),
        "run": lambda: connection.run(BoundSql(waits)),
        "fly": lambda: connection.fly(BoundSql(waits)),
    }
    asking = asyncio.ensure_future(ways[asked]())
    await asyncio.sleep(0)

    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert connection.is_closed()


async def test_closed_connection_is_told_apart_from_wrong_use(connection: Connection) -> None:
    with pytest.raises(asyncpg.InterfaceError, match="expects 1 argument"):
        await connection.rows(BoundSql("SELECT $1::int"))
    connection.terminate()

    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await connection.rows(BoundSql("SELECT 1"))
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await connection.run(BoundSql("SELECT 1"))
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await connection.control("SELECT 1")
