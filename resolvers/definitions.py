"""The inputs of definition verbs as the drafts that the service takes, and what it answers as payloads."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

import strawberry

from resolvers.once import Ids, Kept
from schema.metadata.fields import NO_LABEL, Label
from schema.types.metadata import (
    ChoiceInput,
    ChoicePayload,
    CreateObjectInput,
    FieldInput,
    FieldOptionsInput,
    FieldPayload,
    LabelInput,
    ObjectPayload,
    UpdateFieldInput,
    UpdateObjectInput,
)
from services import metadata
from services.metadata import ChoiceDraft, Defined, FieldChange, FieldDraft, ObjectChange, ObjectDraft
from tenants.context import DefinitionWork

P = TypeVar("P", bound=ObjectPayload)
F = TypeVar("F", bound=FieldPayload)
C = TypeVar("C", bound=ChoicePayload)

_OPTIONS = {
    "min_length": "minLength",
    "max_length": "maxLength",
    "min": "min",
    "max": "max",
    "scale": "scale",
    "pattern": "pattern",
    "format": "format",
    "sort_key": "sortKey",
    "normal_form": "normalForm",
    "search": "search",
    "stars": "stars",
    "symbology": "symbology",
    "expression": "expression",
    "result": "result",
    "relation": "relation",
    "function": "function",
    "field": "field",
    "filter": "filter",
    "dictionary": "dictionary",
    "max_files": "maxFiles",
    "max_bytes": "maxBytes",
    "media_types": "mediaTypes",
    "default": "default",
}


def label(given: LabelInput | None) -> Label:
    """Words; left out, none."""
    return NO_LABEL if given is None else Label(given.zh or "", given.en or "")


def options(given: FieldOptionsInput | None) -> dict[str, object]:
    """The options that were named, also those that are to be taken away."""
    if given is None:
        return {}
    found = {name: getattr(given, member) for member, name in _OPTIONS.items()}
    return {name: value for name, value in found.items() if value is not strawberry.UNSET}


def choice_draft(given: ChoiceInput) -> ChoiceDraft:
    """A new choice."""
    return ChoiceDraft(label(given.label), given.key or "")


def field_draft(given: FieldInput) -> FieldDraft:
    """A new field."""
    return FieldDraft(
        label=label(given.label),
        type=given.type,
        name=given.name or "",
        required=given.required,
        is_unique=given.unique,
        is_indexed=given.indexed,
        options=options(given.options),
        choices=tuple(map(choice_draft, given.choices or ())),
        target=given.target or "",
        inverse_name=given.inverse_name or "",
        inverse_label=label(given.inverse_label),
        delete_rule=given.delete_rule or "",
        fields=tuple(map(field_draft, given.fields or ())),
    )


def object_draft(given: CreateObjectInput) -> ObjectDraft:
    """A new object."""
    return ObjectDraft(
        label=label(given.label),
        plural_label=label(given.plural_label),
        name=given.name or "",
        plural_name=given.plural_name or "",
        title_field=given.title_field or "",
        fields=tuple(map(field_draft, given.fields or ())),
    )


def object_change(given: UpdateObjectInput) -> ObjectChange:
    """What changes about an object."""
    return ObjectChange(
        label(given.label), label(given.plural_label), given.title_field, given.audit_reads, given.if_version
    )


def field_change(given: UpdateFieldInput) -> FieldChange:
    """What changes about a field."""
    return FieldChange(
        label=label(given.label),
        inverse_label=label(given.inverse_label),
        required=given.required,
        is_unique=given.unique,
        is_indexed=given.indexed,
        audit_reads=given.audit_reads,
        position=given.position,
        delete_rule=given.delete_rule,
        is_line_table=given.line_table,
        options=options(given.options),
        if_version=given.if_version,
    )


def object_payload(kind: type[P], done: Defined) -> P:
    """The object."""
    return kind(id=_id(done.id), object=done.object_name, errors=[])


def field_payload(kind: type[F], done: Defined) -> F:
    """The field, and the job that finishes it."""
    job = _id(done.job_id) if done.job_id else None
    return kind(
        id=_id(done.id), object=done.object_name, field=done.field_name, job=job, lacking=done.lacking, errors=[]
    )


def choice_payload(kind: type[C], done: Defined) -> C:
    """The choice."""
    return kind(id=_id(done.id), object=done.object_name, field=done.field_name, key=done.choice_key, errors=[])


def _kept_ids(done: Defined) -> Ids:
    return {"definition": (done.id,), "job": (done.job_id,) if done.job_id else ()}


async def _recalled(work: DefinitionWork, ids: Ids) -> Defined:
    return await metadata.recall(work, ids["definition"][0], job_id=next(iter(ids["job"]), None))


KEPT = Kept(_kept_ids, _recalled)


def _id(value: UUID) -> strawberry.ID:
    return strawberry.ID(str(value))
