"""One connection to PostgreSQL: how it is opened, and the ways in which text reaches the server.

Statements of tenants go through the extended protocol, which takes one statement with parameters and never two. The
simple protocol is `control`, for transaction control and the scripts of provisioning and migration. A flight is a read
with the control of its transaction in one round trip, all of it in the extended protocol.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg

from tenants import dates
from tenants.errors import Unavailable
from tenants.flight import BARE, Flights
from tenants.tracing import Kind, step

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from asyncpg.connection import ServerCapabilities

    from tenants.flight import Frame, Row
    from tenants.sql import BoundSql

T = TypeVar("T")

_STATEMENTS_KEPT = 1_000
_ASKED_NOTED = 2_000
_CONNECT_SECONDS = 10.0
# The server forgets such a statement with the next one.
_NAMELESS = ""

# What asyncpg raises when the server is not there, goes away, or has no room.
CONNECTION_FAILURES = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)

# What it raises when it was used wrongly, or when the connection is gone.
_MISLEADING = (asyncpg.InterfaceError, asyncpg.InternalClientError)


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached right now; try again."""

    code = "DATABASE_UNAVAILABLE"
    zh = "暂时无法连接数据库,请稍后重试。"


if TYPE_CHECKING:
    _Connection = asyncpg.Connection[asyncpg.Record]
else:
    # Generic for the type checker only.
    _Connection = asyncpg.Connection


@dataclass(frozen=True, slots=True)
class Address:
    """Everything needed to open one connection."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)


class Connection(_Connection):
    """asyncpg's connection, which never asks for `set_config` (to turn `jit` off): hardened cells refuse that.

    Rows that are asked for once are asked for by a statement that nobody keeps, and from the second time on by one that is
    kept: what is read once for each version of a tenant's definitions would take memory here and in the server.
    """

    __slots__ = ("_asked", "_flights")

    # asyncpg's stubs leave these out.
    _transport: asyncio.Transport
    _protocol: asyncio.Protocol
    _server_caps: ServerCapabilities
    _check_open: Callable[[], None]
    _execute: Callable[..., Awaitable[tuple[object, bytes, object]]]

    def __init__(self, *args: Any, **options: Any) -> None:  # passed through to asyncpg
        super().__init__(*args, **options)
        self._server_caps = self._server_caps._replace(jit=False)
        self._flights = Flights(self._transport, self._protocol)
        # Hashes of texts: one that is taken for another is kept the first time.
        self._asked: dict[int, None] = {}

    def is_closed(self) -> bool:
        """Also when its end is known and not yet told: asyncpg would begin another statement until it is."""
        return self._transport.is_closing() or super().is_closed()

    async def rows(self, bound: BoundSql) -> list[asyncpg.Record]:
        """One statement, extended protocol; its rows."""
        return await self._answered(partial(self._fetched, bound))

    async def run(self, bound: BoundSql) -> int:
        """One statement, extended protocol also without arguments; how many rows it touched."""
        _, status, _ = await self._answered(partial(self._executed, bound))
        count = status.decode().rpartition(" ")[2]
        return int(count) if count.isdecimal() else 0

    def fly(self, bound: BoundSql, frame: Frame = BARE) -> Coroutine[object, None, list[Row]]:
        """One statement and what begins and ends its transaction, in one round trip."""
        return self._answered(partial(self._flights.fly, bound, frame))

    async def control(self, script: str) -> None:
        """The simple protocol, which also takes several statements. Never for text that a caller had a part in."""
        await self._answered(partial(self.execute, script), "control")

    async def _fetched(self, bound: BoundSql) -> list[asyncpg.Record]:
        self._check_open()
        if self._is_asked_first(bound.text):
            return await (await self.prepare(bound.text, name=_NAMELESS)).fetch(*bound.arguments)
        return await self.fetch(bound.text, *bound.arguments)

    async def _executed(self, bound: BoundSql) -> tuple[object, bytes, object]:
        self._check_open()
        return await self._execute(bound.text, bound.arguments, 0, None, return_status=True)

    def _is_asked_first(self, text: str) -> bool:
        """Whether it is new here, in a transaction: outside of one a pooler may change the server between two messages."""
        asked = hash(text)
        if asked in self._asked or not self.is_in_transaction():
            return False
        if len(self._asked) >= _ASKED_NOTED:
            del self._asked[next(iter(self._asked))]
        self._asked[asked] = None
        return True

    async def _answered(self, ask: Callable[[], Awaitable[T]], name: str = "statement") -> T:
        try:
            with step(name, Kind.CLIENT) as asked:
                asked.tell("db.system.name", "postgresql")
                # Asked in here: what is sent before somebody looks after its answer could be answered to another.
                return await ask()
        except asyncio.CancelledError:
            # Nobody waits for the answer, so whoever asks next would get it, perhaps for another tenant.
            self.terminate()
            raise
        except _MISLEADING as error:
            self._tell_apart(error)
            raise

    def _tell_apart(self, error: Exception) -> None:
        """The same error means a closed connection, or wrong use of an open one."""
        if isinstance(error, asyncpg.InternalClientError):
            # The server said good-bye while nobody listened, and asyncpg has read only half of it.
            self.terminate()
        if self.is_closed():
            raise asyncpg.ConnectionDoesNotExistError(str(error)) from error


async def connect(address: Address, *, application: str = "kezhi") -> Connection:
    """Open a connection; `jsonb` comes out as Python values and goes in as text."""
    try:
        connection = await asyncpg.connect(
            host=address.host,
            port=address.port,
            database=address.database,
            user=address.user,
            password=address.password,
            timeout=_CONNECT_SECONDS,
            statement_cache_size=_STATEMENTS_KEPT,
            max_cached_statement_lifetime=0,
            connection_class=Connection,
            server_settings={"application_name": application},
        )
    except CONNECTION_FAILURES as failure:
        raise DatabaseUnavailable from failure
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_as_text, decoder=json.loads)
    await dates.be_exact(connection)
    return connection


async def close(connection: Connection) -> None:
    """Close politely, or drop it when the server does not answer."""
    try:
        await connection.close(timeout=1.0)
    except CONNECTION_FAILURES:
        connection.terminate()


def _as_text(document: str) -> str:
    return document
