"""Which running pilots cover an object or a field: told to whoever is about to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import metadata
from services.metadata import Subject, Usage
from services.permissions import running_pilots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.context import ReadWork

KIND = "pilot"


async def usages(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """By title. A pilot goes on without what was retired."""
    return [
        Usage(KIND, each.title, each.id)
        for each in await running_pilots(work)
        if subject.is_named_by({(one.object_name, one.field_name) for one in each.coordinates})
    ]


metadata.provide_usages(KIND, usages)
