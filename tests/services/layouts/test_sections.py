"""[A6] Sections are checked against the shape; everything that is wrong is told at once, each at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schema.metadata.fields import Label
from services.layouts.sections import Condition, Placed, Section, kept, restored
from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


def test_sections_come_back_as_they_were_kept() -> None:
    condition = Condition('level == "a"', {"call": {"function": "==", "arguments": []}})
    sections = (
        Section(Label("基本", "Basics"), 2, (Placed("name", 2), Placed("level", visible_if=condition)), condition),
        Section(Label(), 1, (Placed("phone", read_only=True),)),
    )

    assert restored(kept(sections)) == sections


@pytest.mark.parametrize(
    ("sections", "path", "code"),
    [
        ([], ["sections"], "LAYOUT_MALFORMED"),
        ("x", ["sections"], "LAYOUT_MALFORMED"),
        ([{"fields": []}] * 51, ["sections"], "LAYOUT_MALFORMED"),
        ([{"fields": [], "columns": 5}], ["sections", "0"], "LAYOUT_MALFORMED"),
        ([{"fields": [], "colour": 1}], ["sections", "0"], "LAYOUT_MALFORMED"),
        ([{"fields": [], "labelZh": 1}], ["sections", "0"], "LAYOUT_MALFORMED"),
        ([{"fields": [], "labelZh": "长" * 81}], ["sections", "0", "labelZh"], "TOO_LONG"),
        ([{"fields": [{"field": "name", "width": 2}]}], ["sections", "0", "fields", "0"], "LAYOUT_MALFORMED"),
        ([{"fields": [{"field": "nmae"}]}], ["sections", "0", "fields", "0", "field"], "UNKNOWN_FIELD"),
        (
            [{"fields": [{"field": "name"}]}, {"fields": [{"field": "name"}]}],
            ["sections", "1", "fields", "0", "field"],
            "FIELD_PLACED_TWICE",
        ),
        ([{"fields": [], "visibleIf": "level =="}], ["sections", "0", "visibleIf"], "EXPRESSION_MALFORMED"),
        ([{"fields": [], "visibleIf": "level"}], ["sections", "0", "visibleIf"], "EXPRESSION_WRONG_RESULT"),
        ([{"fields": [], "visibleIf": "true"}], ["sections", "0", "visibleIf"], "EXPRESSION_CHOOSES_NOTHING"),
    ],
)
async def test_a_section_that_does_not_fit_is_refused_at_its_place(
    person: Person, sections: Any, path: list[str], code: str
) -> None:
    answer = await mutate(await person("admin"), "createLayout", object="customer", sections=sections)

    assert answer == {"errors": [{"path": path, "code": code}]}


async def test_everything_that_is_wrong_is_told_at_once(person: Person) -> None:
    wrong = [{"fields": [{"field": "nope"}, 7]}, {"fields": [{"field": "name", "visibleIf": "1 +"}], "columns": 0}, {"fields": [
        {"field": "phone", "visibleIf": "nope == 1"},
    ]}]  # fmt: skip

    answer = await mutate(await person("admin"), "createLayout", object="customer", sections=wrong)

    assert [(each["path"], each["code"]) for each in answer["errors"]] == [
        (["sections", "0", "fields", "0", "field"], "UNKNOWN_FIELD"),
        (["sections", "0", "fields", "1"], "LAYOUT_MALFORMED"),
        (["sections", "1"], "LAYOUT_MALFORMED"),
        (["sections", "2", "fields", "0", "visibleIf"], "EXPRESSION_UNKNOWN_NAME"),
    ]
