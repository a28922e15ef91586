"""Formats of auto-numbers: `HT{yyyy}-{0000}` is text, parts of the day and the counter with its width.

A format that names a part of the day counts anew in each period; the others count for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

DEFAULT_FORMAT = "{000000}"
_PIECE = re.compile(r"\{(yyyy|yy|MM|dd|0{1,12})\}|([^{}]+)")
_DAY = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d"}
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A parsed format: (part of the day or zeros, literal) pairs of which one is set."""

    pieces: tuple[tuple[str, str], ...]

    @property
    def has_period(self) -> bool:
        """Whether counting begins anew with time."""
        return any(code in _DAY for code, _ in self.pieces)

    def period(self, moment: datetime) -> str:
        """The period that a moment of the tenant's zone falls into."""
        return "-".join(moment.strftime(_DAY[code]) for code, _ in self.pieces if code in _DAY)

    def text(self, moment: datetime, count: int) -> str:
        """The number itself."""
        return "".join(
            literal or (moment.strftime(_DAY[code]) if code in _DAY else str(count).zfill(len(code)))
            for code, literal in self.pieces
        )


def parse(text: str) -> NumberFormat | None:
    """The format, or nothing if the text is none: it needs exactly one counter."""
    pieces, position = [], 0
    while position < len(text):
        found = _PIECE.match(text, position)
        if found is None:
            return None
        pieces.append((found[1] or "", found[2] or ""))
        position = found.end()
    counters = sum(code.startswith("0") for code, _ in pieces)
    return NumberFormat(tuple(pieces)) if counters == 1 and len(text) <= _LONGEST else None
