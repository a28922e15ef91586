"""Takes the turns of the calendar for one cell: messages for every tenant, or the cell's own cleaning.

Any number of schedulers may run. The row of a turn and the messages that it causes stand in one transaction, so a turn
happens once, whole, or not yet. Cleaning follows its row in many short ones; what it leaves the next turn finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from jobs import attempts, ticks
from jobs.calendar import Periodic
from services.audit_checks import CheckAudit
from services.files import SweepFiles
from services.reports import TakeFunnelSnapshot
from services.retention import ForgetOld
from services.secrets import SealAnew
from tenants.cells import RELAY
from tenants.clock import monotonic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.catalog import Catalog
    from tenants.cell_sessions import CellSessions
    from tenants.clock import Clock

CLEANING = "outbox.clean"
CALENDAR = (
    Periodic(CLEANING, timedelta(hours=1)),
    # Every hour, because midnight is at another hour in another zone; the verb knows whether the day's is taken.
    Periodic(TakeFunnelSnapshot.name, timedelta(hours=1), TakeFunnelSnapshot()),
    Periodic(ForgetOld.name, timedelta(days=1), ForgetOld()),
    Periodic(CheckAudit.name, timedelta(days=1), CheckAudit()),
    Periodic(SweepFiles.name, timedelta(days=1), SweepFiles()),
    Periodic(SealAnew.name, timedelta(days=1), SealAnew()),
)
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Scheduler:
    """One of the schedulers of a cell."""

    cells: CellSessions
    catalog: Catalog
    cell: str
    clock: Clock
    calendar: Sequence[Periodic] = CALENDAR
    # How long a cleaning may go on, and how many rows it takes at once.
    cleaning_seconds: float = 60.0
    clean_at_once: int = attempts.CLEAN_AT_ONCE
    # Turns that this process knows to be taken, by itself or another; saves asking again at every tick.
    _known: dict[str, datetime] = field(default_factory=dict)

    async def tick(self) -> list[str]:
        """Take the turns that are due and not taken yet; answers their names."""
        now = self.clock()
        taken = []
        for periodic in self.calendar:
            turn = periodic.turn(now)
            if self._known.get(periodic.job) != turn:
                if await self._take(periodic, turn):
                    taken.append(periodic.job)
                self._known[periodic.job] = turn
        return taken

    async def _take(self, periodic: Periodic, turn: datetime) -> bool:
        async with self.cells.begin(self.cell, RELAY) as session:
            if await session.row(ticks.take(periodic.job, turn)) is None:
                return False
            if periodic.message is not None:
                placements = await self.catalog.each_active_placement(self.cell)
                schemas = [placement.schema for placement in placements]
                await session.execute(ticks.put_for_each(schemas, periodic.message))
        if periodic.message is None:
            await self._clean()
        _log.info("scheduler.turn", cell=self.cell, job=periodic.job, at=turn.isoformat())
        return True

    async def _clean(self) -> None:
        """As long as there may be more, in transactions of their own: a day may bring more than one statement may take."""
        until = monotonic() + self.cleaning_seconds
        for statement in attempts.clean(at_once=self.clean_at_once):
            while await self.cells.execute(self.cell, RELAY, statement) >= self.clean_at_once:
                if monotonic() >= until:
                    _log.warning("scheduler.cleaning_unfinished", cell=self.cell)
                    break
