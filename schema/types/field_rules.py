"""GraphQL inputs and payloads of the verbs on rules over fields and records; plain fields, no resolver.

The rules themselves are read as records: `fieldDefinitions { nodes { requiredIf requiredIfTree } }`, `validationRules`.
"""

from __future__ import annotations

import strawberry

from schema.types.metadata import FieldPayload, LabelInput
from schema.types.repeating import RepeatableInput, RepeatablePayload

_INSTEAD = "Instead of `id`: so a step of a change set names what an earlier one makes."


@strawberry.input
class SetFieldRulesInput(RepeatableInput):
    """Conditions of a field in the language of expressions. One that is left out stays, null takes it away."""

    object: str
    field: str
    if_version: int | None = None
    required_if: str | None = strawberry.field(
        default=strawberry.UNSET, description="Where it is true, the field must be filled."
    )
    visible_if: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Where it is not true, the field is neither asked for nor taken; what it holds stays.",
    )
    read_only_if: str | None = strawberry.field(
        default=strawberry.UNSET, description="Where it is true, the field keeps its value."
    )


@strawberry.input
class OfferedChoicesInput:
    """The choices that go with one choice of another field."""

    choice: str
    offered: list[str]


@strawberry.input
class OfferChoicesInput(RepeatableInput):
    """Which choices of a field are offered for each choice of another one. Without that one, all of them always are."""

    object: str
    field: str
    by: str | None = strawberry.field(description="The field with single choices that decides.")
    offered: list[OfferedChoicesInput] = strawberry.field(
        default_factory=list, description="For a choice that is not named, none are offered."
    )
    if_version: int | None = None


@strawberry.input
class CreateValidationRuleInput(RepeatableInput):
    """What must not be false of any record that is written from now on."""

    object: str
    name: str
    expression: str = strawberry.field(description="A condition in the language of expressions.")
    message: LabelInput = strawberry.field(description="What is said where it is false.")
    fields: list[str] | None = strawberry.field(
        default=None, description="The fields it is said of; left out, those that the expression looks at."
    )


@strawberry.input
class RuleNameInput:
    """A validation rule by its object and what it is called."""

    object: str
    name: str


@strawberry.input
class UpdateValidationRuleInput(RepeatableInput):
    """What changes about a rule; what is left out stays."""

    id: strawberry.ID | None = None
    rule: RuleNameInput | None = strawberry.field(default=None, description=_INSTEAD)
    if_version: int | None = None
    name: str | None = None
    expression: str | None = None
    message: LabelInput | None = None
    fields: list[str] | None = None


@strawberry.input
class RetireValidationRuleInput(RepeatableInput):
    """The rule that is asked no longer."""

    id: strawberry.ID | None = None
    rule: RuleNameInput | None = strawberry.field(default=None, description=_INSTEAD)
    if_version: int | None = None


@strawberry.input
class RestoreValidationRuleInput(RepeatableInput):
    """The rule that is asked again."""

    id: strawberry.ID | None = None
    rule: RuleNameInput | None = strawberry.field(default=None, description=_INSTEAD)
    if_version: int | None = None


@strawberry.type
class ValidationRulePayload(RepeatablePayload):
    """The rule; `id` is that of its `validationRule`."""

    id: strawberry.ID | None
    object: str | None
    name: str | None
    broken: int | None = strawberry.field(
        description="How many live records it is false of now; they stay as they are. Null for a rule that is not asked, and for "
        "whoever may not read what it looks at."
    )


@strawberry.type
class CreateValidationRulePayload(ValidationRulePayload):
    """The rule that was made."""


@strawberry.type
class UpdateValidationRulePayload(ValidationRulePayload):
    """The rule that was changed."""


@strawberry.type
class RetireValidationRulePayload(ValidationRulePayload):
    """The rule that is asked no longer."""


@strawberry.type
class RestoreValidationRulePayload(ValidationRulePayload):
    """The rule that is asked again."""


@strawberry.type
class SetFieldRulesPayload(FieldPayload):
    """The field whose conditions were set."""


@strawberry.type
class OfferChoicesPayload(FieldPayload):
    """The field whose choices are offered."""


@strawberry.type
class BrokenRecords:
    """The records that a validation rule is false of."""

    object: str
    count: int = strawberry.field(description="Among all live records.")
    ids: list[strawberry.ID] = strawberry.field(description="The newest of those that you may see.")


@strawberry.input
class CreateUniqueRuleInput(RepeatableInput):
    """The fields of which no two live records hold the same together. An empty one makes everything different."""

    object: str
    fields: list[str]


@strawberry.input
class UniqueRuleNameInput:
    """A unique rule that is asked, by its object and its fields."""

    object: str
    fields: list[str]


@strawberry.input
class RetireUniqueRuleInput(RepeatableInput):
    """The rule that is taken back."""

    id: strawberry.ID | None = None
    rule: UniqueRuleNameInput | None = strawberry.field(default=None, description=_INSTEAD)


@strawberry.type
class UniqueRulePayload(RepeatablePayload):
    """The rule; `id` is that of its `indexDefinition`."""

    id: strawberry.ID | None
    object: str | None
    fields: list[str] | None


@strawberry.type
class CreateUniqueRulePayload(UniqueRulePayload):
    """The rule that was made. Above 50,000 records new ones are held to it at once, and a job looks at the others."""

    job_id: strawberry.ID | None = None


@strawberry.type
class RetireUniqueRulePayload(UniqueRulePayload):
    """The rule that was taken back."""


@strawberry.type
class RepeatedGroup:
    """Records that hold the same in all fields."""

    count: int
    ids: list[strawberry.ID] = strawberry.field(description="The first of them, if you may see every record.")


@strawberry.type
class RepeatedRecords:
    """What stands in the way of a unique rule."""

    count: int = strawberry.field(description="How many combinations occur more than once.")
    groups: list[RepeatedGroup] = strawberry.field(description="The most frequent first.")
