"""GraphQL inputs and payloads of the verbs on pilots; plain fields, no resolver. Pilots are read as records: `pilots`."""

from __future__ import annotations

import strawberry

from schema.types.repeating import RepeatableInput, RepeatablePayload


@strawberry.input
class PilotGroupInput:
    """Who is in a pilot: whoever one of these names."""

    role_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Whoever holds the role.")
    department_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Whoever sits in the department itself."
    )
    department_tree_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Whoever sits in the department or one below it."
    )
    user_ids: list[strawberry.ID] = strawberry.field(default_factory=list)


@strawberry.input
class PilotCoordinateInput:
    """One thing to keep to the group: an object, a field of it, a layout or a rule."""

    object: str | None = None
    field: str | None = strawberry.field(default=None, description="With `object`; without it the whole object.")
    layout_id: strawberry.ID | None = None
    rule_id: strawberry.ID | None = strawberry.field(
        default=None, description="A validation rule, or a unique rule over fields that the pilot covers."
    )


@strawberry.input
class StartPilotInput(RepeatableInput):
    """What is new, and who is to see it first."""

    title: str
    group: PilotGroupInput
    coordinates: list[PilotCoordinateInput]


@strawberry.input
class ChangePilotGroupInput(RepeatableInput):
    """Who is to be in it from now on, instead of who was."""

    id: strawberry.ID
    group: PilotGroupInput
    if_version: int | None = None


@strawberry.input
class ReleasePilotInput(RepeatableInput):
    """The pilot that goes to all."""

    id: strawberry.ID
    if_version: int | None = None


@strawberry.input
class WithdrawPilotInput(RepeatableInput):
    """The pilot that is given up."""

    id: strawberry.ID
    if_version: int | None = None


@strawberry.type
class PilotPayload(RepeatablePayload):
    """The pilot; `id` is that of its `pilot`."""

    id: strawberry.ID | None
    title: str | None
    state: str | None = strawberry.field(description="running, released or withdrawn")


@strawberry.type
class StartPilotPayload(PilotPayload):
    """The pilot that was started."""


@strawberry.type
class ChangePilotGroupPayload(PilotPayload):
    """The pilot with another group."""


@strawberry.type
class ReleasePilotPayload(PilotPayload):
    """The pilot that was released."""


@strawberry.type
class WithdrawPilotPayload(PilotPayload):
    """The pilot that was withdrawn."""
