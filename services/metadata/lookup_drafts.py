"""What a lookup shows, checked when it is defined or changed: a relation of its object and a plain field behind it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema.metadata.errors import BadOption, CannotBeRequired
from schema.metadata.naming import tenant_name
from schema.metadata.near_names import LONGEST
from services.metadata.findings import Findings

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.registry import Shape
    from services.metadata.snapshot import Snapshot


def settled(before: Snapshot, object_name: str, field: Field) -> Field:
    """The field with the names of what it shows in full; any other field as it is."""
    if not field.is_shown:
        return field
    found = Findings()
    if field.required:
        found.note(CannotBeRequired(type=field.type_name), "required")
    shape = before.registry.shape
    relation = _named(shape, object_name, str(field.option("relation") or ""))
    source = None
    if relation is None or relation.relation is None:
        found.note(
            _bad(field, "relation", "a relation of this object to one record", "须为本对象的对一关联"),
            "options",
            "relation",
        )
    else:
        source = _named(shape, relation.relation.target, str(field.option("field") or ""))
        if source is None or source.relation is not None or source.type.has_several:
            found.note(
                _bad(field, "field", "a plain field behind the relation", "须为关联对象的普通字段"), "options", "field"
            )
    found.settle()
    assert relation is not None, "a lookup without a relation was refused"
    assert source is not None, "a lookup without a field was refused"
    return replace(field, options=(("field", source.name), ("relation", relation.name)))


def resettled(after: Snapshot, object_name: str, name: str) -> Snapshot:
    """The snapshot in which this field was changed, if it still shows something that is there."""
    definition = after.field(object_name, name)
    if definition.is_retired:
        return after
    return after.with_field(object_name, replace(definition, field=settled(after, object_name, definition.field)))


def _named(shape: Shape, object_name: str, name: str) -> Field | None:
    """A field by its name, with or without the ending of tenants."""
    return shape.field(object_name, name) or shape.field(object_name, tenant_name(name))


def _bad(field: Field, option: str, wanted: str, wanted_zh: str) -> BadOption:
    given = str(field.option(option) or "")[:LONGEST]
    return BadOption(option=option, why=f"“{given}” is not {wanted}", why_zh=f"“{given}”{wanted_zh}")
