"""The part of a field that a change of type exchanges, as it is stored with the change: type, options, column, choices.

Everything else of a field (its words, its place, whether it is required) is that of the moment, whichever way it goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.metadata.definitions import ChoiceDefinition, with_choices
from schema.metadata.fields import Label
from services import metadata

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition


def kept(field: FieldDefinition) -> dict[str, object]:
    """The exchanged part as JSON."""
    return {
        "type": field.field.type_name,
        "options": dict(field.field.options),
        "isUnique": field.field.is_unique,
        "isIndexed": field.field.is_indexed,
        "column": field.column,
        "choices": [
            {"id": str(each.id), "key": each.key, "zh": each.label.zh, "en": each.label.en, "retired": each.retired}
            for each in field.choices
        ],
    }


def restored(field: FieldDefinition, side: Mapping[str, Any]) -> FieldDefinition:
    """A field with the exchanged part of a stored side, its choices with the words that they had then."""
    choices = [
        ChoiceDefinition(UUID(each["id"]), each["key"], Label(each["zh"], each["en"]), each["retired"])
        for each in side["choices"]
    ]
    known = {each.id for each in choices}
    choices += [each for each in field.choices if each.id not in known]
    return as_it_was(replace(field, choices=tuple(choices)), side)


def as_it_was(field: FieldDefinition, side: Mapping[str, Any]) -> FieldDefinition:
    """A field with type, options and column of a stored side, and with the choices that it has now."""
    options = {name: tuple(each) if isinstance(each, list) else each for name, each in side["options"].items()}
    shape = replace(
        field.field,
        type_name=side["type"],
        options=tuple(sorted(options.items())),
        is_unique=side["isUnique"],
        is_indexed=side["isIndexed"],
    )
    # What was retired meanwhile is no default of what comes back.
    return metadata.default_offered(replace(field, field=with_choices(shape, field.choices), column=side["column"]))
