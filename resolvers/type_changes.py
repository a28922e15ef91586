"""Changing the type of a field over GraphQL: `fieldTypePreview`, `changeFieldType`, `undoFieldType`, `fieldTypeChanges`."""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import strawberry

from resolvers.context import Info
from resolvers.definitions import choice_draft, options
from resolvers.impact import usages_told
from resolvers.once import Ids, Kept, define_once
from schema.types.type_changes import (
    ChangeFieldTypeInput,
    ChangeFieldTypePayload,
    FieldTypeChange,
    FieldTypeExample,
    FieldTypePayload,
    FieldTypePreview,
    FieldTypePreviewInput,
    UndoFieldTypeInput,
    UndoFieldTypePayload,
)
from services import type_changes
from services.type_changes import TypeChanged, TypeDraft
from tenants.context import DefinitionWork

if TYPE_CHECKING:
    from uuid import UUID

P = TypeVar("P", bound=FieldTypePayload)


@strawberry.type
class TypeChangesQuery:
    """What a change would come to, and which there were."""

    @strawberry.field(description="What changing the type of a field would come to. Nothing is written.")
    async def field_type_preview(self, info: Info, input: FieldTypePreviewInput) -> FieldTypePreview | None:
        """Counted now."""
        draft = _draft(input)
        # Examples of a marked field need a transaction that can write its entry.
        found = await info.context.write(lambda work: type_changes.preview(work, input.object, input.field, draft))
        return FieldTypePreview(
            fits=found.fits,
            unfit=found.unfit,
            empty=found.empty,
            is_exact=found.is_exact,
            examples=[
                FieldTypeExample(record_id=strawberry.ID(each.record_id), value=each.value, code=each.code)
                for each in found.examples
            ],
            choices=list(found.choices),
            dropped_options=list(found.dropped_options),
            usages=usages_told(found.usages),
        )

    @strawberry.field(description="The changes of type that the fields of an object went through, the last one first.")
    async def field_type_changes(
        self, info: Info, object: str, field: str | None = None
    ) -> list[FieldTypeChange] | None:
        """With their states."""
        found = await info.context.read(lambda work: type_changes.type_changes(work, object, field))
        return [
            FieldTypeChange(
                id=_id(each.done.id),
                object=each.done.object_name,
                field=each.done.field_name,
                state=each.state,
                from_type=each.from_type,
                to_type=each.to_type,
                cleared=each.done.cleared,
                job=None if each.done.job_id is None else _id(each.done.job_id),
                created_at=each.created_at,
                kept_until=each.kept_until,
            )
            for each in found
        ]


@strawberry.type
class TypeChangesMutation:
    """A field becomes another type, and back."""

    @strawberry.mutation(
        description="Changes the type of a field and converts its values; what it was is kept 30 days."
    )
    async def change_field_type(self, info: Info, input: ChangeFieldTypeInput) -> ChangeFieldTypePayload | None:
        """The change."""
        draft = _draft(input)
        done = await define_once(
            info,
            input,
            _KEPT,
            lambda work: type_changes.change_type(
                work,
                input.object,
                input.field,
                draft,
                clears=input.clear,
                confirms=input.confirm,
                if_version=input.if_version,
            ),
        )
        return _payload(ChangeFieldTypePayload, done)

    @strawberry.mutation(description="Takes the last change of a field's type back, for 30 days.")
    async def undo_field_type(self, info: Info, input: UndoFieldTypeInput) -> UndoFieldTypePayload | None:
        """The change back."""
        done = await define_once(
            info,
            input,
            _KEPT,
            lambda work: type_changes.undo_type_change(
                work, input.object, input.field, clears=input.clear, confirms=input.confirm
            ),
        )
        return _payload(UndoFieldTypePayload, done)


def _draft(given: FieldTypePreviewInput | ChangeFieldTypeInput) -> TypeDraft:
    return TypeDraft(given.type, options(given.options), tuple(map(choice_draft, given.choices or ())))


def _payload(kind: type[P], done: TypeChanged) -> P:
    job = None if done.job_id is None else _id(done.job_id)
    return kind(
        id=_id(done.id), object=done.object_name, field=done.field_name, job=job, cleared=done.cleared, errors=[]
    )


async def _again(work: DefinitionWork, ids: Ids) -> TypeChanged:
    return await type_changes.find(work, ids["typeChange"][0])


_KEPT: Kept[DefinitionWork, TypeChanged] = Kept(lambda done: {"typeChange": (done.id,)}, _again)


def _id(value: UUID) -> strawberry.ID:
    return strawberry.ID(str(value))
