"""How a rule that is there is found: by its id, or by its object and what it is called. Pure.

Steps of a change set name a rule that an earlier step makes, which has no id before it is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from tenants.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema.metadata.definitions import IndexDefinition, ObjectDefinition
    from schema.metadata.field_rules import ValidationRule
    from services.metadata import Snapshot


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A validation rule by its object and its name."""

    object_name: str
    name: str


@dataclass(frozen=True, slots=True)
class FieldsTogether:
    """A unique rule by its object and its fields, in whatever order."""

    object_name: str
    fields: tuple[str, ...]


RuleReference: TypeAlias = "UUID | NamedRule"
UniqueReference: TypeAlias = "UUID | FieldsTogether"


def validation_rule(before: Snapshot, wanted: RuleReference) -> tuple[ObjectDefinition, ValidationRule]:
    """The rule, with its object."""
    for thing in _present(before):
        for each in thing.validation:
            if wanted in {each.id, NamedRule(thing.name, each.name)}:
                return thing, each
    raise NotFound


def unique_rule(before: Snapshot, wanted: UniqueReference) -> tuple[ObjectDefinition, IndexDefinition]:
    """The rule, with its object; by its fields the one that is live."""
    for thing in _present(before):
        for each in thing.indexes:
            if each.index.is_unique and (each.id == wanted or (each.is_live and _is(thing, each, wanted))):
                return thing, each
    raise NotFound


def _present(before: Snapshot) -> Iterator[ObjectDefinition]:
    return (each for each in before.objects if not each.is_retired)


def _is(thing: ObjectDefinition, each: IndexDefinition, wanted: UniqueReference) -> bool:
    return (
        isinstance(wanted, FieldsTogether)
        and thing.name == wanted.object_name
        and {*each.index.fields} == {*wanted.fields}
    )
