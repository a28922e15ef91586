"""Ids as they are given, and what one says by itself: the number of the object that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.errors import NotAnId
from tenants.errors import Refused, Violation
from tenants.ids import object_number, record_id

if TYPE_CHECKING:
    from uuid import UUID


def record_number(raw: object) -> int:
    """The number of the object that an id belongs to; a text that is none is refused."""
    return object_number(required_id(raw))


def required_id(raw: object) -> UUID:
    """The id; a text that is none is refused."""
    found = record_id(raw)
    if found is None:
        raise NotAnId
    return found


def input_id(raw: object) -> UUID:
    """The id of what an input changes; a text that is none is told at its place, among all that is wrong with the input."""
    try:
        return required_id(raw)
    except NotAnId as fault:
        raise Refused((Violation(("id",), fault),)) from None
