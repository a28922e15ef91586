"""GraphQL inputs and payloads of change sets and of rolling back; plain fields, no resolver.

A step takes the input of the mutation that it names. Change sets and publications are read as records.
"""

from __future__ import annotations

import strawberry

from schema.types.errors import InputError
from schema.types.field_rules import (
    CreateUniqueRuleInput,
    CreateValidationRuleInput,
    OfferChoicesInput,
    RestoreValidationRuleInput,
    RetireUniqueRuleInput,
    RetireValidationRuleInput,
    SetFieldRulesInput,
    UpdateValidationRuleInput,
)
from schema.types.metadata import (
    AddChoiceInput,
    AddFieldInput,
    CreateObjectInput,
    RestoreChoiceInput,
    RestoreFieldInput,
    RestoreObjectInput,
    RetireChoiceInput,
    RetireFieldInput,
    RetireObjectInput,
    UpdateChoiceInput,
    UpdateFieldInput,
    UpdateObjectInput,
)
from schema.types.pilots import PilotGroupInput
from schema.types.repeating import RepeatableInput, RepeatablePayload
from schema.types.type_changes import ChangeFieldTypeInput, UndoFieldTypeInput

_SECTIONS = "As `layouts` answers them, a JSON text."


@strawberry.input
class CreateLayoutStep:
    """A new layout, as `createLayout` takes it."""

    object: str
    role_id: strawberry.ID | None = None
    stage_field: str | None = None
    stage: str | None = None
    sections: str = strawberry.field(description=_SECTIONS)


@strawberry.input
class UpdateLayoutStep:
    """A layout, arranged anew."""

    id: strawberry.ID
    if_version: int | None = None
    sections: str = strawberry.field(description=_SECTIONS)


@strawberry.input
class DeleteLayoutStep:
    """The layout to forget."""

    id: strawberry.ID
    if_version: int | None = None


@strawberry.input(one_of=True)
class ChangeStepInput:
    """One step: the mutation that it names, with its input. Later steps find what it makes by its name."""

    create_object: CreateObjectInput | None = strawberry.UNSET
    update_object: UpdateObjectInput | None = strawberry.UNSET
    retire_object: RetireObjectInput | None = strawberry.UNSET
    restore_object: RestoreObjectInput | None = strawberry.UNSET
    add_field: AddFieldInput | None = strawberry.UNSET
    update_field: UpdateFieldInput | None = strawberry.UNSET
    retire_field: RetireFieldInput | None = strawberry.UNSET
    restore_field: RestoreFieldInput | None = strawberry.UNSET
    add_choice: AddChoiceInput | None = strawberry.UNSET
    update_choice: UpdateChoiceInput | None = strawberry.UNSET
    retire_choice: RetireChoiceInput | None = strawberry.UNSET
    restore_choice: RestoreChoiceInput | None = strawberry.UNSET
    set_field_rules: SetFieldRulesInput | None = strawberry.UNSET
    offer_choices: OfferChoicesInput | None = strawberry.UNSET
    create_validation_rule: CreateValidationRuleInput | None = strawberry.UNSET
    update_validation_rule: UpdateValidationRuleInput | None = strawberry.UNSET
    retire_validation_rule: RetireValidationRuleInput | None = strawberry.UNSET
    restore_validation_rule: RestoreValidationRuleInput | None = strawberry.UNSET
    create_unique_rule: CreateUniqueRuleInput | None = strawberry.UNSET
    retire_unique_rule: RetireUniqueRuleInput | None = strawberry.UNSET
    change_field_type: ChangeFieldTypeInput | None = strawberry.UNSET
    undo_field_type: UndoFieldTypeInput | None = strawberry.UNSET
    create_layout: CreateLayoutStep | None = strawberry.UNSET
    update_layout: UpdateLayoutStep | None = strawberry.UNSET
    delete_layout: DeleteLayoutStep | None = strawberry.UNSET


@strawberry.input
class CreateChangeSetInput(RepeatableInput):
    """Changes that go live together, in their order."""

    name: str
    steps: list[ChangeStepInput] = strawberry.field(default_factory=list)


@strawberry.input
class UpdateChangeSetInput(RepeatableInput):
    """What changes about a draft. Steps that are given take the place of all that there are."""

    id: strawberry.ID
    if_version: int | None = None
    name: str | None = None
    steps: list[ChangeStepInput] | None = None


@strawberry.input
class DiscardChangeSetInput(RepeatableInput):
    """The draft to give up."""

    id: strawberry.ID
    if_version: int | None = None


@strawberry.input
class FirstPilotInput:
    """Who is to see first what is new. Nothing but additions can be kept to a group."""

    title: str
    group: PilotGroupInput


@strawberry.input
class PublishChangeSetInput(RepeatableInput):
    """The draft that goes live, for everybody or for a group first."""

    id: strawberry.ID
    if_version: int | None = None
    pilot: FirstPilotInput | None = None


@strawberry.input
class RollBackInput(RepeatableInput):
    """The publication whose definitions come back."""

    to: int = strawberry.field(description="Its number; 0 is what there was before the first.")
    clear: bool = strawberry.field(
        default=False,
        description="Values written since that do not fit the type that comes back are empty from then on.",
    )


@strawberry.type
class ChangeStep:
    """What a step makes or changes, by the names under which later steps find it; null where it has something wrong."""

    verb: str
    object: str | None
    field: str | None
    name: str | None = strawberry.field(description="Of a choice its key, of a rule its name.")
    cleared: int | None = strawberry.field(description="Values that do not fit a new type and are cleared.")


@strawberry.type
class DefinitionProperty:
    """One property before and after, as JSON texts."""

    name: str
    before: str
    after: str


@strawberry.type
class DefinitionDifference:
    """Something that differs from what is live."""

    kind: str = strawberry.field(description="`object`, `field`, `choice`, `validationRule`, `uniqueRule` or `layout`.")
    action: str = strawberry.field(description="`added`, `changed`, `retired`, `restored`, of layouts also `removed`.")
    object: str
    field: str | None
    name: str | None
    properties: list[DefinitionProperty]


@strawberry.type
class ChangeSetPreview:
    """What a draft would come to now. It may be published where nothing is wrong."""

    id: strawberry.ID
    version: int
    steps: list[ChangeStep]
    errors: list[InputError] = strawberry.field(description="What is wrong, by step: `steps.<index>.<verb>.…`.")
    differences: list[DefinitionDifference]
    additive: bool = strawberry.field(description="Whether it only adds, so that a pilot group may have it first.")


@strawberry.type
class RollBackPreview:
    """What going back would come to now."""

    errors: list[InputError] = strawberry.field(
        description="What stands in the way, by `to` and the name of the thing."
    )
    differences: list[DefinitionDifference]


@strawberry.type
class ChangeSetPayload(RepeatablePayload):
    """The draft as it is kept, with what would stand in the way of publishing it now."""

    id: strawberry.ID | None
    version: int | None
    steps: list[ChangeStep] | None
    problems: list[InputError] | None


@strawberry.type
class CreateChangeSetPayload(ChangeSetPayload):
    """The new draft."""


@strawberry.type
class UpdateChangeSetPayload(ChangeSetPayload):
    """The changed draft."""


@strawberry.type
class DiscardChangeSetPayload(RepeatablePayload):
    """The draft that is no more."""

    id: strawberry.ID | None


@strawberry.type
class PublicationPayload(RepeatablePayload):
    """The publication; what takes long is finished by its jobs."""

    id: strawberry.ID | None
    number: int | None
    differences: list[DefinitionDifference] | None
    jobs: list[strawberry.ID] | None


@strawberry.type
class PublishChangeSetPayload(PublicationPayload):
    """What went live, and the pilot that it is kept to."""

    pilot: strawberry.ID | None = None


@strawberry.type
class RollBackPayload(PublicationPayload):
    """What came back."""
