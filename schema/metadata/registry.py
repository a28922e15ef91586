"""An immutable snapshot of a tenant's objects: the shape shared by content hash, the tenant's own names beside it.

The hash is over canonical names, types and rules, not over ids, labels, numbers or physical names; so compiled
statements and GraphQL schemas are shared between tenants of equal shape.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from schema.metadata.derivations import Derivations
from schema.metadata.field_rules import ObjectRules
from schema.metadata.fields import ENGLISH, NO_LABEL, Field
from schema.metadata.objects import Inverse, Object, ObjectNames
from tenants.sql import Slot


class Shape:
    """Objects by name, with lookups. Equal hash means equal shape."""

    def __init__(self, objects: Iterable[Object]) -> None:
        self.objects: Mapping[str, Object] = MappingProxyType({
            thing.name: thing for thing in sorted(objects, key=lambda each: each.name)
        })
        self._fields = {name: thing.by_name for name, thing in self.objects.items()}
        self._inverses = {name: thing.inverses_by_name for name, thing in self.objects.items()}

    @cached_property
    def hash(self) -> str:
        """SHA-256 over those of all objects; 64 hexadecimal digits."""
        return hashlib.sha256(b"".join(each.digest for each in self.objects.values())).hexdigest()

    @cached_property
    def derivations(self) -> Derivations:
        """Which derived fields read which fields."""
        return Derivations.of(self.objects.values())

    def field(self, object_name: str, name: str) -> Field | None:
        """One field of an object, or nothing."""
        return self._fields[object_name].get(name)

    def audits(self, object_name: str, name: str = "") -> bool:
        """Whether reading this field leaves an audit entry, as reading what it is computed from would; or the object."""
        read = {(object_name, name), *self.derivations.sources.get((object_name, name), ())}
        return any(self.objects[each].audit_reads or self._audits(each, field_name) for each, field_name in read)

    def closable(self, object_name: str, name: str) -> Field | None:
        """One field of an object that rights may be given on, links and lookups too; or nothing."""
        thing = self.objects[object_name]
        others = (each for each in (*thing.links, *thing.lookups) if each.name == name)
        return self.field(object_name, name) or next(others, None)

    def shown(self, object_name: str, name: str) -> tuple[Field, Object, Field] | None:
        """What a lookup shows: its relation, the object behind it, and the field there; or nothing."""
        lookup = next((each for each in self.objects[object_name].lookups if each.name == name), None)
        if lookup is None:
            return None
        relation = self.field(object_name, str(lookup.option("relation")))
        if relation is None or relation.relation is None:
            return None
        target = self.objects[relation.relation.target]
        field = self.field(target.name, str(lookup.option("field")))
        return None if field is None else (relation, target, field)

    def inverse(self, object_name: str, name: str) -> Inverse | None:
        """One inverse relation of an object, or nothing."""
        return self._inverses[object_name].get(name)

    def _audits(self, object_name: str, name: str) -> bool:
        field = self.field(object_name, name)
        return field is not None and field.audit_reads


@dataclass(frozen=True)
class Registry:
    """One tenant's snapshot at one metadata version."""

    shape: Shape
    names: Mapping[str, ObjectNames]
    version: int
    # What is asked of the records of an object, where anything is; no part of the shape.
    rules: Mapping[str, ObjectRules] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def by_number(self) -> Mapping[int, str]:
        """Object names by the number that ids carry."""
        return MappingProxyType({names.number: name for name, names in self.names.items()})

    def choice_words(self, object_name: str, field: Field, language: str) -> tuple[str, ...]:
        """What the choices of a field are called, in their order; worked out once, because statements ask each time."""
        key = (object_name, field.name, language == ENGLISH)
        found = self._choice_words.get(key)
        if found is None:
            labels = self.names[object_name].fields[field.name].choice_labels
            found = tuple(labels.get(each, NO_LABEL).text(language, each) for each in field.choice_keys)
            self._choice_words[key] = found
        return found

    @cached_property
    def _choice_words(self) -> dict[tuple[str, str, bool], tuple[str, ...]]:
        return {}

    def physical(self, slot: Slot) -> str:
        """The table, or the column (with its companion part), behind a slot."""
        names = self.names[slot.object_name]
        if not slot.field_name:
            return names.table
        column = names.fields[slot.field_name].column
        return f"{column}_{slot.part}" if slot.part else column
