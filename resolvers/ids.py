"""Ids as callers write them."""

from __future__ import annotations

from uuid import UUID

from tenants.ids import object_number

_LENGTH = 36


def record_id(raw: object) -> UUID | None:
    """The id, if the text is one in its ordinary form."""
    if not isinstance(raw, str) or len(raw) != _LENGTH:
        return None
    try:
        return UUID(raw)
    except ValueError:
        return None


def record_number(raw: object) -> int:
    """The number of the object that an id belongs to; 0, which no object has, if it is no id."""
    found = record_id(raw)
    return 0 if found is None else object_number(found)
