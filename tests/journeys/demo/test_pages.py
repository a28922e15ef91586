"""[I1] What the first pages of the documentation ask of the demo, asked as printed: nothing there may be refused.

A block of GraphQL that is to be run has a comment before it: who asks, and for each variable where its value stood in
an earlier answer of the page, `<!-- admin; role: roles.nodes.0.id -->`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.architecture.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.builders.launcher import Demo

# Page → how many of its blocks are run.
PAGES = {"docs/getting-started.md": 8, "docs/administration.md": 8}
_BLOCK = re.compile(r"<!-- (?P<head>[^>]+) -->\n```graphql\n(?P<text>.+?)```", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One request of a page."""

    person: str
    places: dict[str, str]
    text: str


def blocks(page: str) -> Iterator[Block]:
    for found in _BLOCK.finditer((ROOT / page).read_text()):
        person, *places = found["head"].split("; ")
        yield Block(person, dict(place.split(": ") for place in places), found["text"])


def at(answers: dict[str, Any], place: str) -> Any:  # Any: decoded JSON
    value: Any = answers
    for step in place.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


@pytest.mark.parametrize("page", PAGES)
def test_page_can_be_followed_as_it_is_printed(demo: Demo, page: str) -> None:
    answers: dict[str, Any] = {}
    asked = list(blocks(page))
    for block in asked:
        values = {name: at(answers, place) for name, place in block.places.items()}
        answer = demo.ask(block.text, person=block.person, **values)
        refused = {
            name: part["errors"] for name, part in answer.items() if isinstance(part, dict) and part.get("errors")
        }
        assert refused == {}, block.text
        answers |= answer

    assert len(asked) == PAGES[page]
