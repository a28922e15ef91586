"""Definitions over GraphQL: objects, fields and choices are made and changed here, and read as records."""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

import strawberry

from resolvers.context import Info
from resolvers.definitions import (
    KEPT,
    choice_draft,
    choice_payload,
    field_change,
    field_draft,
    field_payload,
    label,
    object_change,
    object_draft,
    object_payload,
)
from resolvers.once import define_once
from schema.types.metadata import (
    AddChoiceInput,
    AddChoicePayload,
    AddFieldInput,
    AddFieldPayload,
    CreateObjectInput,
    CreateObjectPayload,
    RecalculateFieldInput,
    RecalculateFieldPayload,
    RestoreChoiceInput,
    RestoreChoicePayload,
    RestoreFieldInput,
    RestoreFieldPayload,
    RestoreObjectInput,
    RestoreObjectPayload,
    RetireChoiceInput,
    RetireChoicePayload,
    RetireFieldInput,
    RetireFieldPayload,
    RetireObjectInput,
    RetireObjectPayload,
    UpdateChoiceInput,
    UpdateChoicePayload,
    UpdateFieldInput,
    UpdateFieldPayload,
    UpdateObjectInput,
    UpdateObjectPayload,
)
from services import metadata
from services.metadata import ChoiceChange


@strawberry.type
class MetadataMutation:
    """What an administrator changes about the shape of the tenant. The next request to any process sees it."""

    @strawberry.mutation(description="Defines an object. It can be queried and written at once.")
    async def create_object(self, info: Info, input: CreateObjectInput) -> CreateObjectPayload | None:
        """The new object."""
        draft = object_draft(input)
        return object_payload(
            CreateObjectPayload, await define_once(info, input, KEPT, lambda work: metadata.create_object(work, draft))
        )

    @strawberry.mutation(description="Renames an object: its labels, never its name.")
    async def update_object(self, info: Info, input: UpdateObjectInput) -> UpdateObjectPayload | None:
        """The changed object."""
        changes = object_change(input)
        done = await define_once(info, input, KEPT, lambda work: metadata.update_object(work, input.object, changes))
        return object_payload(UpdateObjectPayload, done)

    @strawberry.mutation(description="Hides an object with its records and the relations to it. Nothing is lost.")
    async def retire_object(self, info: Info, input: RetireObjectInput) -> RetireObjectPayload | None:
        """The hidden object."""
        return object_payload(
            RetireObjectPayload,
            await define_once(
                info, input, KEPT, lambda work: metadata.retire_object(work, input.object, confirm=input.confirm or "")
            ),
        )

    @strawberry.mutation(description="Brings a retired object back.")
    async def restore_object(self, info: Info, input: RestoreObjectInput) -> RestoreObjectPayload | None:
        """The object."""
        return object_payload(
            RestoreObjectPayload,
            await define_once(info, input, KEPT, lambda work: metadata.restore_object(work, input.object)),
        )

    @strawberry.mutation(description="Adds a field to a standard or custom object. It can be used at once.")
    async def add_field(self, info: Info, input: AddFieldInput) -> AddFieldPayload | None:
        """The new field."""
        draft, fills = field_draft(input.field), input.fill_existing
        done = await define_once(
            info, input, KEPT, lambda work: metadata.add_field(work, input.object, draft, fill_existing=fills)
        )
        return field_payload(AddFieldPayload, done)

    @strawberry.mutation(description="Changes the labels and rules of a field, never its name or type.")
    async def update_field(self, info: Info, input: UpdateFieldInput) -> UpdateFieldPayload | None:
        """The changed field."""
        changes = field_change(input)
        done = await define_once(
            info, input, KEPT, lambda work: metadata.update_field(work, input.object, input.field, changes)
        )
        return field_payload(UpdateFieldPayload, done)

    @strawberry.mutation(description="Hides a field; its values are kept.")
    async def retire_field(self, info: Info, input: RetireFieldInput) -> RetireFieldPayload | None:
        """The hidden field."""
        done = await define_once(info, input, KEPT, lambda work: metadata.retire_field(work, input.object, input.field))
        return field_payload(RetireFieldPayload, done)

    @strawberry.mutation(description="Brings a retired field back with its values.")
    async def restore_field(self, info: Info, input: RestoreFieldInput) -> RestoreFieldPayload | None:
        """The field."""
        done = await define_once(
            info, input, KEPT, lambda work: metadata.restore_field(work, input.object, input.field)
        )
        return field_payload(RestoreFieldPayload, done)

    @strawberry.mutation(
        description="Computes a formula or a roll-up anew for every record, and whatever is derived of it."
    )
    async def recalculate_field(self, info: Info, input: RecalculateFieldInput) -> RecalculateFieldPayload | None:
        """The field, and the job that does it."""
        done = await define_once(
            info, input, KEPT, lambda work: metadata.recalculate_field(work, input.object, input.field)
        )
        return field_payload(RecalculateFieldPayload, done)

    @strawberry.mutation(description="Offers one more choice of a field.")
    async def add_choice(self, info: Info, input: AddChoiceInput) -> AddChoicePayload | None:
        """The new choice."""
        draft, at = choice_draft(input.choice), input.position
        done = await define_once(
            info, input, KEPT, lambda work: metadata.add_choice(work, input.object, input.field, draft, position=at)
        )
        return choice_payload(AddChoicePayload, done)

    @strawberry.mutation(description="Changes the label or the place of a choice, never its key.")
    async def update_choice(self, info: Info, input: UpdateChoiceInput) -> UpdateChoicePayload | None:
        """The changed choice."""
        changes = ChoiceChange(label(input.label), input.position)
        done = await define_once(
            info, input, KEPT, lambda work: metadata.update_choice(work, input.object, input.field, input.key, changes)
        )
        return choice_payload(UpdateChoicePayload, done)

    @strawberry.mutation(description="Offers a choice no longer; records that have it keep it.")
    async def retire_choice(self, info: Info, input: RetireChoiceInput) -> RetireChoicePayload | None:
        """The retired choice."""
        done = await define_once(
            info, input, KEPT, lambda work: metadata.retire_choice(work, input.object, input.field, input.key)
        )
        return choice_payload(RetireChoicePayload, done)

    @strawberry.mutation(description="Offers a retired choice again.")
    async def restore_choice(self, info: Info, input: RestoreChoiceInput) -> RestoreChoicePayload | None:
        """The choice."""
        done = await define_once(
            info, input, KEPT, lambda work: metadata.restore_choice(work, input.object, input.field, input.key)
        )
        return choice_payload(RestoreChoicePayload, done)
