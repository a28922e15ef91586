"""What the demo sends to the background."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.demo.generation import CUSTOMERS
from services.messages import Message


@dataclass(frozen=True, slots=True)
class LoadDemo(Message):
    """Load the rest of the demo company; `end` is the moment at which its story ends, in ISO 8601."""

    name = "demo.load"

    job_id: UUID
    end: str
    customers: int = CUSTOMERS
