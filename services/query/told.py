"""What an audit entry says of a kept condition. Entries are kept for ever, so operands of marked fields stand there masked.

`services.records.trace` does the same for the values of records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from schema.metadata.objects import ObjectKind
from services import expressions, metadata
from services.expressions import ExpressionOutdated
from services.query.binder import Touch, bind_condition
from services.query.criteria import decode
from services.query.errors import OperatorNotOffered, UnknownName
from services.query.expressions import EXPRESSION, touches

if TYPE_CHECKING:
    from schema.metadata.registry import Shape
    from tenants.context import ReadWork

_MASK = "***"
# What a kept condition is refused with that no longer fits the shape.
OUTDATED_BY = (ExpressionOutdated, OperatorNotOffered, UnknownName)


async def told(
    work: ReadWork, object_name: str, stored: Mapping[str, Any], said: Mapping[str, object]
) -> dict[str, object]:
    """The fields of records that the condition touches, and what was said; of marked fields without the operands.

    Whoever reads the entry is told the condition only if these fields are open to him (see `traces`).
    """
    shape = (await metadata.registry(work)).shape
    try:
        touched = touched_by(shape, object_name, stored)
    except OUTDATED_BY:
        # Its field was retired since: whether it was marked is not known any more.
        return dict.fromkeys(said, _MASK)
    of_records = (each for each in touched if each.field_name and _is_of_records(shape, each))
    fields = sorted({f"{each.object_name}.{each.field_name}" for each in of_records})
    if not any(shape.audits(each.object_name, each.field_name) for each in touched):
        return {"fields": fields, **said}
    return {"fields": fields, **{name: _masked(each) if name == "filter" else _MASK for name, each in said.items()}}


def touched_by(shape: Shape, object_name: str, stored: Mapping[str, Any]) -> frozenset[Touch]:
    """What a kept condition looks at; refused where it does not fit the shape."""
    if EXPRESSION in stored:
        return touches(expressions.restored(stored[EXPRESSION], shape, object_name))
    return bind_condition(shape, object_name, decode(stored))


def _is_of_records(shape: Shape, touch: Touch) -> bool:
    return shape.objects[touch.object_name].kind is not ObjectKind.SYSTEM


def _masked(given: object) -> object:
    if isinstance(given, Mapping):
        return {name: _masked(each) for name, each in given.items()}
    return [_masked(each) for each in given] if isinstance(given, list) else _MASK
