"""What no input of a hand-written field may hold: text that PostgreSQL does not take, and values too deep in each other.

The values of records are read by the types of their fields, which say so themselves. All other texts are looked at here,
once, before anything asks the database for them or follows them down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.readable import unreadable
from tenants.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


def refuse_unreadable(given: Mapping[str, object]) -> None:
    """Refuse an input with everything in it that cannot be read."""
    if violations := unreadable(given):
        raise Refused(violations)
