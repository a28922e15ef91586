"""Something done again and again: at once when woken, else after a while, and still after the database was away."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import structlog

from tenants.connection import CONNECTION_FAILURES
from tenants.errors import Unavailable
from tenants.transactions import TookTooLong

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

# What passes by itself: servers that restart, locks and statements that took long, a standby that was promoted. Of a
# statement that took long a tenant's transaction speaks as `TookTooLong`, a cell's as PostgreSQL does.
PASSING = (
    Unavailable,
    TookTooLong,
    *CONNECTION_FAILURES,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.QueryCanceledError,
    asyncpg.ReadOnlySQLTransactionError,
)
_log = structlog.get_logger(__name__)


async def repeat(
    turn: Callable[[], Awaitable[object]], *, name: str, seconds: float, stop: asyncio.Event, wake: asyncio.Event
) -> None:
    """Take turns until `stop`. A turn that did something is followed by the next at once."""
    while not stop.is_set():
        wake.clear()
        try:
            busy = bool(await turn())
        except PASSING as failure:
            _log.warning("loop.failed", loop=name, reason=type(failure).__name__)
            busy = False
            await first_of(stop, seconds=seconds)
        if not busy:
            await first_of(stop, wake, seconds=seconds)


async def first_of(*events: asyncio.Event, seconds: float) -> None:
    """Wait for one of the events, at most so long."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
