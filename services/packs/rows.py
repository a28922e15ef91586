"""A pack as rows of the fixed tables, each with what the pack proposes beside it, and which of them belong together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import sqlalchemy as sa

from schema.metadata import rows, rule_rows
from schema.tables.dictionaries import dictionary, dictionary_entry
from schema.tables.metadata import choice_option, field_definition, index_definition, object_definition, validation_rule

if TYPE_CHECKING:
    from schema.metadata.definitions import ObjectDefinition
    from services.packs.model import DictionaryDefinition, Pack
    from tenants.context import ReadWork

Row: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of row that packs propose: what of it a tenant may change, what never changes, and how it is found again.

    A row is found by its id, or by its natural key: the row that it belongs to (`owner`) and `key`.
    """

    table: sa.Table
    properties: tuple[str, ...]
    key: tuple[str, ...]
    owner: str = ""
    fixed: tuple[str, ...] = ()
    # What the tenant's own row keeps, where one is found: its place in the database.
    kept: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """That of its table."""
        return self.table.name


DEFINED: Final = (
    Part(object_definition, rows.OBJECT_PROPERTIES, ("name",), fixed=("plural_name",), kept=("number", "table_name")),
    Part(
        field_definition,
        rows.FIELD_PROPERTIES,
        ("name",),
        "object_id",
        fixed=("type", "target_object", "inverse_name"),
        kept=("number", "column_name"),
    ),
    Part(choice_option, rows.CHOICE_PROPERTIES, ("key",), "field_id"),
    Part(index_definition, rows.INDEX_PROPERTIES, ("fields", "is_unique"), "object_id"),
    Part(validation_rule, rows.RULE_PROPERTIES, ("name",), "object_id"),
)
WORDS: Final = ("label_zh", "label_en")
LISTED: Final = (
    Part(dictionary, WORDS, ("name",)),
    Part(dictionary_entry, (*WORDS, "position", "retired", "parent_id"), ("key",), "dictionary_id"),
)


async def of_tenant(work: ReadWork, table: sa.Table) -> list[Row]:
    """Every row that a tenant has of one kind."""
    return [dict(row) for row in await work.session.rows(sa.select(table))]


def of_pack(pack: Pack, content: str = "") -> Mapping[str, list[Row]]:
    """Every row by table, tables in the order of their foreign keys; `content` is the digest of what the pack's files say."""
    return {
        **of_objects(pack),
        **of_dictionaries(pack),
        "role": of_roles(pack),
        "object_permission": of_grants(pack),
        "action_permission": of_actions(pack),
        "pack_installation": [{"name": pack.name, "version": pack.version, "content": content}],
    }


def of_objects(pack: Pack) -> dict[str, list[Row]]:
    """The rows of definitions, with what is proposed."""
    found = of_definitions(pack.objects)
    return {part.name: [_proposed(part, row) for row in found[part.name]] for part in DEFINED}


def of_definitions(objects: Iterable[ObjectDefinition]) -> dict[str, list[Row]]:
    """The rows of some objects by table."""
    found: dict[str, list[Row]] = {part.name: [] for part in DEFINED}
    for thing in objects:
        for name, row in _of_object(thing):
            found[name].append(row)
    return found


def of_dictionaries(pack: Pack) -> dict[str, list[Row]]:
    """The rows of dictionaries and their entries."""
    entries = [row for each in pack.dictionaries for row in _entries(pack, each)]
    lists: list[Row] = [
        {"id": each.id, "name": each.name, "label_zh": each.label.zh, "label_en": each.label.en, "pack": pack.name}
        for each in pack.dictionaries
    ]
    return {
        part.name: [_proposed(part, row) for row in found] for part, found in zip(LISTED, (lists, entries), strict=True)
    }


def _of_object(thing: ObjectDefinition) -> list[tuple[str, Row]]:
    found: list[tuple[str, Row]] = [("object_definition", rows.object_row(thing))]
    for field in thing.fields:
        found.append(("field_definition", rows.field_row(thing.id, field)))
        choices = (rows.choice_row(field.id, each, position) for position, each in enumerate(field.choices))
        found += [("choice_option", row) for row in choices]
    found += [("index_definition", rows.index_row(thing.id, thing.table, each)) for each in thing.indexes]
    found += [("validation_rule", rule_rows.rule_row(thing.id, each)) for each in thing.validation]
    return found


def _entries(pack: Pack, each: DictionaryDefinition) -> list[Row]:
    ids = {entry.key: entry.id for entry in each.entries}
    return [
        {
            "id": entry.id,
            "dictionary_id": each.id,
            "key": entry.key,
            "label_zh": entry.label.zh,
            "label_en": entry.label.en,
            "position": position,
            "retired": entry.retired,
            "parent_id": ids.get(entry.parent),
            "pack": pack.name,
        }
        for position, entry in enumerate(each.entries)
    ]


def _proposed(part: Part, row: Row) -> Row:
    return row | {"pack_values": rows.properties(row, part.properties)}


def of_roles(pack: Pack) -> list[Row]:
    """The rows of the pack's roles."""
    return [
        {
            "id": each.id,
            "name": each.name,
            "label_zh": each.label.zh,
            "label_en": each.label.en,
            "is_admin": each.is_admin,
            "pack": pack.name,
        }
        for each in pack.roles
    ]


def of_grants(pack: Pack) -> list[Row]:
    """The rows of what the pack's roles may do with objects."""
    return [
        {
            "role_id": each.id,
            "object_name": grant.object_name,
            "can_create": grant.create,
            "read_scope": grant.read,
            "update_scope": grant.update,
            "delete_scope": grant.delete,
            "can_import": grant.import_,
            "export_scope": grant.export,
            "share_scope": grant.share,
            "merge_scope": grant.merge,
            "bulk_scope": grant.bulk,
            "assign_scope": grant.assign,
        }
        for each in pack.roles
        for grant in each.grants
    ]


def of_actions(pack: Pack) -> list[Row]:
    """The rows of the actions that roles may do."""
    return [{"role_id": each.id, "action": action} for each in pack.roles for action in each.actions]
