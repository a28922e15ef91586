"""Names of a registry, and those that were meant."""

from __future__ import annotations

import pytest

from services.expressions import names
from services.expressions.parser import parse
from services.expressions.tree import Step
from services.expressions.types import BOOLEAN, MONEY
from tests.services.expressions.asking import REGISTRY


def test_only_names_with_dots_are_a_chain() -> None:
    assert names.chain_of(parse("a.b")) == (("a", 0), ("b", 2))
    assert names.chain_of(parse("a().b")) is None


def test_fields_have_types() -> None:
    assert names.field_type(REGISTRY, Step("company", "vip")) == BOOLEAN
    assert names.field_type(REGISTRY, Step("deal", "amount")) == MONEY
    assert names.field_type(REGISTRY, Step("company", "nope")) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("负责人", " Did you mean “owner”?"),
        ("created AT", " Did you mean “createdAt”?"),
        ("childern", " Did you mean “children”?"),
        ("today", " Did you mean “today()”?"),
        ("zzzz", ""),
    ],
)
def test_near_fields_are_found_by_words_and_by_spelling(name: str, expected: str) -> None:
    assert names.near_fields(REGISTRY, "company", name)["hint"] == expected


def test_near_functions_and_choices() -> None:
    assert names.near_functions("lenght")["hint"] == " Did you mean “length” or “left”?"
    assert names.near_choices({"won": ("赢单", "Won"), "lost": ()}, "赢单")["hint"] == " Did you mean “won”?"
    assert names.near_choices({"won": (), "lost": ()}, "los")["hint"] == " Did you mean “lost”?"
    assert "in" not in names.CALLABLE
    assert "&&" not in names.CALLABLE


def test_labels_fall_back_to_names() -> None:
    assert names.label_of(REGISTRY, Step("company", "owner"), "zh") == "负责人"
    assert names.label_of(REGISTRY, Step("company", "nope"), "zh") == "nope"
