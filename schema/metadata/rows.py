"""Definitions as rows of their tables, and back. Rows are plain mappings from column to value.

The properties of a row are the part that a pack proposes and a tenant may change; `pack_values` keeps what the pack
proposed last.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from schema.metadata import rule_rows
from schema.metadata.definitions import (
    ChoiceDefinition,
    FieldDefinition,
    IndexDefinition,
    ObjectDefinition,
    with_choices,
)
from schema.metadata.field_rules import ValidationRule
from schema.metadata.fields import DeleteRule, Field, FieldState, Label, OptionValue, Relation
from schema.metadata.naming import index_name
from schema.metadata.objects import Index, ObjectState
from schema.metadata.record_fields import TARGETS
from schema.metadata.types import SETTLED

Row = Mapping[str, object]

OBJECT_PROPERTIES = (
    "label_zh",
    "label_en",
    "plural_label_zh",
    "plural_label_en",
    "title_field",
    "audit_reads",
    "state",
)
FIELD_PROPERTIES = (
    "label_zh",
    "label_en",
    "position",
    "required",
    "is_unique",
    "is_indexed",
    "read_only",
    "audit_reads",
    "state",
    "inverse_label_zh",
    "inverse_label_en",
    "delete_rule",
    "lines_by",
    "options",
    *rule_rows.CONDITION_PROPERTIES,
)
CHOICE_PROPERTIES = ("label_zh", "label_en", "position", "retired")
INDEX_PROPERTIES = ("state",)
RULE_PROPERTIES = rule_rows.RULE_PROPERTIES


def properties(row: Row, names: Iterable[str]) -> dict[str, object]:
    """The properties of a row; each option is one of its own (`options.maxLength`)."""
    found: dict[str, object] = {}
    for name in names:
        if name == "options":
            given = json_object(row[name]).items()
            found |= {f"options.{key}": value for key, value in given if key not in SETTLED}
        elif name == "offered":
            found[name] = json_object(row[name]) or None
        elif name == "state":
            # An index that is still being built is nobody's decision.
            found[name] = "live" if row[name] == "building" else row[name]
        else:
            value = row[name]
            found[name] = str(value) if isinstance(value, UUID) else value
    return found


def json_object(value: object) -> dict[str, object]:
    """A jsonb column as Python, however the connection hands it over."""
    parsed = json.loads(value) if isinstance(value, str) else value
    return parsed if isinstance(parsed, dict) else {}


def document(found: Sequence[Row]) -> str:
    """Rows as one JSON document."""
    return json.dumps([dict(row) for row in found], default=str, ensure_ascii=False)


# --- to rows ----------------------------------------------------------------------------------------------------------


def object_row(thing: ObjectDefinition) -> dict[str, object]:
    """The row of an object."""
    return {
        "id": thing.id,
        "number": thing.number,
        "name": thing.name,
        "plural_name": thing.plural,
        "table_name": thing.table,
        "label_zh": thing.label.zh,
        "label_en": thing.label.en,
        "plural_label_zh": thing.plural_label.zh,
        "plural_label_en": thing.plural_label.en,
        "title_field": thing.title_field,
        "state": thing.state.value,
        "audit_reads": thing.audit_reads,
        "pack": thing.pack,
    }


def field_row(object_id: UUID, each: FieldDefinition) -> dict[str, object]:
    """The row of a field."""
    field, relation = each.field, each.field.relation
    return {
        "id": each.id,
        "object_id": object_id,
        "number": each.number,
        "name": field.name,
        "column_name": each.column,
        "type": field.type_name,
        "label_zh": each.label.zh,
        "label_en": each.label.en,
        "position": each.position,
        "state": field.state.value,
        "required": field.required,
        "is_unique": field.is_unique,
        "is_indexed": field.is_indexed,
        "read_only": field.read_only,
        "audit_reads": field.audit_reads,
        "options": {key: list(value) if isinstance(value, tuple) else value for key, value in field.options},
        "target_object": relation.target if relation is not None else None,
        "inverse_name": (relation.inverse_name or None) if relation is not None else None,
        "inverse_label_zh": each.inverse_label.zh or None,
        "inverse_label_en": each.inverse_label.en or None,
        "delete_rule": relation.delete_rule.value if relation is not None else None,
        "lines_by": (relation.lines_by or None) if relation is not None else None,
        "pack": each.pack,
        **rule_rows.field_columns(each.rules),
    }


def choice_row(field_id: UUID, each: ChoiceDefinition, position: int) -> dict[str, object]:
    """The row of a choice."""
    return {
        "id": each.id,
        "field_id": field_id,
        "key": each.key,
        "label_zh": each.label.zh,
        "label_en": each.label.en,
        "position": position,
        "retired": each.retired,
        "pack": each.pack,
    }


def _index_state(each: IndexDefinition) -> str:
    if not each.is_live:
        return "retired"
    return "building" if each.index.is_building else "live"


def index_row(object_id: UUID, table: str, each: IndexDefinition) -> dict[str, object]:
    """The row of an index over several fields."""
    name = index_name("ux" if each.index.is_unique else "ix", table, each.index.fields)
    return {
        "id": each.id,
        "object_id": object_id,
        "name": name,
        "fields": list(each.index.fields),
        "is_unique": each.index.is_unique,
        "state": _index_state(each),
        "pack": each.pack,
    }


# --- from rows --------------------------------------------------------------------------------------------------------


def definitions(
    objects: Iterable[Row],
    fields: Iterable[Row],
    choices: Iterable[Row],
    indexes: Iterable[Row],
    rules: Iterable[Row] = (),
) -> tuple[ObjectDefinition, ...]:
    """Objects with everything that belongs to them; rows come in any order."""
    choices_of, fields_of, indexes_of, rules_of = (
        _grouped(choices, "field_id"),
        _grouped(fields, "object_id"),
        _grouped(indexes, "object_id"),
        _grouped(rules, "object_id"),
    )
    return tuple(
        _object(
            row,
            tuple(_field(each, choices_of[each["id"]]) for each in _in_order(fields_of[row["id"]], "number")),
            tuple(map(_index, _in_order(indexes_of[row["id"]], "name"))),
            tuple(map(rule_rows.validation_rule, _in_order(rules_of[row["id"]], "name"))),
        )
        for row in _in_order(objects, "number")
    )


def _grouped(rows: Iterable[Row], key: str) -> defaultdict[object, list[Row]]:
    found: defaultdict[object, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _in_order(rows: Iterable[Row], column: str) -> list[Row]:
    return sorted(rows, key=lambda row: row[column])  # type: ignore[arg-type,return-value]  # numbers or texts


def _object(
    row: Row,
    fields: tuple[FieldDefinition, ...],
    indexes: tuple[IndexDefinition, ...],
    rules: tuple[ValidationRule, ...],
) -> ObjectDefinition:
    return ObjectDefinition(
        id=_id(row),
        number=_int(row["number"]),
        name=str(row["name"]),
        plural=str(row["plural_name"]),
        table=str(row["table_name"]),
        label=_label(row, "label"),
        plural_label=_label(row, "plural_label"),
        fields=fields,
        indexes=indexes,
        title_field=str(row["title_field"]),
        state=ObjectState(str(row["state"])),
        audit_reads=bool(row["audit_reads"]),
        pack=str(row["pack"]),
        validation=rules,
    )


def _field(row: Row, choices: Iterable[Row]) -> FieldDefinition:
    own = tuple(
        ChoiceDefinition(_id(each), str(each["key"]), _label(each, "label"), bool(each["retired"]), str(each["pack"]))
        for each in _in_order(choices, "position")
    )
    options = {key: _option(value) for key, value in json_object(row["options"]).items()}
    field = Field(
        name=str(row["name"]),
        type_name=str(row["type"]),
        required=bool(row["required"]),
        is_unique=bool(row["is_unique"]),
        is_indexed=bool(row["is_indexed"]),
        read_only=bool(row["read_only"]),
        audit_reads=bool(row["audit_reads"]),
        state=FieldState(str(row["state"])),
        options=tuple(sorted(options.items())),
        relation=_relation(row),
    )
    return FieldDefinition(
        id=_id(row),
        field=with_choices(field, own),
        number=_int(row["number"]),
        column=str(row["column_name"]),
        label=_label(row, "label"),
        position=_int(row["position"]),
        inverse_label=_label(row, "inverse_label"),
        choices=own,
        pack=str(row["pack"]),
        rules=rule_rows.field_rules(row),
    )


def _relation(row: Row) -> Relation | None:
    if row["type"] in TARGETS:
        return TARGETS[str(row["type"])]
    if row["target_object"] is None:
        return None
    rule = DeleteRule(str(row["delete_rule"] or DeleteRule.UNLINK))
    return Relation(str(row["target_object"]), str(row["inverse_name"] or ""), rule, str(row["lines_by"] or ""))


def _index(row: Row) -> IndexDefinition:
    fields = row["fields"]
    assert isinstance(fields, list | tuple)
    return IndexDefinition(
        _id(row),
        Index(tuple(fields), bool(row["is_unique"]), row["state"] == "building"),
        row["state"] != "retired",
        str(row["pack"]),
    )


def _label(row: Row, prefix: str) -> Label:
    return Label(str(row[f"{prefix}_zh"] or ""), str(row[f"{prefix}_en"] or ""))


def _id(row: Row) -> UUID:
    return UUID(str(row["id"]))


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def _option(value: object) -> OptionValue:
    if isinstance(value, list):
        return tuple(map(str, value))
    assert value is None or isinstance(value, str | int | bool)
    return value
