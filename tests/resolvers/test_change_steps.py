"""Steps as the API takes them become steps as they are kept, and go back as they are."""

from __future__ import annotations

import strawberry

from resolvers.change_steps import step_of
from schema.types.change_sets import ChangeStepInput
from schema.types.field_rules import OfferChoicesInput, OfferedChoicesInput, SetFieldRulesInput
from schema.types.metadata import AddFieldInput, FieldInput, FieldOptionsInput, LabelInput


def test_what_is_left_out_is_left_out_and_null_stays_where_it_means_something() -> None:
    field = FieldInput(label=LabelInput(zh="字"), type="text", options=FieldOptionsInput(max_length=9, pattern=None))
    step = ChangeStepInput(add_field=AddFieldInput(object="lead", field=field, client_mutation_id="once"))

    assert step_of(step) == {
        "addField": {
            "object": "lead",
            "fillExisting": False,
            "field": {
                "label": {"zh": "字"}, "type": "text", "required": False, "unique": False, "indexed": False,
                "options": {"maxLength": 9, "pattern": None},
            },
        }
    }  # fmt: skip


def test_conditions_and_offers_are_spelled_like_the_api() -> None:
    rules = SetFieldRulesInput(object="lead", field="name", required_if=None)
    offer = OfferChoicesInput(
        object="lead", field="a", by=None, offered=[OfferedChoicesInput(choice="x", offered=["y"])]
    )

    assert step_of(ChangeStepInput(set_field_rules=rules)) == {
        "setFieldRules": {"object": "lead", "field": "name", "requiredIf": None}
    }
    assert step_of(ChangeStepInput(offer_choices=offer, add_field=strawberry.UNSET)) == {
        "offerChoices": {"object": "lead", "field": "a", "by": None, "offered": [{"choice": "x", "offered": ["y"]}]}
    }
