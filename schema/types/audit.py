"""GraphQL inputs and payloads of audit; plain fields, no resolver."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from schema.types.repeating import RepeatableInput, RepeatablePayload


@strawberry.enum
class AuditFormat(Enum):
    """How the file is written: with commas, or one JSON object a line."""

    CSV = "csv"
    JSONL = "jsonl"


@strawberry.input
class ExportAuditEntriesInput(RepeatableInput):
    """Which entries, in the order of their numbers; missing means any."""

    format: AuditFormat
    since: datetime | None = None
    until: datetime | None = None
    principal_id: strawberry.ID | None = None
    action: str | None = None
    object_name: str | None = None
    record_id: strawberry.ID | None = None
    after_seq: int = strawberry.field(default=0, description="Go on behind `lastSeq` of the file before.")
    first: int = strawberry.field(default=10_000, description="10,000 at most.")


@strawberry.type
class ExportAuditEntriesPayload(RepeatablePayload):
    """The file; `isComplete` says whether there is nothing more behind it."""

    text: str | None
    count: int | None
    is_complete: bool | None
    last_seq: int | None
