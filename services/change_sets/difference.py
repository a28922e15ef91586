"""What a change set adds, and whether it does nothing else: only then can a group of people have it before everybody. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from services.metadata import Difference

_ADDED: Final = "added"
# What can be hidden from people until it is for everybody.
_HIDEABLE: Final = frozenset({"object", "field", "layout", "validationRule", "uniqueRule"})


def is_additive(differences: Iterable[Difference]) -> bool:
    """Whether everything in it is new: objects, fields with their choices, layouts and rules."""
    found = tuple(differences)
    return bool(found) and not others(found)


def others(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """What reaches everybody at once: what was there already, and a choice or a unique rule of such."""
    found = tuple(differences)
    new = {each.coordinate for each in found if each.action == _ADDED and each.kind in {"object", "field"}}
    return tuple(each for each in found if each.action != _ADDED or not _is_new(each, new))


def added(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """What comes by itself: not the fields of a new object, nor the choices of a new field."""
    found = [each for each in differences if each.action == _ADDED and each.kind in _HIDEABLE]
    objects = {each.object_name for each in found if each.kind == "object"}
    return tuple(each for each in found if each.kind == "object" or each.object_name not in objects)


def _is_new(each: Difference, new: set[str]) -> bool:
    if each.object_name in new:
        return True
    if each.kind == "uniqueRule":
        return any(f"{each.object_name}.{name}" in new for name in each.name.split(", "))
    return each.kind in _HIDEABLE or f"{each.object_name}.{each.field_name}" in new
