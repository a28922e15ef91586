"""What changes of types hand to the background."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.messages import Message


@dataclass(frozen=True, slots=True)
class ConvertField(Message):
    """Bring the values of a large table into the new column of a field, and exchange the two."""

    type_change_id: UUID
    # The row of table `job` that shows the progress.
    job_id: UUID

    name = "type_changes.convert_field"
