"""What a designer draws with, for those who may define: the palette of types, and how much of everything there can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.palette import Tool, palette
from services import permissions
from services.metadata.drafting import MOST_CHOICES, MOST_FIELDS, MOST_OBJECTS
from tenants.errors import Forbidden

if TYPE_CHECKING:
    from tenants.context import ReadWork

# Name → how much, and the code of what goes beyond it.
LIMITS = {
    "objects": (MOST_OBJECTS, "TOO_MANY_OBJECTS"),
    "fields": (MOST_FIELDS, "TOO_MANY_FIELDS"),
    "choices": (MOST_CHOICES, "TOO_MANY_CHOICES"),
}


async def tools(work: ReadWork) -> tuple[Tool, ...]:
    """Every type of field that may be chosen."""
    if not (await permissions.policy(work)).may_define:
        raise Forbidden
    return palette()
