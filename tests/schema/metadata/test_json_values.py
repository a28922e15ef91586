"""[A3] Values of JSON are kept as they are, as far as PostgreSQL and other readers keep them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from schema.metadata.fields import Field
from schema.metadata.json_values import DEEPEST, LARGEST, json_value
from tenants.errors import Invalid

FIELD = Field("f", "json")


def nested(depth: int) -> Any:  # lists in lists
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"a": [1, "二", None, True, 1.5]}, {"a": [1, "二", None, True, 1.5]}),
        ("plain", "plain"),
        (0, 0),
        (False, False),
        ({}, {}),
        (Decimal("1.25"), 1.25),
        ((1, 2), [1, 2]),
        (10**39, 10**39),
        (None, None),
        (nested(DEEPEST), nested(DEEPEST)),
    ],
)
def test_json_is_kept(raw: object, expected: object) -> None:
    assert json_value(raw, FIELD) == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (nested(DEEPEST + 1), "JSON_TOO_DEEP"),
        ({"a": "x" * LARGEST}, "TOO_LONG"),
        (["x"] * 1_000_000, "TOO_LONG"),
        (float("nan"), "WRONG_TYPE"),
        ([float("inf")], "WRONG_TYPE"),
        (Decimal("1e999999"), "WRONG_TYPE"),
        (1e300, "WRONG_TYPE"),
        (10**40, "WRONG_TYPE"),
        ({"a": "\0"}, "BAD_CHARACTERS"),
        ({"\ud800": 1}, "BAD_CHARACTERS"),
        ({1: 1}, "WRONG_TYPE"),
        (object(), "WRONG_TYPE"),
    ],
)
def test_what_is_no_json_of_ours_is_refused(raw: object, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        json_value(raw, FIELD)

    assert caught.value.code == code
