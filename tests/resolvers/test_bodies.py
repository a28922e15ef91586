from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from starlette.requests import ClientDisconnect

from resolvers.bodies import read_body
from resolvers.errors import status_of
from resolvers.refusals import BodyTooLarge, BodyTooSlow, MalformedRequest
from tenants.settings import LimitSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LIMITS = LimitSettings(body_bytes=5, body_seconds=1)


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


async def test_body_of_the_largest_size_is_read_whole() -> None:
    assert await read_body(arriving(b"ab", b"", b"cde"), LIMITS) == b"abcde"


async def test_body_that_takes_its_time_is_read_whole() -> None:
    assert await read_body(dawdling(b"ab", b"cde"), LIMITS) == b"abcde"


async def test_larger_body_is_refused() -> None:
    with pytest.raises(BodyTooLarge) as caught:
        await read_body(arriving(b"abc", b"def"), LIMITS)

    assert (status_of(caught.value), caught.value.details) == (413, {"max": 5})


async def test_body_that_does_not_end_is_not_waited_for() -> None:
    with pytest.raises(BodyTooSlow) as caught:
        await read_body(never_ending(), LimitSettings(body_seconds=0))

    assert (status_of(caught.value), caught.value.details) == (408, {"seconds": 0})


async def test_body_that_breaks_off_is_no_defect_of_ours() -> None:
    with pytest.raises(MalformedRequest):
        await read_body(breaking_off(), LIMITS)


async def test_whoever_reads_a_body_that_does_not_come_is_told_when_the_server_stops() -> None:
    ended: list[str] = []

    async def open_until_told() -> AsyncIterator[bytes]:
        try:
            yield b"{"
            await asyncio.Event().wait()
        finally:
            ended.append("told")

    reading = asyncio.create_task(read_body(open_until_told(), LIMITS))
    await asyncio.sleep(0)

    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading
    assert ended == ["told"]
