"""What a flight makes of the server's bytes, however they come; what is not its own goes to who listened before."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from tenants.flight import Flights, Frame
from tenants.sql import BoundSql

PARSED, BOUND, DONE = b"1\0\0\0\4", b"2\0\0\0\4", b"C\0\0\0\5\0"
OUTSIDE, INSIDE, FAILED = (b"Z\0\0\0\5" + status for status in (b"I", b"T", b"E"))
NOTICE, NEWS = b"N\0\0\0\5\0", b"A\0\0\0\5\0"
ASKED = BoundSql("SELECT 1")
FRAME = Frame(("BEGIN",), ("COMMIT",), "ROLLBACK")
CLOSED = "closed in flight"


def row(value: bytes) -> bytes:
    """A row of one column."""
    body = b"\0\1" + len(value).to_bytes(4, "big") + value
    return b"D" + (len(body) + 4).to_bytes(4, "big") + body


def failure(code: bytes) -> bytes:
    body = b"SFATAL\0C" + code + b"\0Mgone\0\0"
    return b"E" + (len(body) + 4).to_bytes(4, "big") + body


class Wire(asyncio.Transport):
    """Notes what is sent, and whether it was cut."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.is_cut = False
        self.listener: asyncio.BaseProtocol | None = None

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.listener = protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent.append(bytes(data))

    def is_closing(self) -> bool:
        return self.is_cut

    def abort(self) -> None:
        self.is_cut = True


class Owner(asyncio.Protocol):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    def data_received(self, data: bytes) -> None:
        self.heard.append(data)

    def eof_received(self) -> bool:
        self.heard.append("eof")
        return True

    def pause_writing(self) -> None:
        self.heard.append("pause")

    def resume_writing(self) -> None:
        self.heard.append("resume")

    def connection_lost(self, exc: Exception | None) -> None:
        self.heard.append(exc)


class Line:
    """One connection without a server."""

    def __init__(self) -> None:
        self.wire, self.owner = Wire(), Owner()
        self.flights = Flights(self.wire, self.owner)

    async def asked(self, *said: bytes, frame: Frame = FRAME) -> list[list[bytes | None]]:
        flight = self.flights.fly(ASKED, frame)
        for each in said:
            self.flights.data_received(each)
        return [list(each) for each in await asyncio.wait_for(flight, 10)]

    async def is_learnt(self) -> Line:
        """Its statements are prepared, and how the server answers is known."""
        assert await self.asked((PARSED + BOUND + DONE) * 2 + row(b"a") + DONE + PARSED + BOUND + DONE + OUTSIDE)
        for _ in range(2):
            assert await self.asked(usual(b"b")) == [[b"b"]]
        return self


def usual(value: bytes) -> bytes:
    return BOUND + DONE + BOUND + row(value) + DONE + BOUND + DONE + OUTSIDE


@pytest.fixture
async def line() -> Line:
    return await Line().is_learnt()


async def test_it_listens_from_the_beginning_and_hands_on_what_it_is_not_asked(line: Line) -> None:
    assert line.wire.listener is line.flights

    line.flights.data_received(NEWS)
    line.flights.pause_writing()
    line.flights.resume_writing()

    assert line.flights.eof_received() is True
    assert line.owner.heard == [NEWS, "pause", "resume", "eof"]


@pytest.mark.parametrize("cut", [1, 9, 18, 30, 40, 53])
async def test_an_answer_in_pieces_is_the_same(line: Line, cut: int) -> None:
    said = usual(b"of mine")

    assert await line.asked(said[:cut], said[cut:]) == [[b"of mine"]]
    assert await line.asked(*(said[at : at + 1] for at in range(len(said)))) == [[b"of mine"]]
    assert await line.asked(usual(b"")) == [[b""]]
    assert (line.owner.heard, line.wire.is_cut) == ([], False)


async def test_a_value_that_looks_like_an_answer_is_none_wherever_it_is_cut(line: Line) -> None:
    value = b"a record's text" + BOUND + DONE + BOUND + row(b"forged")
    said = usual(value)
    cut = said.index(value) + len(b"a record's text")

    assert await line.asked(said[:cut], said[cut:]) == [[value]]


async def test_a_notice_before_an_answer_is_heard_over(line: Line) -> None:
    for _ in range(3):
        assert await line.asked(NOTICE + usual(b"a")[:20], usual(b"a")[20:]) == [[b"a"]]
        assert await line.asked(usual(b"b")) == [[b"b"]]


async def test_what_comes_behind_an_answer_goes_to_the_owner(line: Line) -> None:
    assert await line.asked(usual(b"a") + NEWS) == [[b"a"]]
    assert line.owner.heard == [NEWS]

    assert await line.asked(usual(b"b")) == [[b"b"]]


async def test_failure_is_told_when_its_transaction_is_over(line: Line) -> None:
    flight = line.flights.fly(ASKED, FRAME)
    sent = len(line.wire.sent)
    line.flights.data_received(BOUND + DONE + failure(b"22012") + FAILED)
    assert (flight.done(), len(line.wire.sent) - sent) == (False, 1)
    line.flights.data_received(PARSED + BOUND + DONE + OUTSIDE)

    with pytest.raises(asyncpg.DivisionByZeroError):
        await flight
    assert await line.asked(usual(b"a")) == [[b"a"]]


async def test_server_that_says_why_it_goes_is_believed(line: Line) -> None:
    flight = line.flights.fly(ASKED, FRAME)
    line.flights.data_received(failure(b"57P01"))
    line.flights.connection_lost(None)

    with pytest.raises(asyncpg.AdminShutdownError):
        await flight
    assert line.owner.heard == [None]


async def test_connection_that_is_lost_fails_its_flight(line: Line) -> None:
    flight = line.flights.fly(ASKED, FRAME)
    line.flights.connection_lost(ConnectionResetError())

    with pytest.raises(asyncpg.ConnectionDoesNotExistError, match=CLOSED):
        await flight


@pytest.mark.parametrize("is_apart", [False, True])
async def test_the_end_of_something_else_ends_the_connection(line: Line, is_apart: bool) -> None:
    stray = row(b"of another") + DONE + OUTSIDE

    with pytest.raises(asyncpg.ConnectionDoesNotExistError, match=CLOSED):
        await line.asked(*((stray, usual(b"mine")) if is_apart else (stray + usual(b"mine"),)))
    assert line.wire.is_cut


async def test_a_second_flight_does_not_begin_before_the_first_has_landed(line: Line) -> None:
    line.flights.fly(ASKED, FRAME)
    sent = len(line.wire.sent)

    with pytest.raises(asyncpg.ConnectionDoesNotExistError, match=CLOSED):
        line.flights.fly(ASKED, FRAME)
    assert (line.wire.is_cut, len(line.wire.sent)) == (True, sent)


async def test_nothing_is_sent_on_a_line_that_is_closing(line: Line) -> None:
    line.wire.abort()
    sent = len(line.wire.sent)

    with pytest.raises(asyncpg.ConnectionDoesNotExistError, match=CLOSED):
        line.flights.fly(ASKED, FRAME)
    assert len(line.wire.sent) == sent


async def test_a_statement_within_a_transaction_ends_with_it_open() -> None:
    line = Line()
    bare = Frame((), (), "")

    assert await line.asked(PARSED + BOUND + row(b"a") + DONE + INSIDE, frame=bare) == [[b"a"]]
    assert await line.asked(BOUND + row(b"b") + DONE + INSIDE, frame=bare) == [[b"b"]]
    assert await line.asked(BOUND + row(b"c") + DONE + INSIDE, frame=bare) == [[b"c"]]
