"""The default of a field with choices: never one that is not offered, because no record could begin with it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema.metadata.options import DEFAULT
from services.metadata.dictionaries import uses
from services.metadata.errors import ChoiceIsDefault

if TYPE_CHECKING:
    from collections.abc import Callable

    from schema.metadata.definitions import FieldDefinition
    from schema.metadata.fields import Field
    from services.metadata.snapshot import Snapshot


def refuse_lost(before: Snapshot, after: Snapshot) -> None:
    """No live field loses a choice that it gives to new records."""
    known = {field.id: field for thing in before.objects for field in thing.fields}
    lost = [
        f"{thing.name}.{field.name}"
        for thing in after.objects
        if before.by_name.get(thing.name) is not thing and not thing.is_retired
        for field in thing.fields
        if _lacks_default(field) and not (field.id in known and _lacks_default(known[field.id]))
    ]
    if lost:
        raise ChoiceIsDefault(fields=", ".join(lost))


def moved(before: Snapshot, dictionary: str, old: str, new: str) -> Snapshot:
    """The snapshot in which the fields of a dictionary give new records one entry where they gave another."""
    after = before
    for object_name, definition in uses(before, dictionary):
        field = _with(definition.field, lambda keys: dict.fromkeys(new if each == old else each for each in keys))
        after = after.with_field(object_name, replace(definition, field=field))
    return after


def offered(definition: FieldDefinition) -> FieldDefinition:
    """The field with what is still offered of its default."""
    keys = definition.field.offered_keys
    field = _with(definition.field, lambda default: dict.fromkeys(each for each in default if each in keys))
    return replace(definition, field=field)


def _lacks_default(definition: FieldDefinition) -> bool:
    return not definition.is_retired and not set(_default(definition.field)).issubset(definition.field.offered_keys)


def _default(field: Field) -> tuple[str, ...]:
    given = field.option(DEFAULT)
    if given is None or not field.type.has_choices:
        return ()
    return tuple(map(str, given)) if isinstance(given, tuple) else (str(given),)


def _with(field: Field, changed: Callable[[tuple[str, ...]], dict[str, None]]) -> Field:
    """The field with other keys as its default; without any it has none."""
    present = _default(field)
    keys = tuple(changed(present))
    if keys == present:
        return field
    others = [each for each in field.options if each[0] != DEFAULT]
    several = isinstance(field.option(DEFAULT), tuple)
    given = [(DEFAULT, keys if several else keys[0])] if keys else []
    return replace(field, options=tuple(sorted([*others, *given])))
