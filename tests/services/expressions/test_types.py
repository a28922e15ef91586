"""Fields have types of the language, and types have words."""

from __future__ import annotations

import pytest

from schema.metadata.fields import Field
from services.expressions.types import DURATION, ID, NUMBER, TEXT, Kind, Type, fits, type_of
from tests.services.expressions.asking import REGISTRY

CHOICE = Type(Kind.CHOICE, "deal.stage")


@pytest.mark.parametrize(
    ("object_name", "field", "expected"),
    [
        ("company", "name", TEXT),
        ("company", "id", Type(Kind.RECORD, "company")),
        ("company", "version", NUMBER),
        ("company", "score", NUMBER),
        ("company", "staff", NUMBER),
        ("company", "industry", Type(Kind.CHOICE, "company.industry")),
        ("company", "tags", Type(Kind.LIST, "", Kind.TEXT)),
        ("company", "phone", TEXT),
        ("company", "owner", Type(Kind.RECORD, "user")),
        ("company", "parent", Type(Kind.RECORD, "company")),
        ("auditEntry", "recordId", ID),
    ],
)
def test_fields_answer_types(object_name: str, field: str, expected: Type) -> None:
    found = REGISTRY.shape.field(object_name, field)

    assert found is not None
    assert type_of(object_name, found) == expected


def test_lengths_of_time_are_usable_and_rich_text_and_places_are_not() -> None:
    found = {
        each: type_of("deal", Field("f", each))
        for each in ("duration", "richText", "time", "address", "persons", "json")
    }

    assert found == {"duration": DURATION, **dict.fromkeys(("richText", "time", "address", "persons", "json"))}


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        (CHOICE, Type(Kind.CHOICE), True),
        (CHOICE, TEXT, False),
        (Type(Kind.RECORD, "deal"), ID, True),
        (Type(Kind.RECORD, "deal"), Type(Kind.RECORD, "company"), False),
        (Type(Kind.LIST, item=Kind.TEXT), Type(Kind.LIST), True),
        (Type(Kind.LIST, item=Kind.TEXT), Type(Kind.LIST, item=Kind.NUMBER), False),
    ],
)
def test_a_type_without_more_takes_any_of_its_kind(given: Type, wanted: Type, *, expected: bool) -> None:
    assert fits(given, wanted) is expected


@pytest.mark.parametrize(
    ("type_", "english", "chinese"),
    [
        (TEXT, "text", "文本"),
        (Type(Kind.RECORD, "deal"), "record of deal", "“deal”的记录"),
        (Type(Kind.LIST, item=Kind.CHOICE), "list of choice", "选项列表"),
        (ID, "record", "记录"),
    ],
)
def test_types_have_words(type_: Type, english: str, chinese: str) -> None:
    assert (type_.words("en"), type_.words("zh")) == (english, chinese)
