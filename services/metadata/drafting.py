"""From what was asked for to a definition: names found or checked, options checked, limits kept. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from schema.metadata import naming, options
from schema.metadata.definitions import ChoiceDefinition, FieldDefinition, ObjectDefinition, with_choices
from schema.metadata.errors import (
    CannotBeUnique,
    ChoicesMissing,
    ChoicesNotAllowed,
    NameTaken,
    TargetMissing,
    TargetNotAllowed,
    TooManyChoices,
    TooManyFields,
    TooManyObjects,
    UnknownDeleteRule,
    UnknownField,
    UnknownObject,
    UnknownType,
)
from schema.metadata.fields import DeleteRule, Field, Relation
from schema.metadata.record_fields import FIRST_FIELD_NUMBER, RECORD_FIELDS, TO_USER
from schema.metadata.system_objects import FIRST_TENANT_NUMBER, SYSTEM_OBJECTS
from schema.metadata.types import FIELD_TYPES, SYSTEM_ONLY
from services.metadata import wording
from services.metadata.drafts import ChoiceDraft, FieldDraft, ObjectDraft
from services.metadata.snapshot import Snapshot

NewId = Callable[[int], UUID]

MOST_OBJECTS = 500
MOST_FIELDS = 300
MOST_CHOICES = 500
_OBJECT = SYSTEM_OBJECTS["objectDefinition"][1].number
_FIELD = SYSTEM_OBJECTS["fieldDefinition"][1].number
_CHOICE = SYSTEM_OBJECTS["choiceOption"][1].number
_TITLES = frozenset({"text", "autoNumber", "email", "phone"})


# --- objects ----------------------------------------------------------------------------------------------------------


def new_object(before: Snapshot, draft: ObjectDraft, new_id: NewId) -> Snapshot:
    """The snapshot with a new object and its first fields."""
    tenants = [each.number for each in before.objects if each.number >= FIRST_TENANT_NUMBER]
    if len(tenants) >= MOST_OBJECTS:
        raise TooManyObjects(max=MOST_OBJECTS)
    label = wording.label(draft.label)
    name, plural = _object_names(before, draft, label.zh or label.en)
    object_id = new_id(_OBJECT)
    thing = ObjectDefinition(
        id=object_id,
        number=max(tenants, default=FIRST_TENANT_NUMBER - 1) + 1,
        name=name,
        plural=plural,
        table=naming.opaque("x", object_id),
        label=label,
        plural_label=wording.changed(label, draft.plural_label),
    )
    after = before.with_object(thing)
    for field in draft.fields:
        after = new_field(after, name, field, new_id)
    return after.with_object(
        replace(after.by_name[name], title_field=title_field(after.by_name[name], draft.title_field))
    )


def title_field(thing: ObjectDefinition, asked: str) -> str:
    """The field that stands for a record: the one asked for, with or without the tenant ending."""
    if not asked:
        first = (each.name for each in thing.fields if each.field.type_name in _TITLES and not each.is_retired)
        return thing.title_field or next(first, "")
    for name in (asked, naming.tenant_name(asked)):
        found = thing.field(name)
        if found is not None and not found.is_retired and found.field.type_name in _TITLES:
            return name
    raise UnknownField(object=thing.name, name=asked)


def _object_names(before: Snapshot, draft: ObjectDraft, label: str) -> tuple[str, str]:
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


def _taken_by_objects(before: Snapshot) -> frozenset[str]:
    # Retired objects keep their names: they may come back.
    system = (naming.names_of_object(thing.name, thing.plural) for thing, _ in SYSTEM_OBJECTS.values())
    return frozenset().union(*system, *(naming.names_of_object(each.name, each.plural) for each in before.objects))


# --- fields -----------------------------------------------------------------------------------------------------------


def new_field(before: Snapshot, object_name: str, draft: FieldDraft, new_id: NewId) -> Snapshot:
    """The snapshot with a new field of a live object."""
    thing = before.live(object_name)
    if len(thing.fields) >= MOST_FIELDS:
        raise TooManyFields(max=MOST_FIELDS)
    if draft.type not in FIELD_TYPES or draft.type in SYSTEM_ONLY:
        raise UnknownType(type=draft.type)
    label = wording.label(draft.label)
    field_id = new_id(_FIELD)
    choices = _new_choices(draft, new_id)
    name = _field_name(before, thing, draft, label.zh or label.en)
    relation = _relation(before, thing, draft, name)
    shape = Field(
        name=name,
        type_name=draft.type,
        required=draft.required,
        is_unique=draft.is_unique,
        is_indexed=draft.is_indexed,
        read_only=FIELD_TYPES[draft.type].computed,
        relation=relation,
    )
    definition = FieldDefinition(
        id=field_id,
        field=checked(with_choices(shape, choices), draft.options),
        number=max((each.number for each in thing.fields), default=FIRST_FIELD_NUMBER - 1) + 1,
        column=naming.opaque("f", field_id),
        label=label,
        position=max((each.position for each in thing.fields), default=0) + 10,
        inverse_label=wording.changed(thing.plural_label, draft.inverse_label)
        if relation and relation.inverse_name
        else wording.optional(draft.inverse_label),
        choices=choices,
    )
    return before.with_field(object_name, definition)


def checked(field: Field, given: Mapping[str, object]) -> Field:
    """The field with these options, if its type may be what was asked."""
    if field.is_unique and not field.type.may_be_unique:
        raise CannotBeUnique(type=field.type_name)
    return options.checked(field, given)


def delete_rule(asked: str) -> DeleteRule:
    """The rule of that name; unlink where none is given."""
    try:
        return DeleteRule((asked or DeleteRule.UNLINK).lower())
    except ValueError:
        raise UnknownDeleteRule(rule=asked) from None


def _field_name(before: Snapshot, thing: ObjectDefinition, draft: FieldDraft, label: str) -> str:
    taken = _members(before, thing)

    def clashes(name: str) -> bool:
        kind = FIELD_TYPES[draft.type]
        mine = naming.members_of_field(name, is_relation=kind.is_relation, has_choices=kind.has_choices)
        return not taken.isdisjoint(mine)

    if not draft.name:
        return naming.free(naming.from_label(label, "field"), clashes)
    name = naming.tenant_name(naming.checked(draft.name))
    if clashes(name):
        raise NameTaken(name=name)
    return name


def _members(before: Snapshot, thing: ObjectDefinition) -> frozenset[str]:
    own = (*RECORD_FIELDS, *(each.field for each in thing.fields))
    return frozenset().union(
        *(
            naming.members_of_field(each.name, is_relation=each.type.is_relation, has_choices=each.type.has_choices)
            for each in own
        ),
        *map(naming.members_of_inverse, _inverse_names(before, thing.name)),
    )


def _inverse_names(before: Snapshot, target: str) -> Iterable[str]:
    system = SYSTEM_OBJECTS.get(target)
    yield from (each.name for each in system[0].inverses) if system is not None else ()
    for thing in before.objects:
        for each in thing.fields:
            relation = each.field.relation
            if relation is not None and relation.target == target and relation.inverse_name:
                yield relation.inverse_name


def _relation(before: Snapshot, thing: ObjectDefinition, draft: FieldDraft, name: str) -> Relation | None:
    if draft.type != "relation":
        if draft.target:
            raise TargetNotAllowed(type=draft.type)
        return TO_USER if draft.type == "person" else None
    if not draft.target:
        raise TargetMissing
    if draft.target not in before.registry.shape.objects:
        raise UnknownObject(name=draft.target)
    return Relation(draft.target, _inverse_name(before, thing, draft, name), delete_rule(draft.delete_rule))


def _inverse_name(before: Snapshot, thing: ObjectDefinition, draft: FieldDraft, name: str) -> str:
    target = before.by_name.get(draft.target)
    if target is not None:
        taken = set(_members(before, target))
    else:
        taken = {field.name for field in SYSTEM_OBJECTS[draft.target][0].fields}
        taken.update(*map(naming.members_of_inverse, _inverse_names(before, draft.target)))
    if draft.target == thing.name:
        taken |= naming.members_of_field(name, is_relation=True)

    def clashes(each: str) -> bool:
        return not taken.isdisjoint(naming.members_of_inverse(each))

    if not draft.inverse_name:
        return naming.free(naming.base_of(thing.plural), clashes)
    chosen = naming.tenant_name(naming.checked(draft.inverse_name))
    if clashes(chosen):
        raise NameTaken(name=chosen)
    return chosen


# --- choices ----------------------------------------------------------------------------------------------------------


def new_choice(present: Iterable[ChoiceDefinition], draft: ChoiceDraft, new_id: NewId) -> ChoiceDefinition:
    """One more choice; a key that is made gives way to those that are there."""
    label = wording.label(draft.label)
    taken = {each.key for each in present}
    if len(taken) >= MOST_CHOICES:
        raise TooManyChoices(max=MOST_CHOICES)
    if draft.key:
        key = naming.choice_key(draft.key)
        if key in taken:
            raise NameTaken(name=key)
        return ChoiceDefinition(new_id(_CHOICE), key, label)
    base = key = naming.from_label(label.zh or label.en, "choice")
    number = 1
    while key in taken:
        number += 1
        key = f"{base}{number}"
    return ChoiceDefinition(new_id(_CHOICE), key, label)


def _new_choices(draft: FieldDraft, new_id: NewId) -> tuple[ChoiceDefinition, ...]:
    kind = FIELD_TYPES[draft.type]
    if draft.choices and not kind.has_choices:
        raise ChoicesNotAllowed(type=draft.type)
    if kind.has_choices and not draft.choices:
        raise ChoicesMissing(type=draft.type)
    made: list[ChoiceDefinition] = []
    for each in draft.choices:
        made.append(new_choice(made, each, new_id))
    return tuple(made)
