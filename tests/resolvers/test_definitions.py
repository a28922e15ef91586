"""Inputs of definition verbs become drafts; what is left out stays left out."""

from __future__ import annotations

from uuid import UUID

import strawberry

from resolvers import definitions
from schema.metadata.fields import Label
from schema.types.metadata import (
    AddChoicePayload,
    AddFieldPayload,
    ChoiceInput,
    CreateObjectInput,
    CreateObjectPayload,
    FieldInput,
    FieldOptionsInput,
    LabelInput,
    UpdateFieldInput,
    UpdateObjectInput,
)
from services.metadata import ChoiceDraft, Defined, FieldChange, FieldDraft, ObjectChange, ObjectDraft

WORDS = LabelInput(zh="设备")
ID, JOB = UUID(int=1), UUID(int=2)


def test_option_that_is_null_is_taken_away_and_one_left_out_is_not_named() -> None:
    assert definitions.options(FieldOptionsInput(max_length=None, min_length=2)) == {"maxLength": None, "minLength": 2}
    assert definitions.options(None) == {}


def test_object_is_drafted_with_its_fields() -> None:
    field = FieldInput(
        label=WORDS, type="choice", unique=True, choices=[ChoiceInput(label=WORDS, key="a")], inverse_label=WORDS
    )
    given = CreateObjectInput(label=WORDS, name="device", fields=[field])

    assert definitions.object_draft(given) == ObjectDraft(
        Label("设备", ""),
        name="device",
        fields=(
            FieldDraft(
                Label("设备", ""),
                "choice",
                is_unique=True,
                choices=(ChoiceDraft(Label("设备", ""), "a"),),
                inverse_label=Label("设备", ""),
            ),
        ),
    )


def test_change_names_only_what_was_given() -> None:
    assert definitions.object_change(UpdateObjectInput(object="lead")) == ObjectChange()
    assert definitions.field_change(UpdateFieldInput(object="lead", field="name")) == FieldChange()
    assert definitions.field_change(UpdateFieldInput(object="lead", field="name", unique=False, position=3)) == (
        FieldChange(is_unique=False, position=3)
    )


def test_payloads_name_what_was_made() -> None:
    done = Defined(ID, "lead", "grade_c", "high", JOB)

    assert definitions.object_payload(CreateObjectPayload, done) == CreateObjectPayload(
        id=strawberry.ID(str(ID)), object="lead", errors=[]
    )
    assert definitions.field_payload(AddFieldPayload, done) == AddFieldPayload(
        id=strawberry.ID(str(ID)), object="lead", field="grade_c", job=strawberry.ID(str(JOB)), errors=[]
    )
    assert definitions.choice_payload(AddChoicePayload, done) == AddChoicePayload(
        id=strawberry.ID(str(ID)), object="lead", field="grade_c", key="high", errors=[]
    )
