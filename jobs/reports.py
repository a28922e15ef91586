"""Actors of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import reports
from services.reports import TakeFunnelSnapshot

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(TakeFunnelSnapshot)
async def take_funnel_snapshot(run: Run, _message: TakeFunnelSnapshot) -> None:
    """A new hour began; in some tenants it is a new day."""
    await run.write(reports.take_nightly_funnel_snapshot)
