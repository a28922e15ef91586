"""What a message to the background is: a frozen dataclass with a public name, owned by the service that handles it.

Messages carry ids, never rows, and every field added later has a default. Names are `noun.verb` and public API.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import ClassVar, Self
from uuid import UUID

# The names of the queues. Somebody waits for what is in the first; the second is for what the calendar brings.
DEFAULT = "default"
BULK = "bulk"
# Nobody waits for what is in this one, so that no relay sends it. It is for events, see `services.events.queue_of`.
UNAWAITED = "unawaited"


@dataclass(frozen=True, slots=True)
class Message:
    """Base of all messages."""

    name: ClassVar[str]
    queue: ClassVar[str] = DEFAULT

    def payload(self) -> str:
        """Canonical JSON of the fields; ids as text."""
        return json.dumps(asdict(self), default=str, sort_keys=True, ensure_ascii=False)

    @classmethod
    def parse(cls, payload: dict[str, object]) -> Self:
        """Back from JSON. Unknown keys of a newer version are ignored, missing ones take their default."""
        known = {field.name: field.type for field in fields(cls)}
        return cls(**{
            key: UUID(str(value)) if known[key] in {"UUID", UUID} else value
            for key, value in payload.items()
            if key in known
        })
