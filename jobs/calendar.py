"""What happens again and again, and which turn of it is due. Pure.

A turn that was missed because nothing ran is not made up for: what happens looks at the state of things, not at the
turn, so the next turn does what several would have done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.messages import Message

# How often a scheduler looks at the calendar.
TICK = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Periodic:
    """One line of the calendar: a message to every tenant of a cell, or without one a chore of the cell itself."""

    job: str
    every: timedelta
    message: Message | None = None

    def turn(self, now: datetime) -> datetime:
        """The last turn at or before this moment."""
        seconds = self.every.total_seconds()
        return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
