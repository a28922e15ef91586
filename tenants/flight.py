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
from tenants.wire import BOUND, FAILURE, HEAD, PARSED, READY, ROW

if TYPE_CHECKING:
    from tenants.sql import BoundSql

Row: TypeAlias = Sequence[bytes | None]
Script: TypeAlias = tuple[str, ...]

_STATEMENTS_KEPT = 1_000
_FRAMES_KEPT = 256
_UNKNOWN = (b"", b"")
_ENDED = ord("I")
_CLOSED = "the connection was closed in flight"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What stands around a statement that is a transaction of its own."""

    opening: Script
    ending: Script
    # What ends the transaction after a failure; the server skips `ending` then.
    abandoning: str
    # What the opening says besides where the transaction waits between its statements, which a flight never does.
    waiting: Script = ()


# Around a statement of a transaction that is open already.
BARE = Frame((), (), "")


@dataclass(slots=True)
class _Usual:
    """What the server says before and after the one row of an answer where nothing has to be prepared: always the same."""

    prelude: bytes = b""
    ending: bytes = b""

    def row(self, data: bytes) -> bytes | None:
        """The row of an answer that came in one piece and is as always; nothing if anything is otherwise."""
        at, end = len(self.prelude), len(data) - len(self.ending)
        if end - at < HEAD.size or not (data.startswith(self.prelude) and data.endswith(self.ending)):
            return None
        kind, size = HEAD.unpack_from(data, at)
        return data[at + HEAD.size : end] if kind == ROW and at + 1 + size == end else None


class _Statements:
    """What one connection has prepared, by text, and the messages that use it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._names: OrderedDict[str, str] = OrderedDict()
        self._made = 0
        self._is_usual = False
        # Texts that the present flight prepares, in order, until the server has said so.
        self._preparing: list[tuple[str, str]] = []
        # What the server may forget; told it with the next message that goes.
        self._closing = b""
        # The messages of frames in which everything is prepared.
        self._frames: dict[Frame, tuple[bytes, bytes]] = {}

    def message(self, statement: BoundSql, frame: Frame) -> bytes:
        """Everything that is sent for one flight."""
        self._preparing = []
        if len(self._names) > self._most:
            self._make_room()
        opening, ending = self._frames.get(frame, _UNKNOWN)
        opening = opening or self._script(frame.opening)
        asked = self._message(statement.text, statement.arguments)
        ending = ending or self._script(frame.ending) + wire.SYNC
        if not self._preparing:
            self._keep(frame, (opening, ending))
        closing, self._closing = self._closing, b""
        self._is_usual = not (self._preparing or closing)
        return closing + opening + asked + ending

    @property
    def is_usual(self) -> bool:
        """Whether the last message only used what was there, so that the server answers it as it always does."""
        return self._is_usual

    def prepared(self) -> None:
        """The next of them is."""
        if self._preparing:
            text, name = self._preparing.pop(0)
            self._names[text] = name

    def give_up(self) -> None:
        """The rest of them is not."""
        self._preparing = []

    def forget(self, text: str) -> None:
        """Prepare this again the next time; the name it had stays unused."""
        self._names.pop(text, None)

    def forget_all(self) -> None:
        """The server behind the connection knows nothing of what was prepared."""
        self._names.clear()
        self._frames.clear()

    def _keep(self, frame: Frame, messages: tuple[bytes, bytes]) -> None:
        if frame not in self._frames:
            if len(self._frames) >= _FRAMES_KEPT:
                self._frames.clear()
            self._frames[frame] = messages

    def _script(self, script: Script) -> bytes:
        return b"".join(map(self._message, script))

    def _message(self, text: str, arguments: Sequence[object] = ()) -> bytes:
        name = self._names.get(text)
        if name is not None:
            self._names.move_to_end(text)
            return wire.bind(name, arguments) + wire.EXECUTE
        self._made += 1
        name = f"k{self._made}"
        bound = wire.bind(name, arguments)
        self._preparing.append((text, name))
        return wire.parse(name, text) + bound + wire.EXECUTE

    def _make_room(self) -> None:
        self._frames.clear()
        while len(self._names) > self._most:
            self._closing += wire.close(self._names.popitem(last=False)[1])


class Flights(asyncio.Protocol):
    """The flights of one connection, one at a time."""

    def __init__(
        self, transport: asyncio.Transport, owner: asyncio.Protocol, *, statements: int = _STATEMENTS_KEPT
    ) -> None:
        self._transport = transport
        # Whose transport it is between flights: asyncpg's protocol.
        self._owner = owner
        self._statements = _Statements(statements)
        # By frame, as it was learnt from the answers before.
        self._known: dict[Frame, _Usual] = {}
        self._usual: _Usual | None = None
        self._statement = ""
        self._frame = BARE
        self._got = bytearray()
        self._at = 0
        self._rows: list[Row] = []
        # Where the last of them ends.
        self._behind_row = 0
        self._failure: asyncpg.PostgresError | None = None
        # Whether the server has begun to speak of this flight.
        self._is_answered = False
        self._landed: asyncio.Future[asyncpg.PostgresError | None] | None = None

    async def fly(self, statement: BoundSql, frame: Frame = BARE) -> list[Row]:
        """The rows of the statement, once the transaction has ended; the server's first failure otherwise.

        Whoever stops waiting must close the connection: nobody would listen to the rest.
        """
        if self._transport.is_closing():
            raise asyncpg.ConnectionDoesNotExistError(_CLOSED)
        message = self._statements.message(statement, frame)
        self._statement, self._frame = statement.text, frame
        self._usual = self._as_usual(frame) if self._statements.is_usual else None
        self._got, self._at, self._rows, self._failure = bytearray(), 0, [], None
        self._is_answered = False
        landed = self._landed = asyncio.get_running_loop().create_future()
        self._transport.set_protocol(self)
        self._transport.write(message)
        failure = await landed
        if failure is not None:
            self._forget_after(failure, statement.text)
            raise failure
        return self._rows

    def _as_usual(self, frame: Frame) -> _Usual:
        found = self._known.get(frame)
        if found is None:
            if len(self._known) >= _FRAMES_KEPT:
                self._known.clear()
            found = self._known[frame] = _Usual()
        return found

    def _forget_after(self, failure: asyncpg.PostgresError, text: str) -> None:
        if isinstance(failure, asyncpg.InvalidCachedStatementError):
            self._statements.forget(text)
        elif isinstance(failure, asyncpg.InvalidSQLStatementNameError):
            self._statements.forget_all()

    def data_received(self, data: bytes) -> None:
        """Take in what the server says: at once where it is as always, else message by message."""
        usual, got, at = self._usual, self._got, self._at
        if usual is not None and usual.ending and not got:
            row = usual.row(data)
            if row is not None:
                self._rows.append(wire.columns(row))
                self._land(b"")
                return
        got += data
        if at == 0 and usual is not None and usual.prelude and len(got) >= len(usual.prelude):
            at = self._past_prelude(usual)
        end = len(got)
        while end - at >= HEAD.size:
            kind, size = HEAD.unpack_from(got, at)
            following = at + 1 + size
            if following > end:
                break
            if kind == ROW:
                self._take(at, following)
            elif kind == READY:
                if self._is_over(got[at + HEAD.size]):
                    self._learn_ending(following)
                    self._land(bytes(got[following:]))
                    return
            else:
                self._hear(kind, bytes(got[at + HEAD.size : following]))
            at = following
        self._at = at

    def _past_prelude(self, usual: _Usual) -> int:
        if self._got.startswith(usual.prelude):
            self._is_answered = True
            return len(usual.prelude)
        # A notice, now or when it was learnt.
        self._known.pop(self._frame, None)
        return 0

    def _hear(self, kind: int, body: bytes) -> None:
        if kind == PARSED:
            self._statements.prepared()
        elif kind == BOUND:
            self._is_answered = True
        elif kind == FAILURE:
            self._is_answered = True
            self._failure = self._failure or wire.failure(body, self._statement)

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

    def _take(self, at: int, following: int) -> None:
        if self._usual is not None and not self._usual.prelude and not self._rows:
            self._usual.prelude = bytes(self._got[:at])
        self._rows.append(wire.columns(bytes(self._got[at + HEAD.size : following])))
        self._behind_row = following

    def _learn_ending(self, end: int) -> None:
        if self._usual is not None and self._failure is None and len(self._rows) == 1:
            self._usual.ending = bytes(self._got[self._behind_row : end])

    def _is_over(self, status: int) -> bool:
        """Whether nothing more comes: a transaction of its own has ended, by a roll-back if it failed."""
        if not self._is_answered:
            # The end of something that was asked before. Nobody can tell whose answers are still to come.
            self._transport.abort()
            return False
        if status == _ENDED or not self._frame.abandoning:
            return True
        self._statements.give_up()
        self._transport.write(wire.once(self._frame.abandoning))
        return False

    def _land(self, rest: bytes) -> None:
        self._transport.set_protocol(self._owner)
        if rest:
            self._owner.data_received(rest)
        if self._landed is not None and not self._landed.done():
            self._landed.set_result(self._failure)
