"""The text of scripts for the simple protocol: places (`@schema@`) filled with checked names, and literals that end where they should.

Apart from the histories, because every process fills in names and only those that prepare databases render revisions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = re.compile(r"@([a-z]+)@")
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")


def fill(text: str, names: Mapping[str, str]) -> str:
    """Put quoted names into the places of a revision."""
    return _PLACE.sub(lambda place: quoted(names[place[1]]), text)


def quoted(name: str) -> str:
    """A physical name of ours as an identifier; anything else is a defect."""
    if not _NAME.match(name):
        msg = f"not a physical name: {name!r}"
        raise ValueError(msg)
    return f'"{name}"'


def literal(text: str) -> str:
    """A text literal for the scripts of administrators, which the simple protocol sends without parameters."""
    if "\0" in text:
        msg = "NUL in a literal"
        raise ValueError(msg)
    # An escape string is read the same whatever `standard_conforming_strings` says.
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
