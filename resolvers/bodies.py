"""The body of a request: read up to a size and within a time. A caller who dawdles or goes away is let go quietly.

Nothing of a connection is trusted to end by itself: hundreds of bodies that never come keep as many connections.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

from starlette.requests import ClientDisconnect

from resolvers.refusals import BodyTooLarge, BodyTooSlow, MalformedRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Coroutine, Generator

    from starlette.types import Receive

    from tenants.settings import LimitSettings

_GONE = "http.disconnect"


def read_body(chunks: AsyncIterable[bytes], limits: LimitSettings) -> Coroutine[Any, Any, bytes]:
    """The whole body; a fault if it is too large, too slow, or breaks off. To be awaited at once."""
    return _in_time(gathered(chunks, limits.body_bytes), limits.body_seconds)


def receive_body(receive: Receive, limits: LimitSettings) -> Coroutine[Any, Any, bytes]:
    """The same, as ASGI tells it."""
    return _in_time(_received(receive, limits.body_bytes), limits.body_seconds)


class Chunks:
    """The pieces of a body as ASGI tells them. No generator, which asyncio keeps a list of."""

    __slots__ = ("_is_over", "_receive")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_over = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if self._is_over:
            raise StopAsyncIteration
        message = await self._receive()
        if message["type"] == _GONE:
            raise ClientDisconnect
        self._is_over = not message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body


async def gathered(chunks: AsyncIterable[bytes], most: int) -> bytes:
    """All of it, if it is no more than that."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise BodyTooLarge(max=most)
        parts.append(chunk)
    return b"".join(parts)


async def _received(receive: Receive, most: int) -> bytes:
    # As `gathered` does it with `Chunks`, written out: every request comes through here, nearly always in one piece.
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == _GONE:
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most:
            raise BodyTooLarge(max=most)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


async def _in_time(gathering: Coroutine[Any, None, bytes], seconds: int) -> bytes:
    try:
        try:
            waiting = gathering.send(None)
        except StopIteration as done:
            # Nearly always it is there by now, and a timer would cost more than reading it.
            whole: bytes = done.value
            return whole
        async with asyncio.timeout(seconds):
            return await _Begun(gathering, waiting)
    except TimeoutError:
        raise BodyTooSlow(seconds=seconds) from None
    except ClientDisconnect:
        raise MalformedRequest(reason="the body breaks off") from None


class _Begun:
    """A coroutine that has run until it had to wait; whoever awaits this goes on with it."""

    def __init__(self, begun: Coroutine[Any, None, bytes], waiting: object) -> None:
        self._begun = begun
        self._waiting = waiting

    def __await__(self) -> Generator[Any, None, bytes]:
        try:
            yield self._waiting
        except BaseException as error:
            # The time is up, or the server stops: what waits in there is told, and does not go on.
            self._begun.throw(error)
            raise
        return (yield from self._begun.__await__())
