"""Text that PostgreSQL does not take, and values too deep in each other, are told with their place."""

from __future__ import annotations

import pytest

from schema.metadata.readable import DEEPEST, unreadable


def nested(levels: int) -> object:
    made: object = 1
    for _ in range(levels):
        made = [made]
    return made


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"a": "甲😀\n", "b": [1, None, {"c": True}]}, []),
        ({"a": "x\0", "b": ["y", "\ud800"], "c": {"d": {"\0": "e"}}}, [(("a",), "BAD_CHARACTERS"), (("b", 1), "BAD_CHARACTERS"), (("c", "d"), "BAD_CHARACTERS")]),
        ({"a": nested(DEEPEST)}, []),
        ({"a": nested(DEEPEST + 1)}, [(("a",), "JSON_TOO_DEEP")]),
        ({"a": nested(5_000), "b": "\0"}, [(("a",), "JSON_TOO_DEEP")]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place(given: dict[str, object], found: list[object]) -> None:
    assert [(each.path, each.fault.code) for each in unreadable(given)] == found
