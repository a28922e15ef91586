"""What hand-over sends to the background."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.messages import Message


@dataclass(frozen=True, slots=True)
class MoveRecords(Message):
    """Give the records of one hand-over to their new owners."""

    name = "hand_over.move"

    hand_over_id: UUID
    # The row of table `job` that shows the progress.
    job_id: UUID


@dataclass(frozen=True, slots=True)
class ReturnRecords(Message):
    """Give the records of one hand-over back."""

    name = "hand_over.return"

    hand_over_id: UUID
    job_id: UUID
