"""A pack as rows of the fixed tables, each definition with what the pack proposes beside it."""

from __future__ import annotations

from collections.abc import Mapping

from schema.metadata import rows
from schema.metadata.definitions import ObjectDefinition
from services.packs.model import Pack

Row = dict[str, object]


def of_pack(pack: Pack) -> Mapping[str, list[Row]]:
    """Every row by table, tables in the order of their foreign keys."""
    return {
        "object_definition": [of_object(each) for each in pack.objects],
        "field_definition": [row for thing in pack.objects for row in of_fields(thing)],
        "choice_option": [row for thing in pack.objects for row in of_choices(thing)],
        "index_definition": [row for thing in pack.objects for row in of_indexes(thing)],
        "role": of_roles(pack),
        "object_permission": of_grants(pack),
        "action_permission": [{"role_id": each.id, "action": action} for each in pack.roles for action in each.actions],
        "pack_installation": [{"name": pack.name, "version": pack.version}],
    }


def of_object(thing: ObjectDefinition) -> Row:
    """The row of an object."""
    row = rows.object_row(thing)
    return row | {"pack_values": rows.properties(row, rows.OBJECT_PROPERTIES)}


def of_fields(thing: ObjectDefinition) -> list[Row]:
    """The rows of an object's fields."""
    found = [rows.field_row(thing.id, each) for each in thing.fields]
    return [row | {"pack_values": rows.properties(row, rows.FIELD_PROPERTIES)} for row in found]


def of_choices(thing: ObjectDefinition) -> list[Row]:
    """The rows of the choices of an object's fields."""
    found = [
        rows.choice_row(field.id, each, position)
        for field in thing.fields
        for position, each in enumerate(field.choices)
    ]
    return [row | {"pack_values": rows.properties(row, rows.CHOICE_PROPERTIES)} for row in found]


def of_indexes(thing: ObjectDefinition) -> list[Row]:
    """The rows of an object's indexes over several fields."""
    return [rows.index_row(thing.id, thing.table, each) for each in thing.indexes]


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
