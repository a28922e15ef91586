"""Sessions of a cell's own logins (relay, sequencer …), which work across tenants and take no tenant's role."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tenants.session import Session, transaction, writing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import asyncpg
    import sqlalchemy as sa

    from tenants.databases import Databases
    from tenants.settings import TransactionSettings


class CellSessions:
    """Transactions of cell logins. What such a login may touch is its own grants."""

    def __init__(self, databases: Databases, limits: TransactionSettings) -> None:
        self._databases = databases
        self._opening = writing(limits).message(role=None)

    @asynccontextmanager
    async def begin(self, cell: str, login: str, *, schema: str = "") -> AsyncIterator[Session]:
        """One transaction, committed at the end; with a schema, tables of that tenant can be named too."""
        async with self._databases.lease(cell, login) as connection, transaction(connection, self._opening):
            yield Session(connection, schema)

    async def rows(self, cell: str, login: str, statement: sa.Executable) -> list[asyncpg.Record]:
        """One statement in a transaction of its own; its rows."""
        async with self.begin(cell, login) as session:
            return await session.rows(statement)

    async def row(self, cell: str, login: str, statement: sa.Executable) -> asyncpg.Record | None:
        """One statement in a transaction of its own; its first row."""
        async with self.begin(cell, login) as session:
            return await session.row(statement)

    async def execute(self, cell: str, login: str, statement: sa.Executable) -> int:
        """One statement in a transaction of its own; how many rows it changed."""
        async with self.begin(cell, login) as session:
            return await session.execute(statement)
