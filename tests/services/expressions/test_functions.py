"""The table of functions is whole: every row answers a type, says words, and finds its arguments."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.expressions.functions import FUNCTIONS, QUANTIFIERS, VARIABLES
from services.expressions.literals import READERS
from services.expressions.types import BOOLEAN, DATE, DURATION, ID, MONEY, NUMBER, TEXT, Kind, Type
from tests.architecture import source

PAGE = Path(source.ROOT) / "docs" / "expressions.md"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda each: each.name)
def test_every_row_answers_a_type_and_can_be_found(function: object) -> None:
    name = getattr(function, "name", "")
    for row in FUNCTIONS[name].overloads:
        found = FUNCTIONS[name].overload(row.takes)

        assert found is not None
        assert isinstance(found.answer(row.takes), Type)
        assert found.answer(row.takes) == row.answer(row.takes)


@pytest.mark.parametrize(
    ("name", "given", "answers"),
    [
        ("+", (MONEY, MONEY), MONEY),
        ("+", (DATE, DURATION), DATE),
        ("+", (DATE, NUMBER), None),
        ("&&", (BOOLEAN, BOOLEAN, BOOLEAN), BOOLEAN),
        ("&&", (BOOLEAN,), None),
        ("coalesce", (TEXT, TEXT, TEXT), TEXT),
        ("coalesce", (TEXT, NUMBER), None),
        ("==", (ID, Type(Kind.RECORD, "deal")), BOOLEAN),
        ("==", (MONEY, NUMBER), None),
        ("<", (BOOLEAN, BOOLEAN), None),
        ("in", (TEXT, Type(Kind.LIST, "deal.stage", Kind.CHOICE)), BOOLEAN),
        ("in", (NUMBER, Type(Kind.LIST, item=Kind.TEXT)), None),
    ],
)
def test_overloads_are_chosen_by_type(name: str, given: tuple[Type, ...], answers: Type | None) -> None:
    found = FUNCTIONS[name].overload(given)

    assert (None if found is None else found.answer(given)) == answers


def test_everything_that_can_be_written_is_documented() -> None:
    documented = set(re.findall(r"\w+", PAGE.read_text(encoding="utf-8")))

    assert {name for name in (*FUNCTIONS, *VARIABLES, *QUANTIFIERS, *READERS) if name.isidentifier()} <= documented
