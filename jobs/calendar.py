"""What happens again and again, and which turn of it is due. Pure.

A turn that was missed because nothing ran is not made up for: what happens looks at the state of things, not at the
turn, so the next turn does what several would have done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.messages import Message

# How often a scheduler looks at the calendar.
TICK = timedelta(seconds=5)


class Chore(StrEnum):
    """Things of the platform itself, done by the scheduler in place."""

    CLEAN = "outbox.clean"


@dataclass(frozen=True, slots=True)
class Periodic:
    """One line of the calendar: a chore once per cell, or a message once per tenant."""

    what: Chore | type[Message]
    every: timedelta

    @property
    def job(self) -> str:
        """Its name in the ticks."""
        return self.what.value if isinstance(self.what, Chore) else self.what.name

    def turn(self, now: datetime) -> datetime:
        """The last turn at or before this moment."""
        return datetime.fromtimestamp(now.timestamp() // self.every.total_seconds() * self.every.total_seconds(), UTC)
