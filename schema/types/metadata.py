"""GraphQL inputs and payloads of the verbs that define objects, fields and choices; plain fields, no resolver.

What is defined is read as records: `objectDefinitions { nodes { fields { nodes { choices … } } } }`.
"""

from __future__ import annotations

import strawberry

from schema.metadata.types import OFFERED
from schema.types.repeating import RepeatableInput, RepeatablePayload

_TYPES = " ".join(OFFERED)


@strawberry.input
class LabelInput:
    """Words in Chinese and English. In a change, a language that is left out keeps its words."""

    zh: str | None = None
    en: str | None = None


@strawberry.input
class ChoiceInput:
    """One choice of a new field; without a key one is made from the label."""

    label: LabelInput
    key: str | None = None


@strawberry.input
class FieldOptionsInput:
    """Rules of a field's type. An option that the type does not have is refused; null takes one away."""

    min_length: int | None = strawberry.UNSET
    max_length: int | None = strawberry.UNSET
    min: str | None = strawberry.field(default=strawberry.UNSET, description="A number, or a moment in ISO 8601.")
    max: str | None = strawberry.field(default=strawberry.UNSET, description="A number, or a moment in ISO 8601.")
    scale: int | None = strawberry.field(default=strawberry.UNSET, description="Decimal places.")
    pattern: str | None = strawberry.field(default=strawberry.UNSET, description="Such as `[A-Z]{2}-\\d{4}`.")
    format: str | None = strawberry.field(default=strawberry.UNSET, description="Such as `HT-{yyyy}-{0000}`.")
    sort_key: str | None = strawberry.field(default=strawberry.UNSET, description="`pinyin` sorts by sound.")
    normal_form: str | None = strawberry.field(default=strawberry.UNSET, description="`company` compares loosely.")
    search: bool | None = strawberry.field(default=strawberry.UNSET, description="Whether search looks through it.")
    stars: int | None = strawberry.field(default=strawberry.UNSET, description="How many there are; 5 if left out.")
    symbology: str | None = strawberry.field(
        default=strawberry.UNSET, description="`gtin` takes only codes whose check digit fits."
    )
    expression: str | None = strawberry.field(default=strawberry.UNSET, description="Of a formula: `price * amount`.")
    result: str | None = strawberry.field(
        default=strawberry.UNSET, description="The type that a formula is kept as; that of its expression if left out."
    )
    relation: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Of a roll-up: what this object calls the many side; of a lookup: its relation.",
    )
    function: str | None = strawberry.field(
        default=strawberry.UNSET, description="Of a roll-up: `count`, `sum`, `min`, `max`, `avg`."
    )
    field: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Of a roll-up: the field on the many side; of a lookup: the field it shows.",
    )
    filter: str | None = strawberry.field(
        default=strawberry.UNSET, description="Of a roll-up: a condition on the records of the many side."
    )
    dictionary: str | None = strawberry.field(
        default=strawberry.UNSET, description="The name of the dictionary whose entries are the choices of a new field."
    )
    max_files: int | None = strawberry.field(
        default=strawberry.UNSET, description="Of attachments and images: how many a record may hold, 10 if left out."
    )
    max_bytes: int | None = strawberry.field(default=strawberry.UNSET, description="How large each of them may be.")
    media_types: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="Which kinds are taken: `application/pdf`, `image/png` …"
    )
    default: str | None = strawberry.field(
        default=strawberry.UNSET, description="As text; several choices with commas between their keys."
    )


@strawberry.input
class FieldInput:
    """A new field. The name is made from the label if it is left out, and always ends in `_c`."""

    label: LabelInput
    type: str = strawberry.field(description=f"One of: {_TYPES}.")
    name: str | None = None
    required: bool = False
    unique: bool = False
    indexed: bool = False
    options: FieldOptionsInput | None = None
    choices: list[ChoiceInput] | None = None
    target: str | None = strawberry.field(default=None, description="The object that a relation, or several, lead to.")
    inverse_name: str | None = strawberry.field(default=None, description="What the target calls the many side.")
    inverse_label: LabelInput | None = None
    delete_rule: str | None = strawberry.field(default=None, description="`unlink` (default), `cascade`, `restrict`.")
    fields: list[FieldInput] | None = strawberry.field(default=None, description="What a line of a line table holds.")


@strawberry.input
class CreateObjectInput(RepeatableInput):
    """A new object with its first fields. Names are made from the labels if they are left out."""

    label: LabelInput
    plural_label: LabelInput | None = None
    name: str | None = None
    plural_name: str | None = None
    title_field: str | None = None
    fields: list[FieldInput] | None = None


@strawberry.input
class UpdateObjectInput(RepeatableInput):
    """What changes about an object; the name never does."""

    object: str
    if_version: int | None = None
    label: LabelInput | None = None
    plural_label: LabelInput | None = None
    title_field: str | None = None
    audit_reads: bool | None = None


@strawberry.input
class RetireObjectInput(RepeatableInput):
    """The object to hide."""

    object: str
    confirm: str | None = strawberry.field(
        default=None, description="The name of the object, where it holds records or others point at it."
    )


@strawberry.input
class RestoreObjectInput(RepeatableInput):
    """The object to bring back."""

    object: str


@strawberry.input
class AddFieldInput(RepeatableInput):
    """A new field of an object."""

    object: str
    field: FieldInput
    fill_existing: bool = strawberry.field(default=False, description="Records that are there get the default.")


@strawberry.input
class UpdateFieldInput(RepeatableInput):
    """What changes about a field; its name and its type never do."""

    object: str
    field: str
    if_version: int | None = None
    label: LabelInput | None = None
    inverse_label: LabelInput | None = None
    required: bool | None = None
    unique: bool | None = None
    indexed: bool | None = None
    audit_reads: bool | None = None
    position: int | None = None
    delete_rule: str | None = None
    line_table: bool | None = strawberry.field(
        default=None, description="Of a relation: whether its many are lines that are written with their head."
    )
    options: FieldOptionsInput | None = None


@strawberry.input
class RetireFieldInput(RepeatableInput):
    """The field to hide."""

    object: str
    field: str


@strawberry.input
class RestoreFieldInput(RepeatableInput):
    """The field to bring back."""

    object: str
    field: str


@strawberry.input
class RecalculateFieldInput(RepeatableInput):
    """The derived field to compute anew."""

    object: str
    field: str


@strawberry.input
class AddChoiceInput(RepeatableInput):
    """One more choice of a field, at the end unless a position is given."""

    object: str
    field: str
    choice: ChoiceInput
    position: int | None = None


@strawberry.input
class UpdateChoiceInput(RepeatableInput):
    """What changes about a choice; the key never does."""

    object: str
    field: str
    key: str
    label: LabelInput | None = None
    position: int | None = None


@strawberry.input
class RetireChoiceInput(RepeatableInput):
    """The choice to offer no longer."""

    object: str
    field: str
    key: str


@strawberry.input
class RestoreChoiceInput(RepeatableInput):
    """The choice to offer again."""

    object: str
    field: str
    key: str


@strawberry.type
class ObjectPayload(RepeatablePayload):
    """The object that was defined or changed; `id` is that of its `objectDefinition`."""

    id: strawberry.ID | None
    object: str | None


@strawberry.type
class FieldPayload(RepeatablePayload):
    """The field; `id` is that of its `fieldDefinition`. With a job, its index and unique rule follow when that is done."""

    id: strawberry.ID | None
    object: str | None
    field: str | None
    job: strawberry.ID | None
    lacking: int | None = strawberry.field(
        default=None, description="Records without a value, where the field is required."
    )


@strawberry.type
class ChoicePayload(RepeatablePayload):
    """The choice; `id` is that of its `choiceOption`."""

    id: strawberry.ID | None
    object: str | None
    field: str | None
    key: str | None


@strawberry.type
class CreateObjectPayload(ObjectPayload):
    """The object that was defined."""


@strawberry.type
class UpdateObjectPayload(ObjectPayload):
    """The object that was changed."""


@strawberry.type
class RetireObjectPayload(ObjectPayload):
    """The object that was hidden."""


@strawberry.type
class RestoreObjectPayload(ObjectPayload):
    """The object that was brought back."""


@strawberry.type
class AddFieldPayload(FieldPayload):
    """The field that was added."""


@strawberry.type
class UpdateFieldPayload(FieldPayload):
    """The field that was changed."""


@strawberry.type
class RetireFieldPayload(FieldPayload):
    """The field that was hidden."""


@strawberry.type
class RestoreFieldPayload(FieldPayload):
    """The field that was brought back."""


@strawberry.type
class RecalculateFieldPayload(FieldPayload):
    """The field, and the job that computes it."""


@strawberry.type
class AddChoicePayload(ChoicePayload):
    """The choice that was added."""


@strawberry.type
class UpdateChoicePayload(ChoicePayload):
    """The choice that was changed."""


@strawberry.type
class RetireChoicePayload(ChoicePayload):
    """The choice that was offered no longer."""


@strawberry.type
class RestoreChoicePayload(ChoicePayload):
    """The choice that was offered again."""
