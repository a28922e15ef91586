"""What an id says by itself: the number of the object that it belongs to."""

from __future__ import annotations

from tenants.ids import object_number, record_id


def record_number(raw: object) -> int:
    """The number of the object that an id belongs to; 0, which no object has, if it is no id."""
    found = record_id(raw)
    return 0 if found is None else object_number(found)
