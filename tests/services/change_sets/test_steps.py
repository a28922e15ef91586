"""Every step has its input in the API, and every input its verb."""

from __future__ import annotations

from dataclasses import fields

from schema.metadata import naming
from schema.types.change_sets import ChangeStepInput
from services.change_sets import VERBS
from services.change_sets.steps import of_step


def test_api_offers_the_verbs_that_there_are() -> None:
    offered = {naming.camel(each.name) for each in fields(ChangeStepInput)}

    assert offered == VERBS.keys()


def test_step_is_a_verb_with_its_input() -> None:
    assert of_step({"retireField": {"object": "lead", "field": "a_c"}}) == (
        "retireField", {"object": "lead", "field": "a_c"},
    )  # fmt: skip
