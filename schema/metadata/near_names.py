"""Names that somebody may have meant instead of one that there is none of, as the ends of messages in both languages.

Candidates are given by the caller, who knows what may be told to whom.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenants.errors import Scalar

_NEAR = 3
# Comparing costs time for each name and each letter of it.
_MOST_COMPARED = 500
LONGEST = 60


def hints(name: str, known: Iterable[str]) -> dict[str, Scalar]:
    """The near names, as the ends of both messages."""
    folded = {each.lower(): each for each in islice(known, _MOST_COMPARED)}
    found = difflib.get_close_matches(name[:LONGEST].lower(), folded, n=_NEAR, cutoff=0.6)
    return suggestion(folded[each] for each in found)


def suggestion(names: Iterable[str]) -> dict[str, Scalar]:
    """“Did you mean …?” in both languages; nothing without names."""
    given = tuple(names)
    if not given:
        return {"hint": "", "hint_zh": ""}
    return {
        "hint": f" Did you mean {' or '.join(f'“{each}”' for each in given)}?",
        "hint_zh": f"您是否想写{'、'.join(f'“{each}”' for each in given)}?",
    }
