"""From what was asked for to the field as it would be: is the way offered, what of its rules does it take along. Pure.

What is wrong is told all at once, at `type` where the field as it is now does not allow the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata import conversions, naming
from schema.metadata.conversions import Sides
from schema.metadata.definitions import ChoiceDefinition, FieldDefinition, ObjectDefinition, with_choices
from schema.metadata.errors import (
    BadOption,
    CannotBeUnique,
    LabelMissing,
    NameTaken,
    NotChangeable,
    StillBuilding,
    TooLong,
    TypeChanging,
    UnknownField,
)
from schema.metadata.fields import Field, FieldState, Label
from schema.metadata.near_names import LONGEST
from schema.metadata.options import NOW, default_of
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.metadata.types import FIELD_TYPES
from services import metadata
from services.metadata import ChoiceDraft, Snapshot
from services.type_changes.errors import ConversionNotOffered
from tenants.errors import Invalid, Refused, Violation

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

NewId = Callable[[int], UUID]
_FIELD = SYSTEM_OBJECTS["fieldDefinition"][1].number


@dataclass(frozen=True, slots=True)
class TypeDraft:
    """What somebody asks a field to become; without choices they are made of the values that there are."""

    type: str
    options: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    choices: tuple[ChoiceDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the tenant reads values by."""

    zone: ZoneInfo
    currency: str
    language: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A change that may be made, as far as the definitions say."""

    thing: ObjectDefinition
    sides: Sides
    after: Snapshot
    # Options of the field that the new type does not have or that do not fit it.
    dropped: tuple[str, ...]

    @property
    def choices(self) -> tuple[ChoiceDefinition, ...]:
        """The choices that the new field has."""
        return self.sides.target.choices if self.sides.field.type.has_choices else ()


def source_of(before: Snapshot, object_name: str, field_name: str) -> FieldDefinition:
    """The field, if its type may change at all."""
    found = before.field(object_name, field_name)
    if found.is_retired:
        raise UnknownField(object=object_name, name=field_name)
    if found.is_released:
        # Verbs and reports of the pack rely on it.
        raise NotChangeable
    if found.field.state is FieldState.BUILDING:
        raise StillBuilding
    if found.id in before.converting:
        raise TypeChanging
    return found


def makes_choices(source: FieldDefinition, draft: TypeDraft) -> bool:
    """Whether the values that there are become choices."""
    kind = FIELD_TYPES.get(draft.type)
    return kind is not None and kind.has_choices and not draft.choices and not source.field.type.has_choices


def planned(
    before: Snapshot,
    object_name: str,
    source: FieldDefinition,
    draft: TypeDraft,
    *,
    reading: Reading,
    new_id: NewId,
    values: Iterable[object] = (),
) -> Planned:
    """The snapshot after a change; `values` are those that choices are made of, the most frequent first."""
    thing = before.by_name[object_name]
    _refuse(before, thing, source, draft)
    bare = Field(
        name=source.name,
        type_name=draft.type,
        required=source.field.required,
        is_unique=source.field.is_unique,
        # An index says nothing: it goes where the new type has none, and comes back with the old one.
        is_indexed=source.field.is_indexed and FIELD_TYPES[draft.type].may_be_indexed,
        audit_reads=source.field.audit_reads,
    )
    target = replace(source, field=bare, column=naming.opaque("f", new_id(_FIELD)))
    sides = Sides(source, target, reading.zone, reading.currency, reading.language)
    sides = replace(sides, target=_with_choices(sides, draft, new_id, values))
    sides, dropped = _with_options(sides, draft, reading)
    return Planned(thing, sides, exchanged(before, thing, sides.target), dropped)


def exchanged(before: Snapshot, thing: ObjectDefinition, target: FieldDefinition) -> Snapshot:
    """The snapshot with the new field; what can no longer stand for a record leaves that to the next field that can."""
    after = before.with_field(thing.name, target)
    if thing.title_field != target.name or target.field.type_name in metadata.TITLES:
        return after
    fields = (each for each in thing.fields if each.id != target.id and not each.is_retired)
    title = next((each.name for each in fields if each.field.type_name in metadata.TITLES), "")
    return after.with_object(replace(after.by_name[thing.name], title_field=title))


def _refuse(before: Snapshot, thing: ObjectDefinition, source: FieldDefinition, draft: TypeDraft) -> None:
    offered = conversions.offered(source.field.type_name)
    faults: list[Violation] = []
    if draft.type not in offered:
        wanted, types = draft.type[:LONGEST], ", ".join(offered) or "–"
        fault = ConversionNotOffered(type=source.field.type_name, wanted=wanted, types=types)
        raise Refused((Violation(("type",), fault),))
    kind = FIELD_TYPES[draft.type]
    in_index = any(source.name in each.index.fields and each.index.is_unique for each in thing.indexes)
    if (source.field.is_unique or in_index) and not kind.may_be_unique:
        faults.append(Violation(("type",), CannotBeUnique(type=draft.type)))
    if kind.has_choices and naming.label_member(source.name) in metadata.members_beside(before, thing, source.name):
        faults.append(Violation(("type",), NameTaken(name=naming.label_member(source.name))))
    if faults:
        raise Refused(tuple(faults))


def _with_choices(sides: Sides, draft: TypeDraft, new_id: NewId, values: Iterable[object]) -> FieldDefinition:
    target = sides.target
    if not FIELD_TYPES[draft.type].has_choices:
        return target
    choices = list(target.choices)
    for position, each in enumerate(draft.choices):
        try:
            choices.append(metadata.new_choice(choices, each, new_id))
        except Invalid as fault:
            raise Refused((Violation(("choices", position), fault),)) from None
    return with_words(
        replace(target, field=with_choices(target.field, choices), choices=tuple(choices)), sides, values, new_id
    )


def with_words(target: FieldDefinition, sides: Sides, values: Iterable[object], new_id: NewId) -> FieldDefinition:
    """The new field with a choice for every word of these values that has none yet."""
    choices = list(target.choices)
    known = set(conversions.choices_by_word(target.choices))
    for word in (word for stored in values for word in conversions.words_of(stored, sides)):
        if conversions.folded(word) in known:
            continue
        label = Label(zh=word) if sides.language == "zh" else Label(en=word)
        try:
            choices.append(metadata.new_choice(choices, ChoiceDraft(label), new_id))
        except (LabelMissing, TooLong):
            # No choice can be called so: the value is told as one that does not fit.
            continue
        known.add(conversions.folded(word))
    return replace(target, field=with_choices(target.field, choices), choices=tuple(choices))


# --- options ----------------------------------------------------------------------------------------------------------


def _with_options(sides: Sides, draft: TypeDraft, reading: Reading) -> tuple[Sides, tuple[str, ...]]:
    """The new field with the options asked for, and with those of the old one that fit it."""
    field, taken = sides.target.field, dict(draft.options)
    dropped = []
    for name, given in sides.source.field.options:
        if name in draft.options or name == "default":
            continue
        if name in field.type.options and _fits(field, {**taken, name: given}):
            taken[name] = given
        else:
            dropped.append(name)
    sides = replace(sides, target=replace(sides.target, field=_checked(field, taken)))
    default = _default(sides, reading) if "default" not in draft.options else None
    if default is not None and "default" in field.type.options and _fits(field, {**taken, "default": default}):
        taken["default"] = default
    elif sides.source.field.option("default") is not None and "default" not in draft.options:
        dropped.append("default")
    return replace(sides, target=replace(sides.target, field=_checked(field, taken))), tuple(sorted(dropped))


def _checked(shape: Field, given: Mapping[str, object]) -> Field:
    return metadata.checked(
        shape, {name: list(each) if isinstance(each, tuple) else each for name, each in given.items()}
    )


def _fits(shape: Field, given: Mapping[str, object]) -> bool:
    try:
        _checked(shape, given)
    except (BadOption, Refused):
        return False
    return True


def _default(sides: Sides, reading: Reading) -> object:
    """The old default as an option of the new field, as the API would say it."""
    if sides.source.field.option("default") == NOW:
        return NOW
    try:
        stored = default_of(sides.source.field, now=reading.now, currency=reading.currency)
        converted = conversions.convert(stored, sides)
    except Invalid:
        return None
    return getattr(converted, "amount", converted)
