"""Actors of follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import follow_ups
from services.follow_ups import RemindFollowUp

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(RemindFollowUp)
async def remind(run: Run, message: RemindFollowUp) -> None:
    """A customer's timer fired."""
    await run.write(lambda work: follow_ups.remind(work, message.customer_id))
