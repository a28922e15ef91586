"""Arms and levels in the words of the API: `all`, `own`, `team`, … `shared`, `criteria`, and `none`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.permissions import EVERY_OBJECT, Arm, Criteria, Everyone, Level, OwnedBy, Scope, Shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.permissions import Grant


def scope_of(arm: Arm) -> str:
    """The word for one arm."""
    match arm:
        case Everyone():
            return Scope.ALL.value
        case OwnedBy():
            return arm.scope.value
        case Shared():
            return "shared"
        case Criteria():
            return "criteria"


def level_of(level: Level) -> str:
    """The word for a level."""
    return level.name.lower()


def grants_on(grants: Iterable[Grant], roles: Sequence[str], object_name: str) -> list[Grant]:
    """The grant of each role that counts for an object: its own, or else that on every object."""
    given = {(each.role, each.object_name): each for each in grants}
    found = (given.get((role, object_name)) or given.get((role, EVERY_OBJECT)) for role in roles)
    return [each for each in found if each is not None]
