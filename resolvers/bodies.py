"""The body of a request: read up to a size and within a time. A caller who dawdles or goes away is let go quietly.

Nothing of a connection is trusted to end by itself: hundreds of bodies that never come keep as many connections.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

from resolvers.refusals import BodyTooLarge, BodyTooSlow, MalformedRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterable

    from tenants.settings import LimitSettings


async def read_body(chunks: AsyncIterable[bytes], limits: LimitSettings) -> bytes:
    """The whole body; a fault if it is too large, too slow, or breaks off."""
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await gathered(chunks, limits.body_bytes)
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
