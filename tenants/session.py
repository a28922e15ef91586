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
from tenants.history import fill

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import asyncpg
    import sqlalchemy as sa

    from tenants.connection import Connection
    from tenants.settings import TransactionSettings
    from tenants.sql import BoundSql

# Only `pg_catalog` is searched: a name without its schema fails, whatever the role may use.
_OPENING = """
BEGIN {access}; SET LOCAL search_path = pg_catalog; SET LOCAL statement_timeout = {statement};
SET LOCAL lock_timeout = {lock}; SET LOCAL idle_in_transaction_session_timeout = {idle};
SET LOCAL plan_cache_mode = {plan}"""
_ROLE = "; SET LOCAL ROLE @role@"


@dataclass(frozen=True, slots=True)
class Opening:
    """How a transaction begins: what it may do, and how long the server may take, in milliseconds."""

    access: Literal["READ ONLY", "READ WRITE"]
    statement_ms: int
    lock_ms: int
    idle_ms: int
    # Compiled reads are few and repeat: a generic plan is made once. Writes bind arrays of very different length.
    plan: Literal["force_generic_plan", "auto"]

    def message(self, role: str | None, *, within_ms: float = math.inf) -> str:
        """The one message. The role is checked, nothing else comes from outside; a cell's own logins take none.

        No statement may take longer than is left to the request.
        """
        statement = self.statement_ms if within_ms >= self.statement_ms else max(1, int(within_ms))
        return _message(self, role, statement)


@lru_cache(maxsize=8192)
def _message(opening: Opening, role: str | None, statement_ms: int) -> str:
    text = _OPENING.format(
        access=opening.access, statement=statement_ms, lock=opening.lock_ms, idle=opening.idle_ms, plan=opening.plan
    )
    return text if role is None else text + fill(_ROLE, {"role": role})


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
    """One leased connection in one transaction of one tenant."""

    def __init__(self, connection: Connection, schema: str) -> None:
        self._connection = connection
        self.schema = schema
        self._savepoints = 0

    async def rows(self, statement: sa.Executable) -> list[asyncpg.Record]:
        """All rows of a Core statement; tables without a schema of their own stand in the tenant's."""
        return await self._connection.rows(statements.bind(statement, self.schema))

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
        return await self._connection.run(statements.bind(statement, self.schema))

    async def fetch(self, bound: BoundSql) -> list[asyncpg.Record]:
        """All rows of a bound fragment."""
        return await self._connection.rows(bound)

    async def run(self, bound: BoundSql) -> int:
        """Run a bound fragment; how many rows it changed."""
        return await self._connection.run(bound)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What fails inside is undone, and only that; the failure goes on."""
        self._savepoints += 1
        name = f"s{self._savepoints}"
        await self._connection.control(fill("SAVEPOINT @name@", {"name": name}))
        try:
            yield
        except BaseException:
            await self._connection.control(fill("ROLLBACK TO @name@; RELEASE @name@", {"name": name}))
            raise
        await self._connection.control(fill("RELEASE @name@", {"name": name}))


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
        if kind is None:
            await self._connection.control("COMMIT")
        elif not self._connection.is_closed():
            # The failure that led here is the one to tell.
            with suppress(*CONNECTION_FAILURES):
                await self._connection.control("ROLLBACK")


def transaction(connection: Connection, opening: str = "BEGIN") -> Transaction:
    """Begin, and commit if nothing failed. A connection that cannot say how it ended is dropped by its pool."""
    return Transaction(connection, opening)
