"""Names for what a tenant defines: made from labels or chosen, always with the tenant ending, never taken. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from schema.metadata import naming
from schema.metadata.errors import NameTaken
from schema.metadata.record_fields import RECORD_FIELDS
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.metadata.types import FIELD_TYPES, LINKED, FieldType
from services.metadata.findings import Findings

if TYPE_CHECKING:
    from schema.metadata.definitions import ObjectDefinition
    from schema.metadata.fields import Field
    from services.metadata.drafts import FieldDraft, ObjectDraft
    from services.metadata.snapshot import Snapshot


def for_object(before: Snapshot, draft: ObjectDraft, label: str) -> tuple[str, str]:
    """Name and plural of a new object."""
    taken = _taken_by_objects(before)

    def clashes(name: str, plural: str) -> bool:
        return not taken.isdisjoint(naming.names_of_object(name, plural))

    plural = naming.tenant_name(naming.checked(draft.plural_name)) if draft.plural_name else ""
    if draft.name:
        name = naming.tenant_name(naming.checked(draft.name))
    else:
        base = naming.from_label(label, "object")
        name = naming.free(base, lambda each: clashes(each, plural or naming.tenant_plural(each)))
    plural = plural or naming.tenant_plural(name)
    if name == plural or clashes(name, plural):
        raise NameTaken(name=name)
    return name, plural


def for_field(before: Snapshot, thing: ObjectDefinition, draft: FieldDraft, label: str) -> str:
    """Name of a new field; its id and label members must be free, too."""
    taken = _members(before, thing)
    kind = FIELD_TYPES[draft.type]

    def clashes(name: str) -> bool:
        mine = _members_of(name, kind)
        also = naming.members_of_inverse(name) if draft.type in LINKED else frozenset()
        return not taken.isdisjoint(mine | also)

    if not draft.name:
        return naming.free(naming.from_label(label, "field"), clashes)
    name = naming.tenant_name(naming.checked(draft.name))
    if clashes(name):
        raise NameTaken(name=name)
    return name


def members_beside(before: Snapshot, thing: ObjectDefinition, field_name: str) -> frozenset[str]:
    """Every member that an object's type has without one of its fields."""
    return _members(before, replace(thing, fields=tuple(each for each in thing.fields if each.name != field_name)))


def refuse_clashing(before: Snapshot, after: Snapshot) -> None:
    """Every name of what is new in `after` is free: what a pack brings has names that nobody made for this tenant."""
    found, known = Findings(), before.by_name
    objects = Counter(chain.from_iterable(_names_of_every_object(after)))
    members = _members_of_every_object(after)
    for thing in after.objects:
        old = {each.name for each in known[thing.name].fields} if thing.name in known else None
        taken = any(objects[each] > 1 for each in naming.names_of_object(thing.name, thing.plural))
        if old is None and (taken or thing.name == thing.plural):
            found.note(NameTaken(name=thing.name), thing.name)
        for field in thing.fields:
            if old is None or field.name not in old:
                _note_clash(thing, field.field, members, found)
    found.settle()


def _note_clash(thing: ObjectDefinition, field: Field, members: Mapping[str, Counter[str]], found: Findings) -> None:
    if any(members[thing.name][each] > 1 for each in _members_of_whole(field)):
        found.note(NameTaken(name=field.name), thing.name, field.name)
    relation = field.relation
    if relation is not None and relation.inverse_name:
        mine = naming.members_of_inverse(relation.inverse_name)
        if any(members[relation.target][each] > 1 for each in mine):
            found.note(NameTaken(name=relation.inverse_name), thing.name, field.name, "inverse")


def _members_of_every_object(snapshot: Snapshot) -> Mapping[str, Counter[str]]:
    """How many things make each member of each type."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for system, _ in SYSTEM_OBJECTS.values():
        found[system.name].update(chain.from_iterable(_members_of(each.name, each.type) for each in system.fields))
        found[system.name].update(chain.from_iterable(naming.members_of_inverse(each.name) for each in system.inverses))
    for thing in snapshot.objects:
        found[thing.name].update(chain.from_iterable(_members_of(each.name, each.type) for each in RECORD_FIELDS))
        for field in (each.field for each in thing.fields):
            found[thing.name].update(_members_of_whole(field))
            if field.relation is not None and field.relation.inverse_name:
                found[field.relation.target].update(naming.members_of_inverse(field.relation.inverse_name))
    return found


def _members_of_whole(field: Field) -> frozenset[str]:
    linked = naming.members_of_inverse(field.name) if field.is_linked else frozenset()
    return _members_of(field.name, field.type) | linked


def for_inverse(before: Snapshot, thing: ObjectDefinition, draft: FieldDraft, field_name: str) -> str:
    """Name under which the target of a new relation sees the many; by default the plural of the many."""
    target = before.by_name.get(draft.target)
    if target is not None:
        taken = set(_members(before, target))
    else:
        taken = {field.name for field in SYSTEM_OBJECTS[draft.target][0].fields}
        taken.update(*map(naming.members_of_inverse, _inverse_names(before, draft.target)))
    if draft.target == thing.name:
        taken |= naming.members_of_field(field_name, is_relation=True)

    def clashes(each: str) -> bool:
        return not taken.isdisjoint(naming.members_of_inverse(each))

    if not draft.inverse_name:
        return naming.free(naming.base_of(thing.plural), clashes)
    chosen = naming.tenant_name(naming.checked(draft.inverse_name))
    if clashes(chosen):
        raise NameTaken(name=chosen)
    return chosen


def _taken_by_objects(before: Snapshot) -> frozenset[str]:
    return frozenset().union(*_names_of_every_object(before))


def _names_of_every_object(snapshot: Snapshot) -> Iterable[frozenset[str]]:
    # Retired objects keep their names: they may come back.
    yield from (naming.names_of_object(thing.name, thing.plural) for thing, _ in SYSTEM_OBJECTS.values())
    yield from (naming.names_of_object(each.name, each.plural) for each in snapshot.objects)


def _members(before: Snapshot, thing: ObjectDefinition) -> frozenset[str]:
    own = (*RECORD_FIELDS, *(each.field for each in thing.fields))
    return frozenset().union(
        *(_members_of(each.name, each.type) for each in own),
        *map(naming.members_of_inverse, _inverse_names(before, thing.name)),
        *(naming.members_of_inverse(each.name) for each in own if each.is_linked),
    )


def _members_of(name: str, kind: FieldType) -> frozenset[str]:
    return naming.members_of_field(
        name, is_relation=kind.is_relation, has_choices=kind.has_choices, has_several=kind.has_several
    )


def _inverse_names(before: Snapshot, target: str) -> Iterable[str]:
    system = SYSTEM_OBJECTS.get(target)
    yield from (each.name for each in system[0].inverses) if system is not None else ()
    for thing in before.objects:
        for each in thing.fields:
            relation = each.field.relation
            if relation is not None and relation.target == target and relation.inverse_name:
                yield relation.inverse_name
