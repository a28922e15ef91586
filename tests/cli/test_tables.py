"""Columns stand under their heads, with Chinese too."""

from __future__ import annotations

from cli import tables


def test_chinese_takes_two_columns() -> None:
    assert tables.aligned(("name", "n"), [("安科", 1), ("acme co", 22)]) == "name     n\n安科     1\nacme co  22"


def test_pairs_line_up() -> None:
    assert tables.pairs({"a": 1, "long": "x"}) == "a     1\nlong  x"


def test_width_of_full_width_signs() -> None:
    assert (tables.width("abc"), tables.width("客制"), tables.width("\uff21\uff11")) == (3, 4, 4)
