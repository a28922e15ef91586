"""Plain tables for a terminal; Chinese characters take two columns there."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_WIDE = {"W", "F"}


def aligned(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns under their heads, two spaces apart."""
    lines = [tuple(head), *(tuple(map(str, row)) for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(_padded(cell, widths[at]) for at, cell in enumerate(line)).rstrip() for line in lines)


def pairs(values: Mapping[str, object]) -> str:
    """One name and value in a line."""
    longest = max(map(width, values))
    return "\n".join(f"{_padded(name, longest)}  {value}" for name, value in values.items())


def width(text: str) -> int:
    """How many columns a terminal needs for it."""
    return sum(2 if unicodedata.east_asian_width(sign) in _WIDE else 1 for sign in text)


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
