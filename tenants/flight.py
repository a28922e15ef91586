"""A whole read in one round trip: the opening, one statement and the end go out together and are answered together.

asyncpg waits for each answer before it sends the next message. A flight borrows its transport: until the server has said
everything the answers come here, then asyncpg goes on as if nothing had been. Only the extended protocol is spoken, and
the server skips what follows a failure, so no statement runs in a transaction that did not open as it should.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

from tenants import wire
from tenants.wire import FAILURE, HEAD, PARSED, READY, ROW

if TYPE_CHECKING:
    from tenants.sql import BoundSql

Row: TypeAlias = Sequence[bytes | None]
Script: TypeAlias = tuple[str, ...]

_STATEMENTS_KEPT = 1_000
_ENDED = ord("I")
_CLOSED = "the connection was closed in flight"
_FORGETFUL = (asyncpg.InvalidCachedStatementError, asyncpg.InvalidSQLStatementNameError)


@dataclass(frozen=True, slots=True)
class Voyage:
    """What is sent together. Without `opening` and `ending` it is a statement of a transaction that is open already."""

    statement: BoundSql
    opening: Script = ()
    # What ends the transaction after a failure; the server skips `ending` then.
    ending: Script = ()
    abandoning: str = ""


class Flights(asyncio.Protocol):
    """The flights of one connection, one at a time, and the statements that it has prepared for them."""

    def __init__(
        self, transport: asyncio.Transport, owner: asyncio.Protocol, *, statements: int = _STATEMENTS_KEPT
    ) -> None:
        self._transport = transport
        self._kept = statements
        # Whose transport it is between flights: asyncpg's protocol.
        self._owner = owner
        self._names: OrderedDict[str, str] = OrderedDict()
        self._made = 0
        # Texts that this flight prepares, in order, until the server has said so.
        self._preparing: list[tuple[str, str]] = []
        self._got = bytearray()
        self._at = 0
        self._rows: list[Row] = []
        self._failure: asyncpg.PostgresError | None = None
        self._voyage: Voyage | None = None
        self._landed: asyncio.Future[asyncpg.PostgresError | None] | None = None

    async def fly(self, voyage: Voyage) -> list[Row]:
        """The rows of the statement, once the transaction has ended; the server's first failure otherwise.

        Whoever stops waiting must close the connection: nobody would listen to the rest.
        """
        message = self._message(voyage)
        self._got, self._at, self._rows, self._failure, self._voyage = bytearray(), 0, [], None, voyage
        landed = self._landed = asyncio.get_running_loop().create_future()
        if self._transport.is_closing():
            raise asyncpg.ConnectionDoesNotExistError(_CLOSED)
        self._transport.set_protocol(self)
        self._transport.write(message)
        failure = await landed
        if failure is not None:
            self._forget_after(failure, voyage)
            raise failure
        return self._rows

    def data_received(self, data: bytes) -> None:
        """Take in what the server says, message by message."""
        got, at = self._got, self._at
        got += data
        end = len(got)
        while end - at >= HEAD.size:
            kind, size = HEAD.unpack_from(got, at)
            following = at + 1 + size
            if following > end:
                break
            if kind == ROW:
                self._rows.append(wire.columns(bytes(got[at + HEAD.size : following])))
            elif kind == PARSED and self._preparing:
                text, name = self._preparing.pop(0)
                self._names[text] = name
            elif kind == FAILURE:
                self._note(bytes(got[at + HEAD.size : following]))
            elif kind == READY and self._is_over(got[at + HEAD.size]):
                self._land(bytes(got[following:]))
                return
            at = following
        self._at = at

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection ended in flight."""
        self._owner.connection_lost(exc)
        if self._landed is not None and not self._landed.done():
            self._landed.set_result(self._failure or asyncpg.ConnectionDoesNotExistError(_CLOSED))

    def pause_writing(self) -> None:
        """Asked of whoever writes."""
        self._owner.pause_writing()

    def resume_writing(self) -> None:
        """Asked of whoever writes."""
        self._owner.resume_writing()

    def _message(self, voyage: Voyage) -> bytes:
        self._preparing = []
        parts: list[bytes] = self._make_room()
        for text in voyage.opening:
            parts += (*self._prepared(text), wire.EXECUTE)
        parts += (*self._prepared(voyage.statement.text, voyage.statement.arguments), wire.EXECUTE)
        for text in voyage.ending:
            parts += (*self._prepared(text), wire.EXECUTE)
        parts.append(wire.SYNC)
        return b"".join(parts)

    def _prepared(self, text: str, arguments: Sequence[object] = ()) -> tuple[bytes, ...]:
        name = self._names.get(text)
        if name is not None:
            self._names.move_to_end(text)
            return (wire.bind(name, arguments),)
        self._made += 1
        name = f"k{self._made}"
        self._preparing.append((text, name))
        return (wire.parse(name, text), wire.bind(name, arguments))

    def _make_room(self) -> list[bytes]:
        parts = []
        while len(self._names) > self._kept:
            parts.append(wire.close(self._names.popitem(last=False)[1]))
        return parts

    def _note(self, body: bytes) -> None:
        if self._failure is None:
            text = "" if self._voyage is None else self._voyage.statement.text
            self._failure = wire.failure(body, text)

    def _is_over(self, status: int) -> bool:
        """Whether nothing more comes: a transaction of its own has ended, by a roll-back if it failed."""
        voyage = self._voyage
        if status == _ENDED or voyage is None or not voyage.abandoning:
            return True
        self._preparing = []
        self._transport.write(wire.once(voyage.abandoning))
        return False

    def _land(self, rest: bytes) -> None:
        self._transport.set_protocol(self._owner)
        if rest:
            self._owner.data_received(rest)
        if self._landed is not None and not self._landed.done():
            self._landed.set_result(self._failure)

    def _forget_after(self, failure: asyncpg.PostgresError, voyage: Voyage) -> None:
        if isinstance(failure, _FORGETFUL):
            # Prepared again the next time; the name it had stays unused.
            self._names.pop(voyage.statement.text, None)
