"""Answers of different servers are compared by what they say, not by how they spell it."""

from __future__ import annotations

import pytest

from bench.reads.answers import Json, canonical, difference


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("78.5000", "78.5"),
        ("100", "100"),
        ("-0.250", "-0.25"),
        ("+8613800000000", "+8613800000000"),
        ("2025-01-01T08:00:00+08:00", "2025-01-01T00:00:00+00:00"),
        ("2025-01-01T00:00:00.000000Z", "2025-01-01T00:00:00+00:00"),
        ("2025-01-01", "2025-01-01"),
        (None, None),
        (True, True),
    ],
)
def test_one_spelling_for_each_value(given: Json, expected: Json) -> None:
    assert canonical(given) == expected


def test_money_is_one_value_and_cursors_are_left_out() -> None:
    flat: Json = {"cursor": "WyJh", "node": {"amount": "5.2500", "amountCurrency": "CNY"}}
    nested: Json = {"cursor": "01", "node": {"amount": {"amount": "5.25", "currency": "CNY"}}}

    assert canonical(flat) == canonical(nested) == {"node": {"amount": {"amount": "5.25", "currency": "CNY"}}}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"a": [1, 2]}, {"a": [1, 2]}, None),
        ({"a": [1, 2]}, {"a": [1, 3]}, "data.a[1]: 2 and 3"),
        ({"a": [1, 2]}, {"a": [1]}, "data.a: a list of 2 and a list of 1"),
        ({"a": 1}, {"a": 1, "b": 2}, "data: an object of a and an object of a, b"),
        ({"a": {"b": "x"}}, {"a": {"b": None}}, "data.a.b: 'x' and None"),
    ],
)
def test_first_difference_is_named(one: Json, other: Json, expected: str | None) -> None:
    assert difference(one, other) == expected
