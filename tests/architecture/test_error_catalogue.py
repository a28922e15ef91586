"""Error codes are public API: unique, documented, worded in both languages with the same places to fill in."""

from __future__ import annotations

import re
from collections import Counter
from string import Formatter

import pytest

from tenants.errors import Fault
from tests.architecture import error_catalogue

FAULTS = error_catalogue.faults()


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_page_lists_every_fault() -> None:
    """A client developer reads the page, not the code."""
    page = error_catalogue.page(FAULTS)

    assert error_catalogue.PAGE.read_text(encoding="utf-8") == page, "run: python -m tests.architecture.error_catalogue"


def test_code_belongs_to_one_class() -> None:
    """Two meanings under one code cannot be told apart by a client."""
    assert [code for code, count in Counter(each.code for each in FAULTS).items() if count > 1] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_fault_is_worded_in_both_languages(fault: type[Fault]) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", fault.code)
    assert "zh" in vars(fault)
    assert re.search(r"[\u4e00-\u9fff]|\{", fault.zh)
    assert "\n" not in error_catalogue.english(fault)
    assert places(error_catalogue.english(fault)) == places(fault.zh)


def test_missing_wording_is_seen() -> None:
    assert places("At most {max} characters; there are {length}.") == {"max", "length"}


def test_code_is_told_in_all_its_words() -> None:
    """Who looks a message up finds it, whichever of the places it came from."""
    assert "is no name: it begins" in error_catalogue.PAGE.read_text("utf-8")
    assert "<br>“{name}” is no key of a choice" in error_catalogue.PAGE.read_text("utf-8")
