"""GraphQL inputs and payloads of uploads; plain fields, no resolver."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.types.repeating import RepeatableInput, RepeatablePayload


@strawberry.input
class CreateUploadInput(RepeatableInput):
    """A file that is to come, and the field that it is for."""

    object: str
    field: str
    name: str
    size: int = strawberry.field(description="In bytes, as many as will come.")
    media_type: str = strawberry.field(description="Such as `application/pdf`; what comes must be that.")


@strawberry.type
class CreateUploadPayload(RepeatablePayload):
    """Where the bytes go, by `PUT`. The file is then given to its field by `fileId`, within a day."""

    file_id: strawberry.ID | None
    url: str | None
    expires_at: datetime | None


@strawberry.type
class FileStorage:
    """How much all files of the tenant have together, and may have."""

    used_bytes: str
    max_bytes: str
    max_file_bytes: str
    files: int
