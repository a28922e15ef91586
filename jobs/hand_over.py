"""Actors of hand-over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import hand_over
from services.hand_over import MoveRecords, ReturnRecords

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(MoveRecords)
async def move(run: Run, message: MoveRecords) -> None:
    """A hand-over was asked for."""
    await hand_over.move(run, message)


@actor(ReturnRecords)
async def give_back(run: Run, message: ReturnRecords) -> None:
    """A hand-over is to be taken back."""
    await hand_over.give_back(run, message)
