"""A read in one round trip: nothing runs in a transaction that did not open, and the connection is as it was."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import pytest

from tenants.connection import close, connect
from tenants.flight import Flights, Frame
from tenants.sql import BoundSql

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.connection import Connection
    from tenants.installation import Installation

pytestmark = pytest.mark.integration

# Minutes, unless somebody ends it.
LONG = "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b"


@pytest.fixture
async def connection(installation: Installation) -> AsyncIterator[Connection]:
    address = await installation.catalog.login_address(installation.settings.database.first_cell, "relay")
    opened = await connect(address)
    yield opened
    await close(opened)


def framed(*opening: str) -> Frame:
    return Frame(opening, ("COMMIT",), "ROLLBACK")


READING = framed("BEGIN READ ONLY", "SET LOCAL statement_timeout = 20000")


async def value_of(connection: Connection, text: str, *arguments: object) -> bytes | None:
    ((value,),) = await connection.fly(BoundSql(text, arguments), READING)
    return value


async def prepared(connection: Connection) -> int:
    # Only the administrator may look.
    return int(await connection.fetchval("SELECT count(*) FROM pg_prepared_statements WHERE name ~ '^k[0-9]+$'"))


async def test_transaction_is_over_when_the_answer_is_there(connection: Connection) -> None:
    asked = "SELECT current_setting('statement_timeout') || current_setting('transaction_read_only')"

    assert await value_of(connection, asked) == b"20son"
    assert connection.is_in_transaction() is False
    assert await connection.fetchval(asked) == "0off"


async def test_statements_are_prepared_once(administrator: Connection) -> None:
    for number in range(3):
        assert await value_of(administrator, "SELECT $1::int::text", number) == str(number).encode()

    assert await prepared(administrator) == 4


async def test_statement_runs_in_a_transaction_that_is_open(connection: Connection) -> None:
    async with connection.transaction(readonly=True):
        assert await connection.fly(BoundSql("SHOW transaction_read_only")) == [[b"on"]]
        assert connection.is_in_transaction() is True
    assert connection.is_in_transaction() is False


async def test_nothing_runs_after_an_opening_that_failed(administrator: Connection) -> None:
    await administrator.control("CREATE TEMP SEQUENCE runs")
    frame = framed("BEGIN", "SET LOCAL ROLE nobody_of_this_name")

    with pytest.raises(asyncpg.InvalidParameterValueError, match="nobody_of_this_name"):
        await administrator.fly(BoundSql("SELECT nextval('pg_temp.runs')"), frame)

    assert await administrator.fetchval("SELECT is_called FROM pg_temp.runs") is False
    assert administrator.is_in_transaction() is False


async def test_failed_statement_is_rolled_back_and_the_connection_goes_on(connection: Connection) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        await connection.fly(BoundSql("SELECT 1 / $1::int", (0,)), READING)

    assert await value_of(connection, "SELECT (1 / $1::int)::text", 1) == b"1"
    assert await connection.fetchval("SELECT current_setting('transaction_read_only')") == "off"


async def test_a_server_that_forgot_what_was_prepared_is_told_again(connection: Connection) -> None:
    asked = BoundSql("SELECT $1::int::text", (7,))
    await connection.fly(asked, READING)
    await connection.control("DEALLOCATE ALL")

    with pytest.raises(asyncpg.InvalidSQLStatementNameError):
        await connection.fly(asked, READING)

    assert await connection.fly(asked, READING) == [[b"7"]]


async def test_value_that_does_not_fit_forgets_nothing_that_is_to_be_let_go(administrator: Connection) -> None:
    flights = Flights(administrator._transport, administrator._protocol, statements=4)
    for number in range(8):
        await flights.fly(BoundSql(f"SELECT '{number}'"))

    with pytest.raises(asyncpg.DataError):
        await flights.fly(BoundSql("SELECT $1::text", ("\0",)))
    await flights.fly(BoundSql("SELECT 'last'"))

    assert await prepared(administrator) == 5


async def test_only_one_statement_is_taken(connection: Connection) -> None:
    """[I-10] The simple protocol, where a second one could follow, is not spoken here."""
    with pytest.raises(asyncpg.PostgresSyntaxError, match="cannot insert multiple commands"):
        await connection.fly(BoundSql("SELECT 1; RESET ROLE"), READING)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("uuid", UUID("01900000-0000-7000-8000-00000000000a")),
        ("text", "客 \\ \" ' {,}"),
        ("boolean", True),
        ("bigint", -(2**63)),
        ("numeric", Decimal("-12.50")),
        ("numeric", Decimal("1E+300")),
        ("timestamptz", datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("date", date(9999, 12, 31)),
        ("text[]", ["a", "", 'b"\\,{}', "NULL"]),
        ("uuid[]", [UUID(int=1), UUID(int=2)]),
        ("int[]", []),
        ("text", None),
    ],
)
async def test_arguments_arrive_as_they_are(connection: Connection, type_: str, value: object) -> None:
    by_asyncpg = await connection.fetchval(f"SELECT $1::{type_}::text", value)
    found = await value_of(connection, f"SELECT $1::{type_}::text", value)

    assert (None if found is None else found.decode()) == by_asyncpg


async def test_large_answer_is_put_together(connection: Connection) -> None:
    found = await value_of(connection, "SELECT repeat('客', $1)", 2_000_000)

    assert found == "客".encode() * 2_000_000


async def test_answers_unlike_those_before_are_heard_as_well(connection: Connection) -> None:
    rows = "SELECT nullif(repeat('x', i - 1), '') FROM generate_series(1, $1::int) i"

    # One row in one piece is what nearly all are, and is known by what stood around the row before.
    for count in (1, 1, 1, 0, 1, 2, 1, 1, 300, 1):
        found = await connection.fly(BoundSql(rows, (count,)), READING)

        assert found == [[None if size == 0 else b"x" * size] for size in range(count)]
    with pytest.raises(asyncpg.DivisionByZeroError):
        await connection.fly(BoundSql("SELECT 1 / $1::int", (0,)), READING)
    assert await connection.fly(BoundSql("SHOW transaction_read_only"), READING) == [[b"on"]]
    async with connection.transaction():
        for _ in range(3):
            assert await connection.fly(BoundSql("SHOW transaction_read_only")) == [[b"off"]]
            assert connection.is_in_transaction() is True


async def test_statements_used_longest_ago_are_let_go(administrator: Connection) -> None:
    flights = Flights(administrator._transport, administrator._protocol, statements=4)

    for number in range(20):
        (row,) = await flights.fly(BoundSql(f"SELECT '{number}'"), READING)
        assert row == [str(number).encode()]

    # What is over the number is let go with the next flight.
    assert await prepared(administrator) == 5


async def test_statement_whose_result_changed_is_prepared_again(administrator: Connection) -> None:
    await administrator.control("CREATE TEMP TABLE moving (a int)")
    asked = BoundSql("SELECT * FROM pg_temp.moving")
    assert await administrator.fly(asked, READING) == []
    await administrator.control("ALTER TABLE pg_temp.moving ADD COLUMN b int")

    with pytest.raises(asyncpg.InvalidCachedStatementError):
        await administrator.fly(asked, READING)

    assert await administrator.fly(asked, READING) == []


async def test_who_stops_waiting_closes_the_connection(connection: Connection) -> None:
    flight = asyncio.create_task(connection.fly(BoundSql(LONG), READING))
    await asyncio.wait([flight], timeout=0)
    flight.cancel()

    with pytest.raises(asyncio.CancelledError):
        await flight
    assert connection.is_closed() is True
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await connection.fly(BoundSql("SELECT 1"), READING)


async def test_connection_that_is_about_to_end_is_closed(connection: Connection) -> None:
    connection._transport.close()

    assert connection.is_closed() is True
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await connection.fly(BoundSql("SELECT 1"), READING)


async def test_nothing_is_sent_for_who_stops_before_it_began(connection: Connection) -> None:
    flight = asyncio.create_task(connection.fly(BoundSql("SELECT 'first'"), READING))
    flight.cancel()
    with pytest.raises(asyncio.CancelledError):
        await flight

    assert await value_of(connection, "SELECT 'second'") == b"second"


async def test_server_that_goes_away_is_told(connection: Connection, administrator: Connection) -> None:
    flight = asyncio.create_task(connection.fly(BoundSql(LONG), READING))
    await asyncio.wait([flight], timeout=0)
    await administrator.execute("SELECT pg_terminate_backend($1)", connection.get_server_pid())

    with pytest.raises((asyncpg.AdminShutdownError, asyncpg.ConnectionDoesNotExistError)):
        await flight
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await connection.fly(BoundSql("SELECT 1"), READING)
    assert connection.is_closed() is True
