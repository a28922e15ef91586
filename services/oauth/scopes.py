"""Scopes as the registry has them: `customer:read`, `customer.contactInfo:read`, `metadata:admin`. Pure.

A scope names an object, or a field or field group of it, and an action. A field group is outside its object's scopes:
who is to see how people are reached must be given that by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from schema.metadata.fields import Label
from schema.metadata.objects import ObjectKind
from services.permissions import ALWAYS_READABLE

if TYPE_CHECKING:
    from schema.metadata.objects import Object
    from schema.metadata.registry import Registry, Shape


class Action(StrEnum):
    """What a scope lets be done; each holds reading."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    EXPORT = "export"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope taken apart; without a part it is of the object."""

    object_name: str
    part: str
    action: Action


@dataclass(frozen=True, slots=True)
class OfferedScope:
    """A scope with its words."""

    name: str
    words: Label


METADATA_READ, METADATA_ADMIN = "metadata:read", "metadata:admin"
# The objects that the shape itself is read from.
METADATA_OBJECTS = (
    "objectDefinition",
    "fieldDefinition",
    "choiceOption",
    "validationRule",
    "indexDefinition",
    "dictionary",
    "dictionaryEntry",
    "changeSet",
    "publication",
)
CONTACT_INFO = "contactInfo"
# Field groups by the types of their fields.
_GROUPS: Mapping[str, frozenset[str]] = MappingProxyType({CONTACT_INFO: frozenset({"phone", "email"})})
_GROUP_WORDS: Mapping[str, Label] = MappingProxyType({CONTACT_INFO: Label("联系方式", "contact information")})
_VERBS: Mapping[Action, Label] = MappingProxyType({
    Action.READ: Label("读取", "Read"),
    Action.WRITE: Label("读取和修改", "Read and change"),
    Action.DELETE: Label("读取和删除", "Read and delete"),
    Action.EXPORT: Label("读取和导出", "Read and export"),
    Action.SHARE: Label("读取和共享", "Read and share"),
})
_OF_PARTS = (Action.READ, Action.WRITE)
_ACTIONS = frozenset(Action)


def parse(text: str) -> Scope | None:
    """The scope that a text writes out, whether anything has this name or not."""
    name, colon, action = text.partition(":")
    if not colon or action not in _ACTIONS:
        return None
    object_name, dot, part = name.partition(".")
    if not object_name or bool(dot) != bool(part):
        return None
    return Scope(object_name, part, Action(action))


def fields_of(shape: Shape, scope: Scope) -> frozenset[str]:
    """The fields that the part of a scope means: those of a group, or the one."""
    if scope.part in _GROUPS:
        return grouped(shape.objects[scope.object_name], (scope.part,))
    return frozenset({scope.part}) if shape.field(scope.object_name, scope.part) else frozenset()


def grouped(thing: Object, groups: Iterable[str] = tuple(_GROUPS)) -> frozenset[str]:
    """The fields of an object that stand in one of these groups; by default, in any."""
    types = {type_ for group in groups for type_ in _GROUPS[group]}
    return frozenset(field.name for field in thing.fields if field.type_name in types)


def is_known(shape: Shape, text: str) -> bool:
    """Whether the registry has what the scope names."""
    if text in {METADATA_READ, METADATA_ADMIN}:
        return True
    scope = parse(text)
    thing = shape.objects.get(scope.object_name) if scope else None
    if scope is None or thing is None:
        return False
    if not scope.part:
        return scope.action in _actions(thing)
    return scope.action in _actions(thing) and scope.action in _OF_PARTS and _has_part(thing, scope)


def offered(registry: Registry, object_name: str | None = None) -> Sequence[OfferedScope]:
    """Every scope of objects and field groups; of one object, those of its single fields too."""
    found = [
        OfferedScope(METADATA_READ, Label("读取定义", "Read definitions")),
        OfferedScope(METADATA_ADMIN, Label("修改定义", "Change definitions")),
    ]
    for name, thing in registry.shape.objects.items():
        found += _of_object(registry, thing)
        if name == object_name:
            found += _of_fields(registry, thing)
    return [each for each in found if object_name is None or parse(each.name) is None or _is_of(each, object_name)]


def _is_of(offer: OfferedScope, object_name: str) -> bool:
    scope = parse(offer.name)
    return scope is not None and scope.object_name == object_name


def _actions(thing: Object) -> tuple[Action, ...]:
    return (Action.READ,) if thing.kind is ObjectKind.SYSTEM else tuple(Action)


def _has_part(thing: Object, scope: Scope) -> bool:
    if scope.part in _GROUPS:
        return bool(grouped(thing, (scope.part,)))
    return any(
        field.name == scope.part and (scope.action is Action.READ or not field.read_only)
        for field in thing.fields
        if field.name not in ALWAYS_READABLE
    )


def _of_object(registry: Registry, thing: Object) -> Iterator[OfferedScope]:
    label = _or_name(registry.names[thing.name].label, thing.name)
    for action in _actions(thing):
        yield OfferedScope(f"{thing.name}:{action}", _words(action, label))
    for group in _GROUPS:
        for action in _OF_PARTS:
            scope = Scope(thing.name, group, action)
            if is_known(registry.shape, spelled(scope)):
                yield OfferedScope(spelled(scope), _words(action, _part_words(label, _GROUP_WORDS[group])))


def _of_fields(registry: Registry, thing: Object) -> Iterator[OfferedScope]:
    names = registry.names[thing.name]
    label = _or_name(names.label, thing.name)
    for field in thing.fields:
        for action in _OF_PARTS:
            scope = Scope(thing.name, field.name, action)
            if is_known(registry.shape, spelled(scope)):
                words = _part_words(label, _or_name(names.fields[field.name].label, field.name))
                yield OfferedScope(spelled(scope), _words(action, words))


def scope_of(thing: Object, action: Action, field_name: str = "") -> str:
    """The scope that a token needs for this: of the object, or of the group that the field stands in."""
    found = next((field.type_name for field in thing.fields if field.name == field_name), "")
    part = next((group for group, types in _GROUPS.items() if found in types), "")
    return spelled(Scope(thing.name, part, action))


def spelled(scope: Scope) -> str:
    """The text of a scope."""
    return f"{scope.object_name}.{scope.part}:{scope.action}" if scope.part else f"{scope.object_name}:{scope.action}"


def _or_name(label: Label, name: str) -> Label:
    return Label(label.zh or label.en or name, label.en or label.zh or name)


def _part_words(of: Label, part: Label) -> Label:
    return Label(f"{of.zh}的{part.zh}", f"{of.en}: {part.en}")


def _words(action: Action, what: Label) -> Label:
    verb = _VERBS[action]
    return Label(f"{verb.zh}{what.zh}", f"{verb.en} {what.en}")
