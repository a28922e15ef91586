"""GraphQL inputs and payloads of changing a field's type; plain fields, no resolver."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.types.impact import Usage
from schema.types.metadata import ChoiceInput, FieldOptionsInput
from schema.types.repeating import RepeatableInput, RepeatablePayload


@strawberry.input
class FieldTypePreviewInput:
    """What a field is to become. Without choices, a field of choices gets one for each value that there is."""

    object: str
    field: str
    type: str
    options: FieldOptionsInput | None = None
    choices: list[ChoiceInput] | None = None


@strawberry.type
class FieldTypeExample:
    """A record whose value does not fit the new type; the value as you may see it."""

    record_id: strawberry.ID
    value: str | None
    code: str


@strawberry.type
class FieldTypePreview:
    """What a change would come to, counted over all records, deleted ones too."""

    fits: int
    unfit: int
    empty: int
    is_exact: bool = strawberry.field(description="False where only the 50,000 most frequent values were looked at.")
    examples: list[FieldTypeExample]
    choices: list[str] = strawberry.field(description="The labels that a field of choices would have.")
    dropped_options: list[str] = strawberry.field(description="Options that the new type does not take over.")
    usages: list[Usage]


@strawberry.input
class ChangeFieldTypeInput(RepeatableInput):
    """What a field becomes, and what happens to values that do not fit."""

    object: str
    field: str
    type: str
    if_version: int | None = None
    options: FieldOptionsInput | None = None
    choices: list[ChoiceInput] | None = None
    clear: bool = strawberry.field(
        default=False, description="Values that do not fit are empty from then on; without it they are refused."
    )
    confirm: bool = strawberry.field(default=False, description="Go on though something that uses the field breaks.")


@strawberry.input
class UndoFieldTypeInput(RepeatableInput):
    """The field whose last change of type is taken back."""

    object: str
    field: str
    clear: bool = strawberry.field(
        default=False, description="Values written since that do not fit are empty from then on."
    )
    confirm: bool = False


@strawberry.type
class FieldTypePayload(RepeatablePayload):
    """The change; `field` is of its new type when the job is done, at once where there is none."""

    id: strawberry.ID | None
    object: str | None
    field: str | None
    job: strawberry.ID | None
    cleared: int | None


@strawberry.type
class ChangeFieldTypePayload(FieldTypePayload):
    """The change that was made or has begun."""


@strawberry.type
class UndoFieldTypePayload(FieldTypePayload):
    """The change that takes the last one back."""


@strawberry.type
class FieldTypeChange:
    """A change of a field's type: `converting`, `done`, `failed`, `undone`, or `dropped` with what it kept."""

    id: strawberry.ID
    object: str
    field: str
    state: str
    from_type: str
    to_type: str
    cleared: int
    job: strawberry.ID | None
    created_at: datetime
    kept_until: datetime | None = strawberry.field(description="Until then it can be taken back.")
