"""What a field is: its type, its options, the columns that it really has."""

from __future__ import annotations

import pytest

from schema.metadata.fields import Field, Label
from schema.metadata.types import FIELD_TYPES


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        (Field("f", "text"), ("",)),
        (Field("f", "text", is_unique=True), ("", "norm")),
        (Field("f", "text", options=(("normalForm", "company"), ("sortKey", "pinyin"))), ("", "sort", "norm")),
        (Field("f", "currency"), ("", "currency")),
        (Field("f", "phone", is_unique=True), ("",)),
    ],
)
def test_companions_stand_where_they_are_asked_for(field: Field, parts: tuple[str, ...]) -> None:
    assert field.parts == parts


def test_option_that_is_not_there_is_nothing() -> None:
    field = Field("f", "text", options=(("maxLength", 3),))

    assert (field.option("maxLength"), field.option("minLength"), field.type) == (3, None, FIELD_TYPES["text"])


@pytest.mark.parametrize(
    ("label", "language", "words"),
    [
        (Label("客户", "Customer"), "zh", "客户"),
        (Label("客户", "Customer"), "en", "Customer"),
        (Label("客户", ""), "en", "客户"),
        (Label("客户", "Customer"), "fr", "客户"),
        (Label("", "Customer"), "zh", "Customer"),
        (Label(), "zh", "customer"),
    ],
)
def test_words_fall_back_to_the_other_language_and_the_name(label: Label, language: str, words: str) -> None:
    assert label.text(language, "customer") == words
