"""A whole read in one round trip: the opening, one statement and the end go out together and are answered together.

asyncpg waits for each answer before it sends the next message. In flight its transport is ours: until the server has said
everything the answers stay here, then asyncpg goes on as if nothing had been. Only the extended protocol is spoken, and
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

    def row(self, data: bytes) -> Row | None:
        """The row of an answer that came in one piece and is as always; nothing if anything is otherwise."""
        prelude, ending = self.prelude, self.ending
        if ending and data.startswith(prelude) and data.endswith(ending):
            return wire.only_row(data, len(prelude), len(data) - len(ending))
        return None


class _Statements:
    """What one connection has prepared, by text, and the messages that use it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._names: OrderedDict[str, str] = OrderedDict()
        self._made = 0
        # Texts that the present flight prepares, in order, until the server has said so.
        self._preparing: list[tuple[str, str]] = []
        # What the server may forget; told it with the next message that goes.
        self._closing = b""
        # The messages of frames in which everything is prepared.
        self._frames: dict[Frame, tuple[bytes, bytes]] = {}

    def usual(self, statement: BoundSql, frame: Frame) -> bytes | None:
        """Everything that is sent for one flight that only uses what is there, so that the server answers it as it always does.

        Nothing if there is anything to be prepared or let go.
        """
        around, name = self._frames.get(frame), self._names.get(statement.text)
        if around is None or name is None or self._closing or len(self._names) > self._most:
            return None
        self._names.move_to_end(statement.text)
        opening, ending = around
        return opening + wire.bind(name, statement.arguments) + wire.EXECUTE + ending

    def message(self, statement: BoundSql, frame: Frame) -> bytes:
        """Everything that is sent for any other."""
        self._preparing = []
        if len(self._names) > self._most:
            self._make_room()
        opening = self._script(frame.opening)
        asked = self._message(statement.text, statement.arguments)
        ending = self._script(frame.ending) + wire.SYNC
        if not self._preparing:
            self._keep(frame, (opening, ending))
        closing, self._closing = self._closing, b""
        return closing + opening + asked + ending

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
    """The flights of one connection, one at a time. What the server says between them goes on to asyncpg."""

    def __init__(
        self, transport: asyncio.Transport, owner: asyncio.Protocol, *, statements: int = _STATEMENTS_KEPT
    ) -> None:
        self._transport = transport
        # Who listened until now: asyncpg's protocol.
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._statements = _Statements(statements)
        # By frame, as it was learnt from the answers before.
        self._known: dict[Frame, _Usual] = {}
        # Of the present flight.
        self._landed: asyncio.Future[list[Row]] | None = None
        self._statement = ""
        self._frame = BARE
        self._usual: _Usual | None = None
        self._hear_anew()
        transport.set_protocol(self)

    def fly(self, statement: BoundSql, frame: Frame = BARE) -> asyncio.Future[list[Row]]:
        """The rows of the statement, once the transaction has ended; the server's first failure otherwise. It is sent now.

        Whoever stops waiting must close the connection: nobody would listen to the rest.
        """
        transport = self._transport
        if self._landed is not None:
            # Of this one nobody awaits the answer any more, and the next would get it.
            transport.abort()
        if transport.is_closing():
            raise asyncpg.ConnectionDoesNotExistError(_CLOSED)
        message = self._statements.usual(statement, frame)
        if message is None:
            message, self._usual = self._statements.message(statement, frame), None
        else:
            self._usual = self._known.get(frame) or self._new(frame)
        self._statement, self._frame = statement.text, frame
        landed = self._landed = self._loop.create_future()
        transport.write(message)
        return landed

    def _new(self, frame: Frame) -> _Usual:
        if len(self._known) >= _FRAMES_KEPT:
            self._known.clear()
        found = self._known[frame] = _Usual()
        return found

    def data_received(self, data: bytes) -> None:
        """Take in what the server says: at once where it is as always, else message by message."""
        if self._landed is None:
            self._owner.data_received(data)
            return
        if self._usual is not None and not self._got:
            row = self._usual.row(data)
            if row is not None:
                self._land([row])
                return
        self._got += data
        self._hear_on()

    def eof_received(self) -> bool | None:
        """Asked of whoever listens; the transport closes unless told otherwise."""
        return self._owner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection ended, perhaps in flight."""
        self._owner.connection_lost(exc)
        if self._landed is not None and not self._landed.done():
            self._landed.set_exception(self._failure or asyncpg.ConnectionDoesNotExistError(_CLOSED))

    def pause_writing(self) -> None:
        """Asked of whoever writes."""
        self._owner.pause_writing()

    def resume_writing(self) -> None:
        """Asked of whoever writes."""
        self._owner.resume_writing()

    def _hear_anew(self) -> None:
        """Nothing of an answer is there yet."""
        self._got = bytearray()
        # How far it was heard.
        self._at = 0
        self._rows: list[Row] = []
        # Where the last of them ends.
        self._behind_row = 0
        self._failure: asyncpg.PostgresError | None = None
        # Whether the server has begun to speak of this flight.
        self._is_answered = False

    def _hear_on(self) -> None:
        usual, got, at = self._usual, self._got, self._at
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
                if not self._is_answered:
                    self._abort()
                    return
                if self._is_over(got[at + HEAD.size]):
                    self._learn_ending(following)
                    self._end(bytes(got[following:]))
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
        if status == _ENDED or not self._frame.abandoning:
            return True
        self._statements.give_up()
        self._transport.write(wire.once(self._frame.abandoning))
        return False

    def _abort(self) -> None:
        """Something that was asked before has ended. Nobody can tell whose answers are still to come."""
        self._transport.abort()
        self._hear_anew()
        self._land([], asyncpg.ConnectionDoesNotExistError(_CLOSED))

    def _end(self, rest: bytes) -> None:
        rows, failure = self._rows, self._failure
        self._hear_anew()
        if failure is not None:
            self._forget_after(failure)
        self._land(rows, failure)
        if rest:
            self._owner.data_received(rest)

    def _forget_after(self, failure: asyncpg.PostgresError) -> None:
        if isinstance(failure, asyncpg.InvalidCachedStatementError):
            self._statements.forget(self._statement)
        elif isinstance(failure, asyncpg.InvalidSQLStatementNameError):
            self._statements.forget_all()

    def _land(self, rows: list[Row], failure: asyncpg.PostgresError | None = None) -> None:
        landed, self._landed = self._landed, None
        if landed is None or landed.done():
            return
        if failure is None:
            landed.set_result(rows)
        else:
            landed.set_exception(failure)
