"""A pack as the files that it is read from: the same keys in the same order, nothing that goes without saying. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from schema.metadata import naming
from schema.metadata.fields import DeleteRule
from schema.metadata.record_fields import TARGETS
from schema.metadata.types import FIELD_TYPES, SETTLED
from services import metadata
from services.packs.documents import written
from services.packs.model import EVERYBODY, HEAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from schema.metadata.fields import Label
    from services.packs.model import DictionaryDefinition, LayoutDefinition, Pack, ViewDefinition

Document = dict[str, Any]  # Any: a YAML document


def files_of(pack: Pack) -> Mapping[str, str]:
    """The text of each file by its name."""
    found = {HEAD: written({"name": pack.name, "version": pack.version, "label": _words(pack.label)})}
    if pack.dictionaries:
        found["dictionaries.yaml"] = written({each.name: _dictionary(each) for each in pack.dictionaries})
    for thing in pack.objects:
        document = _object(thing)
        layouts = [_layout(each) for each in pack.layouts if each.object_name == thing.name]
        views = {each.name: _view(each) for each in pack.views if each.object_name == thing.name}
        document |= {name: each for name, each in (("layouts", layouts), ("views", views)) if each}
        found[_file(thing.name, found)] = written(document)
    return found


def digest(pack: Pack) -> str:
    """What a pack brings, roles included, in 64 characters; its version is no part of it."""
    roles = [_plain(asdict(each)) for each in pack.roles]
    said = [*files_of(replace(pack, version=0)).items(), list(pack.grows_from), roles]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def _plain(value: object) -> object:
    # What a later release adds to roles and nobody uses makes no other pack.
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if each and each != "none"}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _file(name: str, taken: Mapping[str, str]) -> str:
    stem, number = naming.snake(name), 1
    # Two names may differ in capitals alone.
    while (file := f"objects/{stem if number == 1 else f'{stem}{number}'}.yaml") in taken:
        number += 1
    return file


def _object(thing: ObjectDefinition) -> Document:
    is_own = naming.base_of(thing.name) == thing.name
    live = [each for each in thing.fields if not each.is_retired]
    fields = sorted(live, key=lambda each: (each.position, each.number))
    document: Document = {
        "name": thing.name,
        "plural": thing.plural,
        **({"number": thing.number} if is_own else {}),
        "label": _words(thing.label),
        "pluralLabel": _words(thing.plural_label),
        **_said(title=thing.title_field, auditReads=thing.audit_reads),
        "fields": {each.name: _field(each) for each in fields},
    }
    indexes = [
        {"fields": list(each.index.fields), **_said(unique=each.index.is_unique)}
        for each in sorted(thing.indexes, key=lambda each: (each.index.fields, each.index.is_unique))
        if each.is_live
    ]
    rules = {
        each.name: {
            "expression": each.condition.text,
            "message": _words(each.message),
            **_said(fields=list(each.fields)),
        }
        for each in sorted(thing.validation, key=lambda each: each.name)
        if each.is_live
    }
    return document | _said(indexes=indexes, rules=rules)


def _field(definition: FieldDefinition) -> Document:
    field = definition.field
    options = {name: list(each) if isinstance(each, tuple) else each for name, each in field.options}
    return {
        "label": _words(definition.label),
        "type": field.type_name,
        **_said(
            required=field.required,
            unique=field.is_unique,
            indexed=field.is_indexed,
            readOnly=field.read_only and not FIELD_TYPES[field.type_name].computed,
            auditReads=field.audit_reads,
        ),
        **_relation(definition),
        **{name: each for name, each in options.items() if name not in SETTLED},
        **_choices(definition),
        **_rules(definition),
    }


def _relation(definition: FieldDefinition) -> Document:
    relation = definition.field.relation
    if relation is None or definition.field.type_name in TARGETS:
        return {}
    rule = "" if relation.delete_rule is DeleteRule.UNLINK else relation.delete_rule.value
    inverse = {"name": relation.inverse_name, **_said(label=_words(definition.inverse_label))}
    return {"target": relation.target, "inverse": inverse, **_said(onDelete=rule, linesBy=relation.lines_by)}


def _choices(definition: FieldDefinition) -> Document:
    if not definition.field.type.has_choices or definition.field.option(metadata.DICTIONARY) is not None:
        return {}
    listed = {each.key: {**_words(each.label), **_said(retired=each.retired)} for each in definition.choices}
    return {"choices": listed}


def _rules(definition: FieldDefinition) -> Document:
    rules = definition.rules
    conditions = {name: each.text for name, each in rules.conditions}
    if rules.offered is None:
        return conditions
    matrix = {key: list(keys) for key, keys in rules.offered.offered}
    return {**conditions, "offered": {"by": rules.offered.by, "choices": matrix}}


def _dictionary(each: DictionaryDefinition) -> Document:
    entries = {
        entry.key: {**_words(entry.label), **_said(retired=entry.retired, parent=entry.parent)}
        for entry in each.entries
    }
    return {"label": _words(each.label), "entries": entries}


def _layout(each: LayoutDefinition) -> Document:
    said = _said(role=each.role, stageField=each.stage_field, stage=each.stage)
    return {**said, "sections": json.loads(each.sections)}


def _view(each: ViewDefinition) -> Document:
    parts: Document = json.loads(each.parts)
    return {name: part for name, part in parts.items() if name != "sharedWith" or EVERYBODY not in part}


def _words(label: Label) -> Document:
    return _said(zh=label.zh, en=label.en)


def _said(**given: object) -> Document:
    """What is not empty, false or none."""
    return {name: each for name, each in given.items() if each}
