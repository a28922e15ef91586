"""The body of a request: read up to a size and within a time. A caller who dawdles or goes away is let go quietly.

Nothing of a connection is trusted to end by itself: hundreds of bodies that never come keep as many connections.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect

from resolvers.refusals import BodyTooLarge, BodyTooSlow, MalformedRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Coroutine, Generator

    from tenants.settings import LimitSettings


async def read_body(chunks: AsyncIterable[bytes], limits: LimitSettings) -> bytes:
    """The whole body; a fault if it is too large, too slow, or breaks off."""
    gathering = gathered(chunks, limits.body_bytes)
    try:
        try:
            waiting = gathering.send(None)
        except StopIteration as done:
            # Nearly always it is there by now, and a timer would cost more than reading it.
            whole: bytes = done.value
            return whole
        async with asyncio.timeout(limits.body_seconds):
            return await _Begun(gathering, waiting)
    except TimeoutError:
        raise BodyTooSlow(seconds=limits.body_seconds) from None
    except ClientDisconnect:
        raise MalformedRequest(reason="the body breaks off") from None


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
