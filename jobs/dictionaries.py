"""The actor of dictionaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import dictionaries
from services.dictionaries import MergeEntries

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(MergeEntries)
async def merge(run: Run, message: MergeEntries) -> None:
    """One entry of a dictionary was merged into another one."""
    await dictionaries.merge_records(run, message)
