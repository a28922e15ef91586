"""Names of a plan looked up in a shape: fields, the ids of relations, inverses, and paths over relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.fields import Field, FieldState, Relation
from schema.metadata.types import Output
from services.query.errors import NoSuchObject, UnknownName

if TYPE_CHECKING:
    from schema.metadata.objects import Inverse, Object
    from schema.metadata.registry import Shape

ID_ENDINGS = (("Id_c", "_c"), ("Id", ""))
MASKED_FIELDS = "maskedFields"
# Objects that tell of other records, and their fields that keep values of those.
HISTORY, AUDIT, JOB = "recordHistory", "auditEntry", "job"
_TRACES = frozenset({(HISTORY, "changes"), (AUDIT, "details"), (JOB, "details")})


def object_of(shape: Shape, name: str) -> Object:
    """An object by its name."""
    found = shape.objects.get(name)
    if found is None:
        raise NoSuchObject(name=name)
    return found


def is_trace(object_name: str, field_name: str) -> bool:
    """Whether a field keeps values of other records, each under its own permission."""
    return (object_name, field_name) in _TRACES


def field_of(shape: Shape, object_name: str, name: str) -> Field:
    """A field by its own name, or a relation by the name of its id: `customerId` finds `customer`."""
    found = _live(shape.field(object_name, name)) or relation_by_id(shape, object_name, name)
    found = found or _several_by_ids(shape, object_name, name)
    if found is None:
        raise UnknownName(object=object_name, name=name)
    return found


def relation_by_id(shape: Shape, object_name: str, name: str) -> Field | None:
    """The relation whose id this name reads, if it is one and no field of its own has that name."""
    if _live(shape.field(object_name, name)) is not None:
        return None
    for ending, tail in ID_ENDINGS:
        if name.endswith(ending):
            field = _live(shape.field(object_name, name.removesuffix(ending) + tail))
            return field if field is not None and field.type.is_relation else None
    return None


def _several_by_ids(shape: Shape, object_name: str, name: str) -> Field | None:
    """The field of several persons whose ids this name reads: `teamIds` finds `team`."""
    base, ending = (name.removesuffix("_c"), "_c") if name.endswith("_c") else (name, "")
    field = _live(shape.field(object_name, base.removesuffix("Ids") + ending)) if base.endswith("Ids") else None
    return field if field is not None and field.type.output is Output.RECORDS else None


def relation_of(shape: Shape, object_name: str, name: str) -> tuple[Field, Relation]:
    """A relation to one record."""
    field = _live(shape.field(object_name, name))
    if field is None or field.relation is None:
        raise UnknownName(object=object_name, name=name)
    object_of(shape, field.relation.target)
    return field, field.relation


def inverse_of(shape: Shape, object_name: str, name: str) -> Inverse:
    """The many side of a relation."""
    inverse = shape.inverse(object_name, name)
    if inverse is None:
        raise UnknownName(object=object_name, name=name)
    return inverse


def path_end(shape: Shape, object_name: str, path: tuple[str, ...]) -> tuple[str, Field]:
    """The object and the field at the end of a path over relations."""
    *relations, last = path
    for name in relations:
        object_name = relation_of(shape, object_name, name)[1].target
    return object_name, field_of(shape, object_name, last)


def _live(field: Field | None) -> Field | None:
    return None if field is None or field.state is FieldState.RETIRED else field
