"""GraphQL types of what it would mean to retire or destroy an object or a field; plain fields, no resolver."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.types.repeating import RepeatableInput, RepeatablePayload


@strawberry.type
class Usage:
    """One thing that uses it, under the name by which an administrator finds it."""

    kind: str
    name: str
    id: strawberry.ID | None
    breaks: bool = strawberry.field(description="Whether it no longer does what it does now.")


@strawberry.type
class Impact:
    """What retiring would mean, or destroying what is retired. All records count, deleted ones too."""

    usages: list[Usage]
    records: int
    values: int | None = strawberry.field(
        description="Records that have a value in the field; null for whoever may not read it."
    )
    pointing: list[str] = strawberry.field(description="Relations of other objects that point at the object.")
    retired_at: datetime | None
    destroyable_from: datetime | None


@strawberry.input
class DestroyFieldInput(RepeatableInput):
    """The retired field that goes with its values; `confirm` is its name."""

    object: str
    field: str
    confirm: str


@strawberry.input
class DestroyObjectInput(RepeatableInput):
    """The retired object that goes with its records; `confirm` is its name."""

    object: str
    confirm: str


@strawberry.type
class DestroyFieldPayload(RepeatablePayload):
    """The id that the `fieldDefinition` keeps."""

    id: strawberry.ID | None


@strawberry.type
class DestroyObjectPayload(RepeatablePayload):
    """The id that the `objectDefinition` keeps."""

    id: strawberry.ID | None
