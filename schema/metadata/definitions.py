"""Definitions as they are stored and written in packs, and the registry that they make together.

A definition holds shape and words of one object in one place, retired parts included. `assemble` leaves the retired out,
adds the fields that every record has and the system objects, and works out the many sides of relations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from schema.metadata.field_rules import NO_RULES, FieldRules, ValidationRule, rules_of
from schema.metadata.fields import NO_LABEL, Choice, Field, FieldNames, FieldState, Label
from schema.metadata.interning import Interned
from schema.metadata.naming import base_of
from schema.metadata.objects import Index, Inverse, Link, Object, ObjectKind, ObjectNames, ObjectState
from schema.metadata.record_fields import RECORD_FIELD_NAMES, RECORD_FIELDS
from schema.metadata.registry import Registry, Shape
from schema.metadata.system_objects import SYSTEM_OBJECTS

_objects: Interned[Object] = Interned()
_fields: Interned[Field] = Interned()
_object_names: Interned[ObjectNames] = Interned()
_NO_CHOICES: Mapping[str, Label] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ChoiceDefinition:
    """One choice with its words."""

    id: UUID
    key: str
    label: Label
    retired: bool = False
    pack: str = ""


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """One field: its shape (with live and retired choices), its words, its column."""

    id: UUID
    field: Field
    number: int
    column: str
    label: Label
    position: int = 0
    inverse_label: Label = NO_LABEL
    choices: tuple[ChoiceDefinition, ...] = ()
    pack: str = ""
    rules: FieldRules = NO_RULES

    @property
    def name(self) -> str:
        """The API name."""
        return self.field.name

    @property
    def is_released(self) -> bool:
        """Whether verbs and the next version of a solution pack rely on it; what a form template brought is the tenant's."""
        return _is_released(self.pack, self.name)

    @property
    def is_retired(self) -> bool:
        """Whether it is hidden; until it is destroyed its column and values stay."""
        return self.field.state in {FieldState.RETIRED, FieldState.DESTROYED}

    @property
    def is_destroyed(self) -> bool:
        """Whether nothing but its name and number is left."""
        return self.field.state is FieldState.DESTROYED

    def in_state(self, state: FieldState) -> FieldDefinition:
        """The same in another state."""
        return replace(self, field=replace(self.field, state=state))


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """An index over several fields. It belongs to the shape while it is there."""

    id: UUID
    index: Index
    is_live: bool = True
    pack: str = ""

    @property
    def is_released(self) -> bool:
        """Whether it belongs to a solution pack."""
        return all(_is_released(self.pack, each) for each in self.index.fields)


@dataclass(frozen=True, slots=True)
class ObjectDefinition:
    """One object with its own fields; those that every record has are not listed."""

    id: UUID
    number: int
    name: str
    plural: str
    table: str
    label: Label
    plural_label: Label
    fields: tuple[FieldDefinition, ...] = ()
    indexes: tuple[IndexDefinition, ...] = ()
    title_field: str = ""
    state: ObjectState = ObjectState.LIVE
    audit_reads: bool = False
    pack: str = ""
    validation: tuple[ValidationRule, ...] = ()

    @property
    def kind(self) -> ObjectKind:
        """Packs and tenants make objects; the platform's are not stored."""
        return ObjectKind.PACK if self.is_released else ObjectKind.TENANT

    @property
    def is_released(self) -> bool:
        """Whether verbs and the next version of a solution pack rely on it; what a form template brought is the tenant's."""
        return _is_released(self.pack, self.name)

    @property
    def is_retired(self) -> bool:
        """Whether it is hidden; until it is destroyed its table and records stay."""
        return self.state in {ObjectState.RETIRED, ObjectState.DESTROYED}

    @property
    def is_destroyed(self) -> bool:
        """Whether nothing but its name and number is left."""
        return self.state is ObjectState.DESTROYED

    def field(self, name: str) -> FieldDefinition | None:
        """One field, retired ones included."""
        return next((each for each in self.fields if each.name == name), None)


def _is_released(pack: str, name: str) -> bool:
    return bool(pack) and base_of(name) == name


def with_choices(field: Field, choices: Sequence[ChoiceDefinition]) -> Field:
    """The shape of a field with the keys of its choices, in their order; those that it had as another type are none."""
    own = choices if field.type.has_choices else ()
    return replace(field, choices=tuple(Choice(each.key, each.retired) for each in own))


def assemble(definitions: Iterable[ObjectDefinition], version: int) -> Registry:
    """The registry of these definitions and the platform's own objects."""
    live = {each.name: each for each in definitions if not each.is_retired}
    known = live.keys() | SYSTEM_OBJECTS.keys()
    fields = {name: _live_fields(each, known) for name, each in live.items()}
    inverses = _inverses(fields)
    for name, inverse in _linked(live, known):
        inverses[name] = _merged(inverses[name], (inverse,))
    shapes = [
        replace(_shape(each, fields[name], inverses[name]), links=_links(each, known), lookups=_lookups(each))
        for name, each in live.items()
    ]
    shapes += [
        replace(thing, inverses=_merged(thing.inverses, inverses[name])) for name, (thing, _) in SYSTEM_OBJECTS.items()
    ]
    names = {name: _names(each) for name, each in live.items()} | {
        name: own for name, (_, own) in SYSTEM_OBJECTS.items()
    }
    rules = {name: found for name, each in live.items() if (found := rules_of(each)) is not None}
    shape = Shape(map(_alike, shapes))
    return Registry(shape, MappingProxyType(names), version, MappingProxyType(rules))


def _alike(thing: Object) -> Object:
    """The object that says the same; of one that nobody has, the fields that somebody has."""
    found = _objects.find(thing, thing.digest)
    return found or _objects.one(replace(thing, fields=tuple(map(_fields.one, thing.fields))), thing.digest)


def _live_fields(thing: ObjectDefinition, known: Iterable[str]) -> tuple[Field, ...]:
    # A relation whose target is retired is hidden with it.
    own = (
        each.field
        for each in thing.fields
        if not each.is_retired
        and not each.field.is_linked
        and not each.field.is_shown
        and (each.field.relation is None or each.field.relation.target in known)
    )
    return tuple(sorted((*RECORD_FIELDS, *own), key=lambda field: field.name))


def _inverses(fields: Mapping[str, tuple[Field, ...]]) -> defaultdict[str, tuple[Inverse, ...]]:
    found: defaultdict[str, list[Inverse]] = defaultdict(list)
    for name, mine in fields.items():
        known = {field.name for field in mine}
        for field in mine:
            relation = field.relation
            if relation is not None and relation.inverse_name:
                lines_by = relation.lines_by if relation.lines_by in known else ""
                found[relation.target].append(Inverse(relation.inverse_name, name, field.name, lines_by))
    return defaultdict(tuple, {target: _merged((), each) for target, each in found.items()})


def _links(thing: ObjectDefinition, known: Collection[str]) -> tuple[Field, ...]:
    fields = (each.field for each in thing.fields if not each.is_retired and each.field.is_linked)
    there = (each for each in fields if each.relation is not None and each.relation.target in known)
    return tuple(sorted(there, key=lambda field: field.name))


def _lookups(thing: ObjectDefinition) -> tuple[Field, ...]:
    shown = (each.field for each in thing.fields if not each.is_retired and each.field.is_shown)
    return tuple(sorted(shown, key=lambda field: field.name))


def _linked(live: Mapping[str, ObjectDefinition], known: Collection[str]) -> Iterator[tuple[str, Inverse]]:
    """Both sides of every many-to-many field, each with the object that has it."""
    for thing in live.values():
        for field in _links(thing, known):
            if field.relation is not None:
                target, name = field.relation.target, field.relation.inverse_name
                yield thing.name, Inverse(field.name, target, "", link=Link(thing.name, field.name))
                yield target, Inverse(name, thing.name, "", link=Link(thing.name, field.name, is_backward=True))


def _merged(first: Iterable[Inverse], second: Iterable[Inverse]) -> tuple[Inverse, ...]:
    return tuple(sorted((*first, *second), key=lambda inverse: inverse.name))


def _shape(thing: ObjectDefinition, fields: tuple[Field, ...], inverses: tuple[Inverse, ...]) -> Object:
    names = {field.name for field in fields}
    indexes = (each.index for each in thing.indexes if each.is_live and names.issuperset(each.index.fields))
    return Object(
        name=thing.name,
        plural=thing.plural,
        kind=thing.kind,
        fields=fields,
        inverses=inverses,
        indexes=tuple(sorted(indexes, key=lambda index: (index.fields, index.is_unique))),
        title_field=thing.title_field if thing.title_field in names else "",
        audit_reads=thing.audit_reads,
    )


def _names(thing: ObjectDefinition) -> ObjectNames:
    own = {each.name: _field_names(each) for each in thing.fields if not each.is_retired}
    names = ObjectNames(
        number=thing.number,
        table=thing.table,
        label=thing.label,
        plural_label=thing.plural_label,
        fields=MappingProxyType({**RECORD_FIELD_NAMES, **own}),
    )
    return _object_names.one(names)


def _choice_labels(choices: Sequence[ChoiceDefinition]) -> Mapping[str, Label]:
    return MappingProxyType({each.key: each.label for each in choices}) if choices else _NO_CHOICES


def _field_names(definition: FieldDefinition) -> FieldNames:
    return FieldNames(
        number=definition.number,
        column=definition.column,
        label=definition.label,
        choice_labels=_choice_labels(definition.choices),
        inverse_label=definition.inverse_label,
        position=definition.position,
    )
