"""[I5] What is logged of a failure: what it was and where, and no word of a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from tenants.exception_text import describe, render

if TYPE_CHECKING:
    from tenants.connection import Connection

SECRET = "13800138000"


async def failure_of(connection: Connection, statement: str, *arguments: object) -> BaseException:
    try:
        await connection.fetch(statement, *arguments)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return error
    pytest.fail(statement)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("statement", "arguments", "said"),
    [
        (
            "INSERT INTO phones VALUES ($1), ($1)",
            [SECRET],
            "UniqueViolationError: SQLSTATE 23505, constraint phones_pkey",
        ),
        ("SELECT ('x' || $1::text)::int", [SECRET], "InvalidTextRepresentationError: SQLSTATE 22P02"),
        ("SELECT $1::int", [SECRET], "DataError: SQLSTATE 22000"),
        ("SELECT nothing", [], 'UndefinedColumnError: SQLSTATE 42703, column "nothing" does not exist'),
    ],
)
async def test_a_line_of_the_log_quotes_no_value(
    administrator: Connection, statement: str, arguments: list[object], said: str
) -> None:
    await administrator.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS phones (phone text CONSTRAINT phones_pkey PRIMARY KEY)"
    )

    error = await failure_of(administrator, statement, *arguments)
    told = render((type(error), error, error.__traceback__))

    assert told.splitlines()[-1] == said
    assert SECRET not in told


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError(SECRET), "ValueError"),
        (KeyError(SECRET), "KeyError"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_words_that_may_be_a_customers_are_left_out(error: Exception, said: str) -> None:
    assert describe(error) == said


def test_what_led_to_it_is_told_first() -> None:
    group = ExceptionGroup("two", [RuntimeError("inner"), OSError("outer")])
    group.__cause__ = ValueError(SECRET)
    told = render((type(group), group, None)).splitlines()

    heads = [line for line in told if not line.startswith("  ")]
    assert heads == [
        "ValueError",
        "led to:",
        "ExceptionGroup: two (2 sub-exceptions)",
        "one of them:",
        "RuntimeError: inner",
        "one of them:",
        "OSError: outer",
    ]
    assert SECRET not in "\n".join(told)
