from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from starlette.requests import ClientDisconnect

from resolvers.bodies import read_body, receive_body
from resolvers.errors import status_of
from resolvers.refusals import BodyTooLarge, BodyTooSlow, MalformedRequest
from tenants.settings import LimitSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from starlette.types import Message

    Read: TypeAlias = Callable[[AsyncIterator[bytes], LimitSettings], Coroutine[Any, Any, bytes]]

LIMITS = LimitSettings(body_bytes=5, body_seconds=1)


def as_messages(chunks: AsyncIterator[bytes], limits: LimitSettings) -> Coroutine[Any, Any, bytes]:
    """The same body, as ASGI tells it."""

    async def receive() -> Message:
        try:
            return {"type": "http.request", "body": await anext(chunks), "more_body": True}
        except StopAsyncIteration:
            return {"type": "http.request"}
        except ClientDisconnect:
            return {"type": "http.disconnect"}

    return receive_body(receive, limits)


both_ways = pytest.mark.parametrize("read", [read_body, as_messages])


async def arriving(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def dawdling(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        await asyncio.sleep(0)
        yield chunk


async def never_ending() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.Event().wait()


async def breaking_off() -> AsyncIterator[bytes]:
    yield b"{"
    raise ClientDisconnect


@both_ways
async def test_body_of_the_largest_size_is_read_whole(read: Read) -> None:
    assert await read(arriving(b"ab", b"", b"cde"), LIMITS) == b"abcde"


@both_ways
async def test_body_that_takes_its_time_is_read_whole(read: Read) -> None:
    assert await read(dawdling(b"ab", b"cde"), LIMITS) == b"abcde"


@both_ways
async def test_larger_body_is_refused(read: Read) -> None:
    with pytest.raises(BodyTooLarge) as caught:
        await read(arriving(b"abc", b"def"), LIMITS)

    assert (status_of(caught.value), caught.value.details) == (413, {"max": 5})


@both_ways
async def test_body_that_does_not_end_is_not_waited_for(read: Read) -> None:
    with pytest.raises(BodyTooSlow) as caught:
        await read(never_ending(), LimitSettings(body_seconds=0))

    assert (status_of(caught.value), caught.value.details) == (408, {"seconds": 0})


@both_ways
async def test_body_that_breaks_off_is_no_defect_of_ours(read: Read) -> None:
    with pytest.raises(MalformedRequest):
        await read(breaking_off(), LIMITS)


@both_ways
async def test_whoever_reads_a_body_that_does_not_come_is_told_when_the_server_stops(read: Read) -> None:
    ended: list[str] = []

    async def open_until_told() -> AsyncIterator[bytes]:
        try:
            yield b"{"
            await asyncio.Event().wait()
        finally:
            ended.append("told")

    reading = asyncio.create_task(read(open_until_told(), LIMITS))
    await asyncio.sleep(0)

    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading
    assert ended == ["told"]


async def test_body_that_comes_in_one_piece_is_not_copied() -> None:
    piece = b"abcde"

    async def receive() -> Message:
        return {"type": "http.request", "body": piece}

    assert await receive_body(receive, LIMITS) is piece
