"""[A11] The palette is that of the table of types: every type with words, every option with a schema that its check agrees with."""

from __future__ import annotations

import pytest

from schema.metadata import options
from schema.metadata.errors import BadOption
from schema.metadata.fields import Field
from schema.metadata.palette import palette, words_of
from schema.metadata.types import FIELD_TYPES, LINE_TABLE, ROLLED_UP, SETTLED, SYSTEM_ONLY
from services import expressions

OPTIONS = {each.name: each.schema["properties"].get("options", {}).get("properties", {}) for each in palette()}
WHOLE = [
    (name, option, schema["minimum"], schema["maximum"])
    for name, given in OPTIONS.items()
    for option, schema in given.items()
    if schema.get("type") == "integer"
]
NAMED = [
    (name, option, schema["enum"])
    for name, given in OPTIONS.items()
    for option, schema in given.items()
    if "enum" in schema
]


def test_every_type_that_may_be_chosen_is_there_with_words() -> None:
    assert [each.name for each in palette()] == [*(name for name in FIELD_TYPES if name not in SYSTEM_ONLY), LINE_TABLE]
    assert [each.name for each in palette() if each.label.zh == each.name and each.name != "json"] == []
    assert words_of("unheardOf").text("zh", "") == "unheardOf"


def test_every_option_of_a_type_has_a_schema_and_no_other() -> None:
    assert {name: set(given) for name, given in OPTIONS.items() if name != LINE_TABLE} == {
        name: set(kind.options) - SETTLED - ({"result"} if name == "rollUp" else set())
        for name, kind in FIELD_TYPES.items()
        if name not in SYSTEM_ONLY
    }


@pytest.mark.parametrize(("name", "option", "least", "most"), WHOLE)
def test_whole_numbers_are_those_that_the_check_takes(name: str, option: str, least: int, most: int) -> None:
    for value in (least, most):
        assert dict(options.checked(Field("x_c", name), {option: value}).options) == {option: value}
    for value in (least - 1, most + 1):
        with pytest.raises(BadOption):
            options.checked(Field("x_c", name), {option: value})


@pytest.mark.parametrize(("name", "option", "words"), NAMED)
def test_named_values_are_those_that_the_check_takes(name: str, option: str, words: list[str]) -> None:
    for word in words:
        assert dict(options.checked(Field("x_c", name), {option: word}).options) == {option: word}
    with pytest.raises(BadOption):
        options.checked(Field("x_c", name), {option: "no such word"})


def test_what_a_field_is_derived_from_is_described() -> None:
    derived = {
        each.name: each.schema["properties"]["options"]
        for each in palette()
        if each.name in {"formula", "rollUp", "lookup"}
    }

    formula = derived["formula"]
    assert formula["required"] == ["expression"]
    assert formula["properties"]["result"]["enum"] == list(FIELD_TYPES["formula"].results)
    assert formula["properties"]["expression"]["format"] == "expression"
    assert formula["properties"]["expression"]["maxLength"] == expressions.LONGEST_TEXT
    roll_up = derived["rollUp"]
    assert (roll_up["required"], roll_up["else"]) == (["relation", "function"], {"required": ["field"]})
    assert roll_up["properties"]["function"]["enum"] == list(ROLLED_UP)
    assert {name: each["format"] for name, each in derived["lookup"]["properties"].items()} == {
        "field": "field", "relation": "relation",
    }  # fmt: skip


def test_properties_follow_the_type() -> None:
    schemas = {each.name: each.schema for each in palette()}

    assert schemas["relation"]["required"] == ["label", "type", "target"]
    assert "unique" not in schemas["boolean"]["properties"]
    assert "required" not in schemas["autoNumber"]["properties"]
    assert schemas["choice"]["properties"]["choices"]["minItems"] == 1
    assert schemas[LINE_TABLE]["required"] == ["label", "type", "fields"]
    assert all(each["additionalProperties"] is False for each in schemas.values())
