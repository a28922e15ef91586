"""Transactions: the only place that begins and commits, and the session in which statements of one tenant run.

Every transaction opens with one message that sets role, search path and limits with `SET LOCAL`, so that a pooled
connection cannot remember a tenant. Statements go through the extended protocol: one statement, values as parameters.
"""

from __future__ import annotations

import math
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from tenants import statements
from tenants.connection import CONNECTION_FAILURES
from tenants.flight import Frame
from tenants.script_text import fill

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable
    from uuid import UUID

    import asyncpg
    import sqlalchemy as sa

    from tenants.connection import Connection
    from tenants.flight import Row
    from tenants.settings import TransactionSettings
    from tenants.sql import BoundSql

# Only `pg_catalog` is searched: a name without its schema fails, whatever the role may use.
_OPENING = (
    "BEGIN {access}",
    "SET LOCAL search_path = pg_catalog",
    "SET LOCAL statement_timeout = {statement}",
    "SET LOCAL lock_timeout = {lock}",
    "SET LOCAL plan_cache_mode = {plan}",
)
# How long it may wait for its next statement. A flight has its end with it, and what fails loses the setting before it ends.
_WAITING = "SET LOCAL idle_in_transaction_session_timeout = {idle}"
_ROLE = "SET LOCAL ROLE @role@"
_ENDING = ("COMMIT",)
_ABANDONING = "ROLLBACK"


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """How a transaction begins: what it may do, and how long the server may take, in milliseconds."""

    access: Literal["READ ONLY", "READ WRITE"]
    statement_ms: int
    lock_ms: int
    idle_ms: int
    # Compiled reads are few and repeat: a generic plan is made once. Writes bind arrays of very different length.
    plan: Literal["force_generic_plan", "auto"]

    def frame(self, role: str | None, *, within_ms: float = math.inf) -> Frame:
        """Its statements, and those that end what it begins; no statement may take much longer than is left to the request.

        The role is checked, nothing else comes from outside; a cell's own logins take none.
        """
        statement = self.statement_ms if within_ms >= self.statement_ms else _rounded_up(within_ms, self.statement_ms)
        return _frame(self, role, statement)

    def message(self, role: str | None, *, within_ms: float = math.inf) -> str:
        """All of them as one message."""
        return as_message(self.frame(role, within_ms=within_ms))


def _rounded_up(ms: float, most: int) -> int:
    """A power of two or half as much again: each other limit is a statement to be prepared, where there is room for so many."""
    power = 1 << max(0, math.ceil(ms) - 1).bit_length()
    between = power * 3 // 4
    return min(most, between if ms <= between else power)


@lru_cache(maxsize=8192)
def _frame(opening: Opening, role: str | None, statement_ms: int) -> Frame:
    filled = (
        each.format(
            access=opening.access, statement=statement_ms, lock=opening.lock_ms, idle=opening.idle_ms, plan=opening.plan
        )
        for each in _OPENING
    )
    script = (*filled,) if role is None else (*filled, fill(_ROLE, {"role": role}))
    return Frame(script, _ENDING, _ABANDONING, (_WAITING.format(idle=opening.idle_ms),))


def as_message(frame: Frame) -> str:
    """The opening of a frame as one message, for a transaction of several statements."""
    return "; ".join((*frame.opening, *frame.waiting))


def reading(limits: TransactionSettings) -> Opening:
    """A query."""
    return Opening("READ ONLY", limits.read_ms, limits.lock_ms, limits.idle_ms, "force_generic_plan")


def writing(limits: TransactionSettings) -> Opening:
    """A verb on records."""
    return Opening("READ WRITE", limits.write_ms, limits.lock_ms, limits.idle_ms, "auto")


def defining(limits: TransactionSettings) -> Opening:
    """A change of shape: it waits for locks only briefly."""
    return Opening("READ WRITE", limits.define_ms, limits.define_lock_ms, limits.idle_ms, "auto")


class Session:
    """One leased connection in one transaction of one tenant; one that has not begun yet begins when it is used."""

    def __init__(self, connection: Connection, schema: str, pending: Pending | None = None) -> None:
        self._connection = connection
        self.schema = schema
        self._pending = pending
        self._savepoints = 0
        # Records that this transaction has locked against change, as far as that was noted; others write them later.
        self.held: set[UUID] = set()

    async def rows(self, statement: sa.Executable) -> list[asyncpg.Record]:
        """All rows of a Core statement; tables without a schema of their own stand in the tenant's."""
        return await self.fetch(statements.bind(statement, self.schema))

    async def row(self, statement: sa.Executable) -> asyncpg.Record | None:
        """The first row."""
        rows = await self.rows(statement)
        return rows[0] if rows else None

    async def scalar(self, statement: sa.Executable) -> Any:  # the caller knows the column's type
        """The first column of the first row."""
        row = await self.row(statement)
        return None if row is None else row[0]

    async def execute(self, statement: sa.Executable) -> int:
        """Run a Core statement; how many rows it changed."""
        return await self.run(statements.bind(statement, self.schema))

    async def fetch(self, bound: BoundSql) -> list[asyncpg.Record]:
        """All rows of a bound fragment."""
        await self._begun()
        return await self._connection.rows(bound)

    async def run(self, bound: BoundSql) -> int:
        """Run a bound fragment; how many rows it changed."""
        await self._begun()
        return await self._connection.run(bound)

    def answer(self, bound: BoundSql) -> Awaitable[list[Row]]:
        """The rows of a bound fragment as they are stored. Nothing may follow it in a transaction that has not begun.

        There the opening, the statement and the end of the transaction are one round trip.
        """
        if self._pending is None:
            return self._connection.fly(bound)
        return self._pending.answer(bound)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What fails inside is undone, and only that; the failure goes on."""
        await self._begun()
        self._savepoints += 1
        name = f"s{self._savepoints}"
        await self._connection.control(fill("SAVEPOINT @name@", {"name": name}))
        try:
            yield
        except BaseException:
            # Going back gives locks back.
            self.held.clear()
            # A statement that was cancelled has closed the connection: there is nothing to undo, and that is to be told.
            if not self._connection.is_closed():
                await self._connection.control(fill("ROLLBACK TO @name@; RELEASE @name@", {"name": name}))
            raise
        await self._connection.control(fill("RELEASE @name@", {"name": name}))

    async def _begun(self) -> None:
        if self._pending is not None:
            await self._pending.begin()


class Transaction:
    """One transaction of a connection. A class of its own, because a generator costs more than the bookkeeping."""

    __slots__ = ("_connection", "_opening")

    def __init__(self, connection: Connection, opening: str) -> None:
        self._connection = connection
        self._opening = opening

    async def __aenter__(self) -> Connection:
        await self._connection.control(self._opening)
        return self._connection

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await _end(self._connection, kind)


class TransactionEndedError(Exception):
    """A statement after the one that took its transaction's end along."""


class Pending:
    """A transaction that begins with its first statement, and is all in one round trip if that is its only one."""

    __slots__ = ("_connection", "_frame", "has_begun", "has_ended")

    def __init__(self, connection: Connection, frame: Frame) -> None:
        self._connection = connection
        self._frame = frame
        # Whether there is a transaction that has to be ended.
        self.has_begun = False
        # Whether its last statement took its end along.
        self.has_ended = False

    async def end(self, kind: type[BaseException] | None) -> None:
        """Commit if nothing failed. Not to be asked of one that has not begun, which would be a wait for nothing."""
        await _end(self._connection, kind)

    async def begin(self) -> None:
        """Begin, if that has not happened yet."""
        self._refuse_after_the_end()
        if not self.has_begun:
            await self._connection.control(as_message(self._frame))
            self.has_begun = True

    def answer(self, bound: BoundSql) -> Awaitable[list[Row]]:
        """The rows of the last statement. To be awaited at once: whether it is the only one is noted when it is called."""
        self._refuse_after_the_end()
        if self.has_begun:
            return self._connection.fly(bound)
        self.has_ended = True
        return self._connection.fly(bound, self._frame)

    def _refuse_after_the_end(self) -> None:
        if self.has_ended:
            raise TransactionEndedError


async def _end(connection: Connection, kind: type[BaseException] | None) -> None:
    if kind is None:
        await connection.control(*_ENDING)
    elif not connection.is_closed():
        # The failure that led here is the one to tell.
        with suppress(*CONNECTION_FAILURES):
            await connection.control(_ABANDONING)


def transaction(connection: Connection, opening: str = "BEGIN") -> Transaction:
    """Begin, and commit if nothing failed. A connection that cannot say how it ended is dropped by its pool."""
    return Transaction(connection, opening)
