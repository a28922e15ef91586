"""[A11] The palette is that of the table of types: every type with words, every option with a schema that its check agrees with."""

from __future__ import annotations

import pytest

from schema.metadata import options
from schema.metadata.errors import BadOption
from schema.metadata.fields import Field
from schema.metadata.palette import palette, words_of
from schema.metadata.types import FIELD_TYPES, LINE_TABLE, SYSTEM_ONLY

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
        name: set(kind.options) for name, kind in FIELD_TYPES.items() if name not in SYSTEM_ONLY
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


def test_properties_follow_the_type() -> None:
    schemas = {each.name: each.schema for each in palette()}

    assert schemas["relation"]["required"] == ["label", "type", "target"]
    assert "unique" not in schemas["boolean"]["properties"]
    assert "required" not in schemas["autoNumber"]["properties"]
    assert schemas["choice"]["properties"]["choices"]["minItems"] == 1
    assert schemas[LINE_TABLE]["required"] == ["label", "type", "fields"]
    assert all(each["additionalProperties"] is False for each in schemas.values())
