"""What a change set adds, and whether it does nothing else: only then can a group of people have it before everybody. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from services.metadata import Difference

_ADDED: Final = "added"
# What can be hidden from people until it is for everybody.
_HIDEABLE: Final = frozenset({"object", "field", "layout", "validationRule"})


def is_additive(differences: Iterable[Difference]) -> bool:
    """Whether everything in it is new: objects, fields with their choices, layouts, rules; and nothing is asked of old fields.

    What an object or a field is changed by along with it (its title, the place of a choice) is a change like any other.
    """
    found = tuple(differences)
    new = {each.coordinate for each in found if each.action == _ADDED and each.kind in {"object", "field"}}
    return bool(found) and all(each.action == _ADDED and _is_new(each, new) for each in found)


def added(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """What comes by itself: not the fields of a new object, nor the choices of a new field."""
    found = [each for each in differences if each.action == _ADDED and each.kind in _HIDEABLE]
    objects = {each.object_name for each in found if each.kind == "object"}
    return tuple(each for each in found if each.kind == "object" or each.object_name not in objects)


def _is_new(each: Difference, new: set[str]) -> bool:
    if each.kind in _HIDEABLE:
        return True
    # A choice of a field that is there, and a unique rule over such, reach everybody.
    place = f"{each.object_name}.{each.field_name}" if each.field_name else each.object_name
    return place in new or each.object_name in new
