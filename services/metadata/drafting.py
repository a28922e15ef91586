"""From what was asked for to a definition: names found, options checked, limits kept. Pure.

What is wrong is told all at once, each with its place; an object that is not there, or a limit, ends it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from schema.metadata import naming, options
from schema.metadata.definitions import ChoiceDefinition, FieldDefinition, ObjectDefinition, with_choices
from schema.metadata.errors import (
    BadOption,
    CannotBeIndexed,
    CannotBeRequired,
    CannotBeUnique,
    ChoicesMissing,
    ChoicesNotAllowed,
    LineFieldsMissing,
    LineTableNotAllowed,
    NameTaken,
    TargetMissing,
    TargetNotAllowed,
    TooManyChoices,
    TooManyFields,
    TooManyObjects,
    UnknownDeleteRule,
    UnknownObject,
    UnknownOption,
    UnknownTitle,
    UnknownType,
)
from schema.metadata.fields import NO_LABEL, DeleteRule, Field, Relation
from schema.metadata.near_names import LONGEST, hints
from schema.metadata.record_fields import FIRST_FIELD_NUMBER, TARGETS
from schema.metadata.system_objects import FIRST_TENANT_NUMBER, SYSTEM_OBJECTS
from schema.metadata.types import FIELD_TYPES, LINE_TABLE, LINKED, OFFERED
from services.metadata import deriving, free_names, line_drafts, lookup_drafts, wording
from services.metadata.drafts import ChoiceDraft, FieldDraft, ObjectDraft
from services.metadata.findings import Findings
from services.metadata.snapshot import Snapshot
from tenants.errors import Refused, Violation

NewId = Callable[[int], UUID]

MOST_OBJECTS = 500
MOST_FIELDS = 300
MOST_CHOICES = 500
_OBJECT = SYSTEM_OBJECTS["objectDefinition"][1].number
_FIELD = SYSTEM_OBJECTS["fieldDefinition"][1].number
_CHOICE = SYSTEM_OBJECTS["choiceOption"][1].number
_TARGETED = LINKED | {"relation"}
# Of the platform's objects those that stay for ever. The others are private to somebody, or go away by rules of their own.
LASTING = frozenset({"user", "department", "team"})
TITLES = frozenset({"text", "autoNumber", "email", "phone"})


# --- objects ----------------------------------------------------------------------------------------------------------


def new_object(before: Snapshot, draft: ObjectDraft, new_id: NewId) -> Snapshot:
    """The snapshot with a new object and its first fields."""
    numbers = [each.number for each in before.objects if each.number >= FIRST_TENANT_NUMBER]
    if len(numbers) - sum(each.is_destroyed for each in before.objects) >= MOST_OBJECTS:
        raise TooManyObjects(max=MOST_OBJECTS)
    found, label, plural_label = Findings(), NO_LABEL, NO_LABEL
    with found.at("label"):
        label = wording.label(draft.label)
    with found.at("pluralLabel"):
        plural_label = wording.changed(label, draft.plural_label)
    name, plural = "object_c", "objectList_c"
    with found.at("name"):
        name, plural = free_names.for_object(before, draft, label.zh or label.en)
    object_id = new_id(_OBJECT)
    after = before.with_object(
        ObjectDefinition(
            id=object_id,
            number=max(numbers, default=FIRST_TENANT_NUMBER - 1) + 1,
            name=name,
            plural=plural,
            table=naming.opaque("x", object_id),
            label=label,
            plural_label=plural_label,
        )
    )
    for position, field in enumerate(draft.fields):
        with found.at("fields", position):
            after = new_field(after, name, field, new_id)
    found.settle()
    made = after.by_name[name]
    return after.with_object(replace(made, title_field=title_field(made, draft.title_field)))


def title_field(thing: ObjectDefinition, asked: str) -> str:
    """The field that stands for a record: the one asked for, with or without the tenant ending."""
    if not asked:
        first = (each.name for each in thing.fields if each.field.type_name in TITLES and not each.is_retired)
        return thing.title_field or next(first, "")
    for name in (asked, naming.tenant_name(asked)):
        found = thing.field(name)
        if found is not None and not found.is_retired and found.field.type_name in TITLES:
            return name
    raise Refused((Violation(("titleField",), UnknownTitle(name=asked)),))


def _unknown(type_name: str) -> UnknownType:
    return UnknownType(type=type_name[:LONGEST], types=", ".join(OFFERED))


# --- fields -----------------------------------------------------------------------------------------------------------


def new_field(before: Snapshot, object_name: str, draft: FieldDraft, new_id: NewId) -> Snapshot:
    """The snapshot with a new field of a live object."""
    thing = before.live(object_name)
    if sum(not each.is_destroyed for each in thing.fields) >= MOST_FIELDS:
        raise TooManyFields(max=MOST_FIELDS)
    if draft.type == LINE_TABLE:
        return _new_line_table(before, thing, draft, new_id)
    if draft.type not in OFFERED:
        raise Refused((Violation(("type",), _unknown(draft.type)),))
    found, label, name = Findings(), NO_LABEL, "field_c"
    choices: tuple[ChoiceDefinition, ...] = ()
    with found.at("label"):
        label = wording.label(draft.label)
    with found.at("choices"):
        choices = _new_choices(draft, new_id)
    if draft.fields:
        found.note(UnknownOption(type=draft.type, option="fields"), "fields")
    with found.at("name"):
        name = free_names.for_field(before, thing, draft, label.zh or label.en)
    shape = with_choices(
        Field(
            name=name,
            type_name=draft.type,
            required=draft.required,
            is_unique=draft.is_unique,
            is_indexed=draft.is_indexed,
            read_only=FIELD_TYPES[draft.type].computed,
            relation=_relation(before, thing, draft, name, found),
        ),
        choices,
    )
    with found.at():
        shape = settled(before, object_name, checked(shape, draft.options))
    found.settle()
    return before.with_field(object_name, _placed(thing, shape, draft, new_id(_FIELD), choices))


def _new_line_table(before: Snapshot, head: ObjectDefinition, draft: FieldDraft, new_id: NewId) -> Snapshot:
    """The snapshot with an object of lines behind the others; its last two fields point at the head and order it."""
    found = Findings()
    if not draft.fields:
        found.note(LineFieldsMissing(), "fields")
    if draft.is_unique:
        found.note(CannotBeUnique(type=draft.type), "unique")
    found.settle()
    lines = line_drafts.lines_of(draft)
    if any(each.type == LINE_TABLE for each in lines.fields):
        raise Refused((Violation(("fields",), LineTableNotAllowed()),))
    after = new_object(before, lines, new_id)
    name = after.objects[-1].name
    after = new_field(after, name, line_drafts.to_head(head, draft), new_id)
    after = new_field(after, name, line_drafts.POSITION, new_id)
    *_, relation, position = after.by_name[name].fields
    after = line_drafts.ordered(after, name, relation.name, position.name)
    with found.at("type"):
        line_drafts.refuse_unfit(after, name, relation.name)
    found.settle()
    return after


def checked(field: Field, given: Mapping[str, object]) -> Field:
    """The field with these options, if its type may be what was asked."""
    found = Findings()
    if field.is_unique and not field.type.may_be_unique:
        found.note(CannotBeUnique(type=field.type_name), "unique")
    if field.is_indexed and not field.type.may_be_indexed:
        found.note(CannotBeIndexed(type=field.type_name), "indexed")
    shape = field
    try:
        shape = options.checked(field, given)
    except (BadOption, UnknownOption) as fault:
        found.note(fault, "options", str(fault.details["option"]))
    found.settle()
    return shape


def settled(before: Snapshot, object_name: str, field: Field) -> Field:
    """A lookup or a derived field with everything that follows from its options; any other field as it is."""
    return deriving.settled(before, object_name, lookup_drafts.settled(before, object_name, field))


def delete_rule(asked: str) -> DeleteRule:
    """The rule of that name; unlink where none is given."""
    try:
        return DeleteRule((asked or DeleteRule.UNLINK).lower())
    except ValueError:
        raise UnknownDeleteRule(rule=asked) from None


def _placed(
    thing: ObjectDefinition, shape: Field, draft: FieldDraft, field_id: UUID, choices: tuple[ChoiceDefinition, ...]
) -> FieldDefinition:
    has_inverse = shape.relation is not None and shape.relation.inverse_name
    return FieldDefinition(
        id=field_id,
        field=shape,
        number=max((each.number for each in thing.fields), default=FIRST_FIELD_NUMBER - 1) + 1,
        column=naming.opaque("l" if shape.is_linked else "f", field_id),
        label=wording.label(draft.label),
        position=max((each.position for each in thing.fields), default=0) + 10,
        inverse_label=wording.changed(thing.plural_label, draft.inverse_label) if has_inverse else NO_LABEL,
        choices=choices,
    )


def _relation(
    before: Snapshot, thing: ObjectDefinition, draft: FieldDraft, name: str, found: Findings
) -> Relation | None:
    if draft.type not in _TARGETED:
        if draft.target:
            found.note(TargetNotAllowed(type=draft.type, target=draft.target[:LONGEST]), "target")
        if draft.delete_rule:
            found.note(UnknownOption(type=draft.type, option="deleteRule"), "deleteRule")
        return TARGETS.get(draft.type)
    if not draft.target:
        found.note(TargetMissing(), "target")
        return None
    if draft.target not in before.registry.shape.objects:
        raise UnknownObject(name=draft.target[:LONGEST], **hints(draft.target, before.registry.shape.objects))
    if draft.target in SYSTEM_OBJECTS.keys() - LASTING:
        found.note(TargetNotAllowed(type=draft.type, target=draft.target), "target")
        return None
    inverse, rule = "", DeleteRule.UNLINK
    with found.at("inverseName"):
        inverse = free_names.for_inverse(before, thing, draft, name)
    with found.at("deleteRule"):
        rule = delete_rule(draft.delete_rule)
        if draft.type in LINKED and rule is not DeleteRule.UNLINK:
            raise UnknownDeleteRule(rule=draft.delete_rule)
    if draft.type in LINKED and draft.required:
        found.note(CannotBeRequired(type=draft.type), "required")
    return Relation(draft.target, inverse, rule)


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
    base = key = naming.key_from_label(label.zh or label.en)
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
    found: Findings = Findings()
    made: list[ChoiceDefinition] = []
    for position, each in enumerate(draft.choices):
        with found.at(position):
            made.append(new_choice(made, each, new_id))
    found.settle()
    return tuple(made)
