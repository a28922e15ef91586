"""What metadata hands to the background."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.messages import Message


@dataclass(frozen=True, slots=True)
class BuildField(Message):
    """Fill the columns of a field that is being built, build its indexes, and open it."""

    field_id: UUID
    # The row of table `job` that shows the progress.
    job_id: UUID
    # Records without a value get the field's default.
    fills: bool = False
    # The column of its unique rule tells what records hold from the start, so its index can stand before they are filled.
    guards: bool = False

    name = "metadata.build_field"


@dataclass(frozen=True, slots=True)
class TellDefault(Message):
    """Tell followers of the feed of each record that a new field's default was given to."""

    object_name: str
    field_name: str
    job_id: UUID

    name = "metadata.tell_default"


@dataclass(frozen=True, slots=True)
class RecalculateField(Message):
    """Compute a derived field anew for every record, and then whatever is derived of it."""

    object_name: str
    field_name: str
    job_id: UUID

    name = "metadata.recalculate_field"
