"""Everything a tenant has defined, retired things included, as one value; verbs turn one snapshot into the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from schema.metadata.definitions import FieldDefinition, ObjectDefinition, assemble
from schema.metadata.errors import KeptByRelation, NotChangeable, UnknownField, UnknownObject
from schema.metadata.near_names import LONGEST, hints
from schema.metadata.record_fields import RECORD_FIELD_NAMES
from schema.metadata.registry import Registry
from schema.metadata.system_objects import SYSTEM_OBJECTS


@dataclass(frozen=True)
class Snapshot:
    """Definitions at one moment."""

    objects: tuple[ObjectDefinition, ...]
    version: int
    # Fields whose values are on their way into another type; until they have arrived nothing else changes of them.
    converting: frozenset[UUID] = frozenset()

    @cached_property
    def registry(self) -> Registry:
        """What the live ones make together."""
        return assemble(self.objects, self.version)

    @cached_property
    def by_name(self) -> Mapping[str, ObjectDefinition]:
        """Objects by name."""
        return {each.name: each for each in self.objects}

    def object(self, name: str) -> ObjectDefinition:
        """One object that may be changed, retired or not."""
        if name in SYSTEM_OBJECTS:
            raise NotChangeable
        found = self.by_name.get(name)
        if found is None or found.is_destroyed:
            raise UnknownObject(name=name[:LONGEST], **hints(name, self.by_name))
        return found

    def live(self, name: str) -> ObjectDefinition:
        """One object that is not retired."""
        found = self.object(name)
        if found.is_retired:
            raise UnknownObject(name=name)
        return found

    def field(self, object_name: str, name: str) -> FieldDefinition:
        """One field of a live object, retired or not."""
        if name in RECORD_FIELD_NAMES:
            raise NotChangeable
        found = self.live(object_name).field(name)
        if found is None or found.is_destroyed:
            if relation := self._other_end(object_name, name):
                raise KeptByRelation(object=object_name, name=name, relation=relation)
            known = (each.name for each in self.live(object_name).fields)
            raise UnknownField(object=object_name, name=name[:LONGEST], **hints(name, known))
        return found

    def _other_end(self, object_name: str, name: str) -> str:
        """The relation by which an object has others, lines for one, under this name; empty where there is none."""
        return next(
            (
                f"{thing.name}.{field.name}"
                for thing in self.objects
                for field in thing.fields
                if (end := field.field.relation) is not None and not field.is_destroyed
                if (end.target, end.inverse_name) == (object_name, name)
            ),
            "",
        )

    def with_object(self, thing: ObjectDefinition) -> Snapshot:
        """The same with this object, which takes the place of the one with its id."""
        if any(each.id == thing.id for each in self.objects):
            return replace(self, objects=tuple(thing if each.id == thing.id else each for each in self.objects))
        return replace(self, objects=(*self.objects, thing))

    def with_field(self, object_name: str, field: FieldDefinition) -> Snapshot:
        """The same with this field, which takes the place of the one with its id."""
        thing = self.by_name[object_name]
        if any(each.id == field.id for each in thing.fields):
            fields = tuple(field if each.id == field.id else each for each in thing.fields)
        else:
            fields = (*thing.fields, field)
        return self.with_object(replace(thing, fields=fields))
