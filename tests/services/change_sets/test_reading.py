"""Steps in the spelling of the API become what the verbs take."""

from __future__ import annotations

import json

import pytest

from schema.metadata.fields import Label
from services.change_sets import reading
from services.change_sets.errors import SectionsNotJson
from services.field_rules import FieldRulesChange, RuleChange, RuleDraft
from services.metadata import ChoiceDraft, FieldChange, FieldDraft, ObjectChange, ObjectDraft
from services.type_changes import TypeDraft
from tenants.errors import Refused

ZH = {"zh": "字"}


def test_object_is_read_with_its_fields_and_their_choices() -> None:
    given = {"label": ZH, "pluralName": "cars", "fields": [{
        "label": ZH, "type": "choice", "unique": True, "options": {"default": "a"}, "choices": [{"label": ZH, "key": "a"}],
    }]}  # fmt: skip
    field = FieldDraft(
        Label("字"), "choice", is_unique=True, options={"default": "a"}, choices=(ChoiceDraft(Label("字"), "a"),)
    )

    assert reading.object_(given) == ObjectDraft(Label("字"), plural_name="cars", fields=(field,))


def test_changes_name_only_what_changes() -> None:
    assert reading.object_change({"object": "car_c", "auditReads": True}) == ObjectChange(audit_reads=True)
    assert reading.field_change({"options": {"max": None}, "ifVersion": 3}) == FieldChange(
        options={"max": None}, if_version=3
    )
    assert reading.field_rules({"requiredIf": None}) == FieldRulesChange({"requiredIf": None})
    assert reading.rule_change({"name": "other"}) == RuleChange("other")


def test_rules_offers_and_types_are_read() -> None:
    rule = {"name": "named", "expression": "true", "message": ZH}

    assert reading.rule(rule) == RuleDraft("named", "true", Label("字"))
    assert reading.offered({"offered": [{"choice": "a", "offered": ["b"]}]}) == {"a": ["b"]}
    assert reading.type_({"type": "integer"}) == TypeDraft("integer", {})


def test_sections_of_a_layout_are_a_text() -> None:
    assert reading.layout({"object": "lead", "sections": "[]"}) == {"object": "lead", "sections": []}
    with pytest.raises(Refused) as refused:
        reading.layout({"object": "lead", "sections": "{"})
    assert [(each.path, type(each.fault)) for each in refused.value.violations] == [(("sections",), SectionsNotJson)]


@pytest.mark.parametrize(
    ("sections", "code"),
    [
        ("[" * 65 + "]" * 65, "JSON_TOO_DEEP"),
        ("[" * 1_000 + "]" * 1_000, "JSON_TOO_DEEP"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "JSON_TOO_DEEP"),
        ('[{"labelZh": "\\u0000"}]', "BAD_CHARACTERS"),
    ],
)
def test_sections_are_held_to_what_every_input_is(sections: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        reading.layout({"object": "lead", "sections": sections})

    assert [(each.path[0], each.fault.code) for each in refused.value.violations] == [("sections", code)]


def test_sections_as_deep_as_any_input_are_read() -> None:
    deep = "[" * 64 + "]" * 64

    assert json.dumps(reading.layout({"object": "lead", "sections": deep})["sections"]) == deep
