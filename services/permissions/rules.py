"""What roles say, as values: grants, levels of single fields, criteria that open records by their values, restrictions.

Pure. A criterion is kept in two halves: its text without values, which may be part of a fingerprint, and its values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from schema.metadata.objects import ObjectKind
from schema.metadata.record_fields import RECORD_FIELD_NAMES
from services.permissions.pilots import Covered, Pilot
from services.permissions.policy import NOBODY, Arm, Criteria, Level, Mask, ObjectRights, Scope, Verb

if TYPE_CHECKING:
    from uuid import UUID

    from schema.metadata.objects import Object

EVERY_OBJECT = "*"

# Never null in the API, so there is nothing that could stand for them.
ALWAYS_READABLE = frozenset({"id", "version", "createdAt", "updatedAt"}) & RECORD_FIELD_NAMES.keys()
_VERBS: Mapping[Verb, tuple[Verb, ...]] = {
    Verb.READ: (Verb.READ,),
    Verb.UPDATE: (Verb.READ, Verb.UPDATE),
    Verb.DELETE: (Verb.READ, Verb.UPDATE, Verb.DELETE),
}
_OPERAND = "operand"


# From what shows the least to what shows the most.
_MASKS = tuple(Mask)


@dataclass(frozen=True, slots=True)
class Grant:
    """One row of `object_permission`."""

    role: str
    object_name: str
    can_create: bool = False
    read: Scope = Scope.NONE
    update: Scope = Scope.NONE
    delete: Scope = Scope.NONE
    can_import: bool = False
    export: Scope = Scope.NONE
    share: Scope = Scope.NONE
    merge: Scope = Scope.NONE
    bulk: Scope = Scope.NONE
    assign: Scope = Scope.NONE


@dataclass(frozen=True, slots=True)
class FieldGrant:
    """One row of `field_permission`; an empty mask shows the first sign."""

    role: str
    object_name: str
    field_name: str
    level: Level
    mask: str = ""


@dataclass(frozen=True, slots=True)
class Restriction:
    """One row of `restriction`: nobody with the role does this verb, or reaches this field further than the level.

    One that comes from a pilot has no role: it holds for all who are not in the group.
    """

    role: str
    object_name: str
    verb: Verb | None = None
    field_name: str = ""
    level: Level = Level.NONE
    pilot: Pilot | None = None


@dataclass(frozen=True, slots=True)
class CriteriaRule:
    """One row of `criteria_rule`, its condition apart from its values. A sharing rule has no role."""

    role: str
    object_name: str
    reach: Verb
    condition: str
    values: tuple[object, ...]
    id: UUID | None = None

    @property
    def meaning(self) -> tuple[str, str]:
        """What two rules have in common that choose the same records."""
        return self.condition, json.dumps(self.values)


def rule(role: str, object_name: str, reach: Verb, condition: object) -> CriteriaRule:
    """A rule from its stored condition: every operand becomes its position among the values."""
    values: list[object] = []
    text = json.dumps(_without_values(condition, values), sort_keys=True)
    return CriteriaRule(role, object_name, reach, text, tuple(values))


def levels(grants: Iterable[FieldGrant], roles: Iterable[str], object_name: str) -> tuple[tuple[str, Level], ...]:
    """Fields that these roles do not open all the way: what one role closes, another one may still open."""
    given: dict[str, dict[str, Level]] = {}
    for grant in grants:
        if grant.object_name == object_name and grant.field_name not in ALWAYS_READABLE:
            given.setdefault(grant.field_name, {})[grant.role] = grant.level
    held = tuple(roles)
    highest = {name: max((by_role.get(each, Level.WRITE) for each in held), default=Level.WRITE)
               for name, by_role in given.items()}  # fmt: skip
    return tuple((name, highest[name]) for name in sorted(highest) if highest[name] is not Level.WRITE)


def masks(grants: Iterable[FieldGrant], roles: Iterable[str], object_name: str) -> tuple[tuple[str, Mask], ...]:
    """What these roles show of masked fields, where that is not the first sign: of several masks the one that shows most."""
    held = frozenset(roles)
    shown: dict[str, Mask] = {}
    for grant in grants:
        if grant.object_name == object_name and grant.role in held and grant.level is Level.MASKED:
            mask = Mask(grant.mask or Mask.NAME)
            shown[grant.field_name] = max(shown.get(grant.field_name, mask), mask, key=_MASKS.index)
    return tuple((name, shown[name]) for name in sorted(shown) if shown[name] is not Mask.NAME)


def reachable(thing: Object, field_name: str, rights: ObjectRights) -> Level:
    """How far a field is open; what nobody writes is read at most."""
    level = rights.level(field_name)
    found = next(each for each in thing.fields if each.name == field_name)
    is_read_only = thing.kind is ObjectKind.SYSTEM or found.read_only or found.type.computed
    return min(level, Level.READ) if is_read_only else level


def restricted(rights: ObjectRights, restrictions: Iterable[Restriction], object_name: str) -> ObjectRights:
    """What is left of rights on an object."""
    mine = [each for each in restrictions if each.object_name in {object_name, EVERY_OBJECT}]
    fields = dict(rights.fields)
    for each in mine:
        if each.verb is not None:
            rights = _without(rights, each.verb)
        elif each.field_name not in ALWAYS_READABLE:
            fields[each.field_name] = min(fields.get(each.field_name, rights.default_level), each.level)
    return replace(rights, fields=tuple(sorted(fields.items())))


def restrictions_by(pilots: Iterable[Pilot]) -> Iterator[Restriction]:
    """What pilots that somebody is not in keep from him: every verb of their objects, and their fields."""
    for pilot in pilots:
        for each in pilot.coordinates:
            if each.kind is Covered.OBJECT:
                yield from (Restriction("", each.object_name, verb, pilot=pilot) for verb in Verb)
            elif each.kind is Covered.FIELD:
                yield Restriction("", each.object_name, field_name=each.field_name, pilot=pilot)


def _without(rights: ObjectRights, verb: Verb) -> ObjectRights:
    if verb is Verb.CREATE:
        return replace(rights, create=False)
    if verb is Verb.READ:
        return replace(rights, read=NOBODY)
    if verb is Verb.UPDATE:
        return replace(rights, update=NOBODY)
    if verb is Verb.DELETE:
        return replace(rights, delete=NOBODY)
    return replace(rights, further=tuple(each for each in rights.further if each[0] is not verb))


def numbered(rules: Iterable[CriteriaRule], object_name: str) -> Sequence[CriteriaRule]:
    """The different criteria of an object in the order of their numbers."""
    found = {each.meaning: each for each in rules if each.object_name == object_name}
    return [found[meaning] for meaning in sorted(found)]


def rights_by_criteria(
    rules: Sequence[CriteriaRule], object_name: str, chosen: Iterable[CriteriaRule] | None = None
) -> ObjectRights:
    """What the criteria of an object open, or some chosen of them; numbers are those among all."""
    given = [each for each in (rules if chosen is None else chosen) if each.object_name == object_name]
    numbers = {each.meaning: number for number, each in enumerate(numbered(rules, object_name))}

    def arms(verb: Verb) -> tuple[Arm, ...]:
        reached = {numbers[each.meaning]: each.condition for each in given if verb in _VERBS[each.reach]}
        return tuple(Criteria(number, reached[number]) for number in sorted(reached))

    return ObjectRights(read=arms(Verb.READ), update=arms(Verb.UPDATE), delete=arms(Verb.DELETE))


def _without_values(part: object, values: list[object]) -> object:
    match part:
        case dict():
            return {name: _position(part[name], values) if name == _OPERAND else _without_values(part[name], values)
                    for name in sorted(part)}  # fmt: skip
        case list():
            return [_without_values(each, values) for each in part]
        case _:
            return part


def _position(value: object, values: list[object]) -> int:
    values.append(value)
    return len(values) - 1
