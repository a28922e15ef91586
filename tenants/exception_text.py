"""An exception for the log: what it was and where, without the words that it carries.

PostgreSQL quotes values in its messages (`Key (name)=(…)`, `invalid input syntax …: "…"`), and so do errors of values and
look-ups in Python: of those only the type is told, of PostgreSQL's also the SQLSTATE and the name of the constraint.
The message of PostgreSQL is told where it speaks of the server and of statements, never its details.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]

# Their messages may quote what somebody wrote.
_QUOTING = (asyncpg.InterfaceError, ValueError, LookupError)

# Classes of SQLSTATE: data exceptions, violated constraints, and what our own functions raise.
_OF_VALUES = ("22", "23", "P0")


def describe(error: BaseException) -> str:
    """The exception in one line."""
    name = type(error).__name__
    if isinstance(error, asyncpg.PostgresError):
        return f"{name}: SQLSTATE {error.sqlstate}{_said(error)}"
    said = "" if isinstance(error, _QUOTING) else str(error)
    return f"{name}: {said}" if said else name


def _said(error: asyncpg.PostgresError) -> str:
    if not str(error.sqlstate).startswith(_OF_VALUES):
        return f", {error.args[0]}"
    return f", constraint {error.constraint_name}" if error.constraint_name else ""


def render(exc_info: ExceptionInfo) -> str:
    """The exception with those that led to it, the first first, each with its traceback."""
    return "\n".join(_story(exc_info[1], set()))


def _story(error: BaseException, told: set[int]) -> Iterator[str]:
    told.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in told:
        yield from _story(cause, told)
        yield "led to:"
    yield "".join(traceback.format_tb(error.__traceback__)) + describe(error)
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield "one of them:"
            yield from _story(each, told)
