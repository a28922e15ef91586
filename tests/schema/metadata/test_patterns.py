"""The small pattern language matches what it says and cannot run away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.metadata import patterns


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("[A-Z]{2}-\\d{4}", "AB-1234", True),
        ("[A-Z]{2}-\\d{4}", "AB-12345", False),
        ("[0-9A-Z]{18}", "91330100MA2CDEFG1X", True),
        ("SO\\d+", "SO1", True),
        ("SO\\d+", "SO", False),
        ("a.c", "abc", True),
        ("a\\.c", "abc", False),
        ("[^0-9]*", "abc", True),
    ],
)
def test_pattern_matches_the_whole_value(pattern: str, value: str, *, expected: bool) -> None:
    assert patterns.matches(pattern, value) is expected


@pytest.mark.parametrize(
    "pattern", ["", "(a+)+", "a|b", "a*b*", "a?b?", "a{1,5}b*", "[", "a**", "\\b", "^a$", "x" * 201, "[z-a]", "a{3,1}"]
)
def test_what_could_run_away_is_no_pattern(pattern: str) -> None:
    assert patterns.is_pattern(pattern) is False
    assert patterns.matches(pattern, "a") is False


@given(st.text("ab[](){}*+?\\d.-|^$0123,", max_size=20), st.text("ab0", max_size=20))
def test_no_text_raises(pattern: str, value: str) -> None:
    assert isinstance(patterns.matches(pattern, value), bool)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [(r"[A-Z]{2}-\d{4}", "AA-1111"), (r"SB\d+", "SB1"), ("[^a-z]?x*", ""), ("[0-9A-Z]{18}", "1" * 18), ("(", "")],
)
def test_example_has_the_form(pattern: str, expected: str) -> None:
    assert patterns.example(pattern) == expected
