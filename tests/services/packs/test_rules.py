"""Conditions and offered choices of a field are read as texts, to be settled later."""

from __future__ import annotations

import pytest

from schema.metadata.field_rules import NO_RULES, Condition, FieldRules, OfferedChoices
from services.packs import BadPack, Place
from services.packs.documents import Body, parsed
from services.packs.rules import UNSETTLED, field_rules_of


def rules(text: str) -> FieldRules:
    found = parsed(text, Place("x.yaml"))
    assert isinstance(found, Body)
    return field_rules_of(found)


def test_rules_are_read_as_they_are_written() -> None:
    found = rules("requiredIf: a == 1\noffered: {by: kind_c, choices: {y: [b, b], x: [a]}}")

    assert found.required_if == Condition("a == 1", UNSETTLED)
    assert found.offered == OfferedChoices("kind_c", (("x", ("a",)), ("y", ("b",))))


def test_field_without_rules_has_the_value_of_all_such_fields() -> None:
    assert rules("label: {en: x}") is NO_RULES


@pytest.mark.parametrize(
    "text", ["requiredIf: true", "offered: {choices: {}}", "offered: {by: x, also: y}", "offered: x"]
)
def test_malformed_rules_are_refused(text: str) -> None:
    with pytest.raises(BadPack, match="PACK_"):
        rules(text)
