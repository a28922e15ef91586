"""What uses an object or a field, over GraphQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from schema.types.usages import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services import metadata


def usages_told(found: Iterable[metadata.Usage]) -> list[Usage]:
    """Usages as the API tells them."""
    return [
        Usage(
            kind=each.kind,
            name=each.name,
            id=None if each.id is None else strawberry.ID(str(each.id)),
            breaks=each.breaks,
        )
        for each in found
    ]
