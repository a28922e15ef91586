"""Reads a pack from its folder: `pack.yaml`, `roles.yaml`, `choices.yaml` and one file for each object.

A pack is written by people; what does not fit is refused with the file and the place in it. Keys of a field that the
engine does not know itself are options of the field's type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from schema.metadata import naming, options
from schema.metadata.definitions import (
    ChoiceDefinition,
    FieldDefinition,
    IndexDefinition,
    ObjectDefinition,
    with_choices,
)
from schema.metadata.fields import NO_LABEL, DeleteRule, Field, Label, Relation
from schema.metadata.objects import Index
from schema.metadata.record_fields import FIRST_FIELD_NUMBER, TARGETS
from schema.metadata.system_objects import SYSTEM_OBJECTS, column
from schema.metadata.types import DERIVED, FIELD_TYPES, LINKED, SYSTEM_ONLY
from services.packs.model import EVERY_OBJECT, ObjectGrant, Pack, RoleDefinition, derived_id
from tenants.errors import Fault

FOLDER = Path(__file__).resolve().parents[2] / "packs"
_INDEX_NUMBER = SYSTEM_OBJECTS["indexDefinition"][1].number
_OF_FIELD = frozenset({
    "label", "type", "required", "unique", "indexed", "readOnly", "auditReads", "choices", "target", "inverse",
    "onDelete", "linesBy",
})  # fmt: skip
_OF_OBJECT = frozenset({"name", "plural", "number", "label", "pluralLabel", "title", "auditReads", "fields", "indexes"})
_SCOPES = frozenset({"none", "own", "team", "department", "tree", "all"})
_SCOPED = ("read", "update", "delete", "export", "share", "merge", "bulk", "assign")


class BadPack(Exception):
    """A pack's file does not say what a pack must say."""


@lru_cache(maxsize=16)
def load(name: str, folder: Path = FOLDER) -> Pack:
    """One pack by name; read once in a process."""
    here = folder / name
    head = _mapping(_read(here / "pack.yaml"), name)
    shared = _mapping(_read(here / "choices.yaml"), "choices") if (here / "choices.yaml").exists() else {}
    objects = [_object(name, _read(path), shared, path.name) for path in sorted((here / "objects").glob("*.yaml"))]
    roles = _mapping(_read(here / "roles.yaml"), "roles")
    return Pack(
        name=name,
        version=int(str(head["version"])),
        label=_label(head["label"], name),
        objects=tuple(sorted(objects, key=lambda each: each.number)),
        roles=tuple(_role(name, key, _mapping(body, key)) for key, body in roles.items()),
    )


def _read(path: Path) -> object:
    # By libyaml: the same loader in Python takes ten times as long, at every start.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


# --- objects ----------------------------------------------------------------------------------------------------------


def _object(pack: str, document: object, shared: Mapping[str, object], place: str) -> ObjectDefinition:
    body = _mapping(document, place)
    _only(body, _OF_OBJECT, place)
    name = str(body["name"])
    naming.refuse_reserved(name)
    fields = tuple(
        _field(pack, name, key, _mapping(each, f"{place}: {key}"), shared, position)
        for position, (key, each) in enumerate(_mapping(body["fields"], place).items())
    )
    return ObjectDefinition(
        id=derived_id(pack, SYSTEM_OBJECTS["objectDefinition"][1].number, name),
        number=int(str(body["number"])),
        name=name,
        plural=str(body["plural"]),
        table=naming.snake(name),
        label=_label(body["label"], place),
        plural_label=_label(body["pluralLabel"], place),
        fields=fields,
        indexes=tuple(_index(pack, name, each, place) for each in _sequence(body.get("indexes", ()), place)),
        title_field=str(body.get("title", "")),
        audit_reads=bool(body.get("auditReads", False)),
        pack=pack,
    )


def _field(  # noqa: PLR0917 - the place of a field is made of these
    pack: str, object_name: str, name: str, body: Mapping[str, object], shared: Mapping[str, object], position: int
) -> FieldDefinition:
    place = f"{object_name}.{name}"
    type_name = str(body["type"])
    # What a derived field reads is not known before all of its pack is, so packs have none yet.
    if type_name not in FIELD_TYPES or type_name in SYSTEM_ONLY | DERIVED:
        raise BadPack(f"{place}: unknown type {type_name}")
    field_id = derived_id(pack, SYSTEM_OBJECTS["fieldDefinition"][1].number, object_name, name)
    inverse = _mapping(body.get("inverse") or {}, place)
    choices = _choices(pack, place, body.get("choices"), shared)
    shape = Field(
        name=name,
        type_name=type_name,
        required=bool(body.get("required", False)),
        is_unique=bool(body.get("unique", False)),
        is_indexed=bool(body.get("indexed", False)),
        read_only=bool(body.get("readOnly", False)) or FIELD_TYPES[type_name].computed,
        audit_reads=bool(body.get("auditReads", False)),
        relation=_relation(type_name, body, inverse, place),
    )
    try:
        own = {key: value for key, value in body.items() if key not in _OF_FIELD}
        shape = options.checked(with_choices(shape, choices), own)
    except Fault as fault:
        raise BadPack(f"{place}: {fault.message()}") from fault
    return FieldDefinition(
        id=field_id,
        field=shape,
        number=FIRST_FIELD_NUMBER + position,
        column=f"{naming.snake(object_name)}_{naming.snake(name)}" if shape.is_linked else column(shape),
        label=_label(body["label"], place),
        position=(position + 1) * 10,
        inverse_label=_label(inverse["label"], place) if "label" in inverse else NO_LABEL,
        choices=choices,
        pack=pack,
    )


def _relation(type_name: str, body: Mapping[str, object], inverse: Mapping[str, object], place: str) -> Relation | None:
    if type_name in TARGETS:
        return TARGETS[type_name]
    if type_name != "relation" and type_name not in LINKED:
        return None
    if "target" not in body or "name" not in inverse:
        raise BadPack(f"{place}: a relation names its target and its inverse")
    rule, lines_by = DeleteRule(str(body.get("onDelete", "unlink"))), str(body.get("linesBy", ""))
    if lines_by and rule is not DeleteRule.CASCADE:
        raise BadPack(f"{place}: lines go with their head: onDelete is cascade")
    return Relation(str(body["target"]), str(inverse["name"]), rule, lines_by)


def _choices(pack: str, place: str, given: object, shared: Mapping[str, object]) -> tuple[ChoiceDefinition, ...]:
    listed = shared[given] if isinstance(given, str) else given
    number = SYSTEM_OBJECTS["choiceOption"][1].number
    return tuple(
        ChoiceDefinition(derived_id(pack, number, *place.split("."), key), key, _label(label, place), pack=pack)
        for key, label in _mapping(listed or {}, place).items()
    )


def _index(pack: str, object_name: str, given: object, place: str) -> IndexDefinition:
    body = _mapping(given, place)
    fields = tuple(map(str, _sequence(body["fields"], place)))
    return IndexDefinition(
        derived_id(pack, _INDEX_NUMBER, object_name, *fields), Index(fields, bool(body.get("unique", False))), pack=pack
    )


# --- roles ------------------------------------------------------------------------------------------------------------


def _role(pack: str, name: str, body: Mapping[str, object]) -> RoleDefinition:
    grants = _mapping(body.get("objects") or {}, name)
    return RoleDefinition(
        id=derived_id(pack, SYSTEM_OBJECTS["role"][1].number, name),
        name=name,
        label=_label(body["label"], name),
        is_admin=bool(body.get("isAdmin", False)),
        grants=tuple(_grant(each, _mapping(given, name), name) for each, given in grants.items()),
        actions=tuple(map(str, _sequence(body.get("actions") or [], name))),
    )


def _grant(object_name: str, given: Mapping[str, object], place: str) -> ObjectGrant:
    _only(given, frozenset({"create", "import", *_SCOPED}), place)
    scopes = {verb: str(given.get(verb, "none")) for verb in _SCOPED}
    if not _SCOPES.issuperset(scopes.values()):
        raise BadPack(f"{place}: {object_name} has an unknown scope")
    name = EVERY_OBJECT if object_name == "all" else object_name
    return ObjectGrant(name, bool(given.get("create", False)), import_=bool(given.get("import", False)), **scopes)


# --- pieces -----------------------------------------------------------------------------------------------------------


def _mapping(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise BadPack(f"{place}: a mapping is expected")
    return value


def _sequence(value: object, place: str) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise BadPack(f"{place}: a list is expected")
    return value


def _only(body: Mapping[str, object], known: frozenset[str], place: str) -> None:
    if unknown := sorted(map(str, body.keys() - known)):
        raise BadPack(f"{place}: unknown {', '.join(unknown)}")


def _label(value: object, place: str) -> Label:
    words = _mapping(value, place)
    # Without quotes, `1,000` ends at its comma, and the rest is a key.
    _only(words, frozenset({"zh", "en"}), place)
    return Label(str(words.get("zh", "")), str(words.get("en", "")))
