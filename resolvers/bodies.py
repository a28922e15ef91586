"""The body of a request: read up to a size and within a time. A caller who dawdles or goes away is let go quietly.

Nothing of a connection is trusted to end by itself: hundreds of bodies that never come keep as many connections.
"""

from __future__ import annotations

import asyncio
from types import coroutine
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect

from resolvers.refusals import BodyTooLarge, BodyTooSlow, MalformedRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Coroutine, Generator

    from tenants.settings import LimitSettings


async def read_body(chunks: AsyncIterable[bytes], limits: LimitSettings) -> bytes:
    """The whole body; a fault if it is too large, too slow, or breaks off."""
    gathering = _gathered(chunks, limits.body_bytes)
    try:
        # Nearly every body is there already, and a time limit costs more than reading it.
        waiting = gathering.send(None)
    except StopIteration as done:
        whole: bytes = done.value
        return whole
    except ClientDisconnect:
        raise MalformedRequest(reason="the body breaks off") from None
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _rest(gathering, waiting)
    except TimeoutError:
        raise BodyTooSlow(seconds=limits.body_seconds) from None
    except ClientDisconnect:
        raise MalformedRequest(reason="the body breaks off") from None


@coroutine
def _rest(begun: Coroutine[Any, None, bytes], waiting: object) -> Generator[object, None, bytes]:
    """What a coroutine that waits for something comes to in the end."""
    try:
        while True:
            yield waiting
            waiting = begun.send(None)
    except StopIteration as done:
        whole: bytes = done.value
        return whole
    finally:
        begun.close()


async def _gathered(chunks: AsyncIterable[bytes], most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise BodyTooLarge(max=most)
        parts.append(chunk)
    return b"".join(parts)
