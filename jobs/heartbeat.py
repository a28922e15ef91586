"""Says every second that the runs of this process are alive, with one statement for each cell that has some."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import asyncpg
import structlog

from jobs import attempts
from jobs.loops import PASSING
from tenants.cells import RELAY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from uuid import UUID

    from tenants.cell_sessions import CellSessions

_log = structlog.get_logger(__name__)


class Heartbeat:
    """Used by one event loop; its task lives from `start` to `stop`."""

    def __init__(
        self,
        cells: CellSessions,
        *,
        seconds: float = attempts.BEAT.total_seconds(),
        died: Callable[[], None] = lambda: None,
    ) -> None:
        self._cells = cells
        self._seconds = seconds
        self._died = died
        self._running: dict[str, set[UUID]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to beat."""
        self._task = asyncio.get_running_loop().create_task(self._beat_for_ever(), name="heartbeat")
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """No run is left. A defect that ended it before is raised here."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @asynccontextmanager
    async def alive(self, cell: str, message_id: UUID) -> AsyncIterator[None]:
        """As long as this block runs, the message's lease is renewed."""
        self._running[cell].add(message_id)
        try:
            yield
        finally:
            self._running[cell].discard(message_id)

    async def beat(self) -> None:
        """Renew all leases once."""
        for cell, running in list(self._running.items()):
            if running:
                try:
                    await self._cells.execute(cell, RELAY, attempts.beat(sorted(running)))
                except (*PASSING, asyncpg.PostgresError) as failure:
                    # The run itself will notice; if the database is well again in time, nothing was lost.
                    _log.warning("heartbeat.missed", cell=cell, reason=type(failure).__name__)

    async def _beat_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            await self.beat()

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (defect := task.exception()) is not None:
            # Without a beat every run of this process is soon given to somebody else while it still goes on here.
            _log.critical("heartbeat.died", exc_info=defect)
            self._died()
