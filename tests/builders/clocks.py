"""Clocks that stand until they are moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class StandingClock:
    """Answers the same moment each time."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        """Move on: `advance(minutes=5)`."""
        self.now += timedelta(**parts)


class Hours:
    """The same for a monotonic clock, in seconds."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds
