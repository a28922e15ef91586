"""What follow-ups send to the background."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.messages import Message


@dataclass(frozen=True, slots=True)
class RemindFollowUp(Message):
    """Look whether a customer waits for a follow-up, and remind if so."""

    name = "follow_ups.remind"

    customer_id: UUID
