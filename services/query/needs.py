"""What a part of a saved view needs of its reader: the objects and fields that it names, and whether they decide anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from services.query.binder import Touch, Use
from services.query.guard import guard_touches
from services.query.names import field_of, object_of, relation_of
from services.query.views import need

if TYPE_CHECKING:
    from schema.metadata.registry import Shape
    from services.permissions import Policy


def bind_column(shape: Shape, object_name: str, path: tuple[str, ...], *, decides: bool = False) -> frozenset[Touch]:
    """What a field at the end of a path over relations touches where its value is shown, or decides where records stand."""
    object_of(shape, object_name)
    *relations, last = path
    touches = {Touch(object_name)}
    for name in relations:
        field, relation = relation_of(shape, object_name, name)
        touches |= {Touch(object_name, field.name), Touch(relation.target)}
        object_name = relation.target
    field = field_of(shape, object_name, last)
    touches.add(Touch(object_name, field.name, Use.COMPARE if decides else Use.SELECT))
    if field.relation is not None:
        # A relation is shown by what stands for the record behind it.
        touches.add(Touch(field.relation.target))
    return frozenset(touches)


def require_readable(touches: Iterable[Touch], policy: Policy) -> None:
    """Refuse whoever may not read all of it."""
    guard_touches(touches, policy)


def needs_of(touches: Iterable[Touch]) -> list[str]:
    """The needs of a part, in the spelling that is kept."""
    found: set[str] = set()
    for touch in touches:
        found.add(need(touch.object_name))
        if touch.field_name:
            found.add(need(touch.object_name, touch.field_name, decides=touch.use is Use.COMPARE))
    return sorted(found)
