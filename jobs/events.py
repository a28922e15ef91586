"""Actors of events: what happened to records is given to whoever subscribed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import events
from services.events import RecordEvent

if TYPE_CHECKING:
    from jobs.actor import Run


async def deliver(run: Run, event: RecordEvent) -> None:
    """Records were written."""
    await run.write(lambda work: events.deliver(work, event))


for event_type in sorted(set(events.EVENTS.values()), key=lambda each: each.name):
    actor(event_type)(deliver)
