"""Actors of retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import retention, type_changes
from services.retention import ForgetOld

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(ForgetOld)
async def forget_old(run: Run, _message: ForgetOld) -> None:
    """A new day began."""
    await run.write(retention.forget_old)
    if await run.read(type_changes.are_due):
        await run.define(type_changes.drop_due)
