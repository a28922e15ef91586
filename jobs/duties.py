"""The scheduler process: for every cell the relay, the sequencer, the calendar and the signing of audit heads.

Any number of these processes may run. Each duty is woken by a hint after a commit and looks by itself every second.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

from jobs import broker as brokers
from jobs import heads
from jobs.calendar import TICK
from jobs.loops import PASSING, first_of, repeat
from jobs.relay import Post, Relay
from jobs.scheduler import Scheduler
from jobs.sequencer import Sequencer
from tenants.installation import Installation

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.settings import Settings

POLL_SECONDS = 1.0
# How often new cells are looked for.
_CELLS_SECONDS = 30.0
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Duties:
    """What one process does for all cells."""

    installation: Installation
    post: Post
    stop: asyncio.Event
    holder: UUID = field(default_factory=uuid4)
    _wakes: dict[str, tuple[asyncio.Event, ...]] = field(default_factory=dict)

    async def serve(self) -> None:
        """Until `stop`; what was begun is ended."""
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(self._listen(), name="hints")
            while not self.stop.is_set():
                for cell in await self._new_cells():
                    tasks.create_task(self._serve_cell(cell), name=f"cell {cell}")
                await first_of(self.stop, seconds=_CELLS_SECONDS)
            listening.cancel()

    async def _new_cells(self) -> list[str]:
        try:
            return [cell for cell in await self.installation.catalog.cells() if cell not in self._wakes]
        except PASSING as failure:
            _log.warning("duties.catalog_unreachable", reason=type(failure).__name__)
            return []

    async def _serve_cell(self, cell: str) -> None:
        relay = Relay(self.installation.cells, cell=cell, holder=self.holder)
        sequencer = Sequencer(self.installation.cells, self.installation.catalog, cell, self.holder)
        scheduler = Scheduler(self.installation.cells, self.installation.catalog, cell, self.installation.clock)
        relay_wake, sequencer_wake, never = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._wakes[cell] = (relay_wake, sequencer_wake)
        _log.info("duties.cell", cell=cell)

        async def tick() -> None:
            if await scheduler.tick():
                relay_wake.set()

        async def sequence() -> bool:
            return bool(await sequencer.sequence()) or sequencer.is_behind

        async def sign() -> None:
            moved = sequencer.take_moved()
            try:
                await heads.across_tenants_sign(self.installation.catalog, self.installation.audit_key, moved)
            except PASSING:
                sequencer.give_back(moved)
                raise

        loops = (
            repeat(lambda: relay.relay(self.post), name="relay", seconds=POLL_SECONDS, stop=self.stop, wake=relay_wake),
            repeat(sequence, name="sequencer", seconds=POLL_SECONDS, stop=self.stop, wake=sequencer_wake),
            repeat(tick, name="scheduler", seconds=TICK.total_seconds(), stop=self.stop, wake=never),
            repeat(sign, name="heads", seconds=heads.EVERY_SECONDS, stop=self.stop, wake=never),
        )
        await asyncio.gather(*loops)
        with suppress(*PASSING):
            await sign()
            await sequencer.resign()

    async def _listen(self) -> None:
        """Hints come or do not; when the connection ends, another is made."""
        while True:
            async for cell, _ in self.installation.hints.listen():
                for wake in self._wakes.get(cell, ()):
                    wake.set()
            await first_of(self.stop, seconds=POLL_SECONDS)


async def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Installation.open(settings) as installation:
        post = Post(brokers.make_broker(settings.broker))
        try:
            _log.info("scheduler.ready")
            await Duties(installation, post, stop).serve()
        finally:
            post.close()
    _log.info("scheduler.stopped")
