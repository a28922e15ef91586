"""GraphQL inputs and payloads of uploads; plain fields, no resolver."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.sdl.scalars import Upload
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


@strawberry.input
class UploadFileInput(RepeatableInput):
    """A file that comes with this very request, and the field that it is for."""

    object: str
    field: str
    file: Upload | None = strawberry.field(
        default=None, description="The part of the request; it has to be there, by way of a variable."
    )
    name: str | None = strawberry.field(default=None, description="What it is called; without it, as its part says.")
    media_type: str | None = strawberry.field(
        default=None, description="Such as `application/pdf`; without it, what its part says."
    )


@strawberry.type
class UploadFilePayload(RepeatablePayload):
    """The file that came. It is given to its field by `fileId`, within a day."""

    file_id: strawberry.ID | None
    name: str | None
    size: str | None
    media_type: str | None
    state: str | None


@strawberry.type
class FileStorage:
    """How much all files of the tenant have together, and may have."""

    used_bytes: str
    max_bytes: str
    max_file_bytes: str
    files: int
