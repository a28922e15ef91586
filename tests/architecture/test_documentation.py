"""Documentation that a reader can trust: its links lead somewhere and its questions fit the schema of the demo tenant."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from tests.architecture import source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = sorted([source.ROOT / "README.md", source.ROOT / "CHANGELOG.md", *(source.ROOT / "docs").rglob("*.md")])

_LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
# One after a comment is run by `tests/journeys/demo/test_pages.py`, and may use what the page made before.
_EXAMPLE = re.compile(r"(?<! -->\n)^```graphql\n(.*?)^```", re.MULTILINE | re.DOTALL)
_BEGINNING = re.compile(r"(?=^(?:query|mutation)\b)", re.MULTILINE)


@cache
def schema() -> GraphQLSchema:
    text = (source.ROOT / "docs" / "schema.graphql").read_text(encoding="utf-8")
    return build_schema(text)


def broken_links(page: Path, text: str) -> list[str]:
    return [link for link in _LINK.findall(text) if "://" not in link and not (page.parent / link).exists()]


def documents(text: str) -> Iterator[str]:
    """Every operation of every example."""
    for example in _EXAMPLE.findall(text):
        yield from filter(str.strip, _BEGINNING.split(example))


def errors(document: str) -> list[str]:
    return [error.message for error in validate(schema(), parse(document), hide_suggestions=True)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_fit_the_schema(page: Path) -> None:
    """An example that does not work costs its reader an hour."""
    found = {document: errors(document) for document in documents(page.read_text(encoding="utf-8"))}

    assert {document: wrong for document, wrong in found.items() if wrong} == {}


def test_broken_link_is_seen() -> None:
    assert broken_links(source.ROOT / "README.md", "[a](docs/nowhere.md) [b](docs/api.md) [c](https://x.example)") == [
        "docs/nowhere.md"
    ]


def test_wrong_example_is_seen() -> None:
    (document,) = documents("```graphql\n{ customers { nodes { nope } } }\n```\n")

    assert errors(document) == ["Cannot query field 'nope' on type 'Customer'."]
