"""What dictionaries hand to the background."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.messages import Message


@dataclass(frozen=True, slots=True)
class MergeEntries(Message):
    """Give the records that hold one entry of a dictionary the entry that it was merged into."""

    entry_id: UUID
    # The row of table `job` that shows the progress.
    job_id: UUID

    name = "dictionaries.merge"
