"""Names of an expression looked up in a registry, and the names that somebody may have meant instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from schema.metadata.near_names import hints, suggestion
from services.expressions.functions import FUNCTIONS, QUANTIFIERS, VARIABLES
from services.expressions.literals import READERS
from services.expressions.syntax import Member, Name, Written
from services.expressions.tree import Step
from services.expressions.types import Type, type_of

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from tenants.errors import Scalar

# What can be written with brackets behind it; signs are functions of the table too.
CALLABLE = frozenset(filter(str.isidentifier, (*FUNCTIONS, *VARIABLES, *QUANTIFIERS, *READERS))) - {"in"}


def chain_of(written: Written) -> tuple[tuple[str, int], ...] | None:
    """`a.b.c` as its names with their places; nothing for anything else."""
    match written:
        case Name():
            return ((written.name, written.at),)
        case Member():
            before = chain_of(written.of)
            return None if before is None else (*before, (written.name, written.at))
        case _:
            return None


def field_type(registry: Registry, step: Step) -> Type | None:
    """What a field answers; nothing if there is none, or none that expressions can use."""
    field = registry.shape.field(step.object_name, step.field_name)
    return None if field is None else type_of(step.object_name, field)


def near_fields(registry: Registry, object_name: str, name: str) -> dict[str, Scalar]:
    """Fields whose words or names are near; functions too, for those who left out the brackets."""
    thing, names = registry.shape.objects[object_name], registry.names[object_name]
    labelled = {field.name: names.fields[field.name].label for field in thing.fields if field.name in names.fields}
    said = [each for each, label in labelled.items() if name.lower() in {label.zh.lower(), label.en.lower()}]
    if said:
        return suggestion(said)
    fields = (each.name for each in thing.fields if type_of(object_name, each) is not None)
    return hints(name, (*fields, *(each.name for each in thing.inverses), *(f"{each}()" for each in VARIABLES)))


def there_all_the_same(registry: Registry, object_name: str, name: str) -> dict[str, Scalar] | None:
    """What to write instead of a field that is there and no value of an expression; nothing where there is none."""
    inverse = registry.shape.inverse(object_name, name)
    if inverse is not None and inverse.link is None:
        return {
            "hint": f" Ask {name}.exists(x, …) or {name}.all(x, …).",
            "hint_zh": f"可写 {name}.exists(x, …) 或 {name}.all(x, …)。",
        }
    there = inverse is not None or registry.shape.closable(object_name, name) is not None
    return {"hint": "", "hint_zh": ""} if there else None


def near_functions(name: str) -> dict[str, Scalar]:
    """Functions whose names are near."""
    return hints(name, CALLABLE)


def near_choices(keys: Mapping[str, Iterable[str]], name: str) -> dict[str, Scalar]:
    """Choices whose words are these, or whose keys are near."""
    said = [key for key, words in keys.items() if name in words]
    return suggestion(said) if said else hints(name, keys)


def label_of(registry: Registry, step: Step, language: str) -> str:
    """The words of a field, or of the many side behind it."""
    names = registry.names[step.object_name].fields.get(step.field_name)
    return step.field_name if names is None else names.label.text(language, step.field_name)
