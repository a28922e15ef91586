"""The page of field types is what the table of types says."""

from __future__ import annotations

from schema.metadata.types import FIELD_TYPES, LINKED, SYSTEM_ONLY
from tests.architecture import field_catalogue
from tests.builders.field_cases import CASES, COMPUTED, ENTERED, FILED


def test_page_is_that_of_the_table() -> None:
    """An administrator reads the page, not the code."""
    page = field_catalogue.PAGE.read_text(encoding="utf-8")

    assert page == field_catalogue.page(), "run: python -m tests.architecture.field_catalogue"


def test_every_type_stands_on_the_page() -> None:
    """A type without its case would have a cell with no test behind it."""
    assert {*ENTERED, *FILED, *COMPUTED, *LINKED} == FIELD_TYPES.keys() - SYSTEM_ONLY
    assert CASES.keys() == set(ENTERED)
