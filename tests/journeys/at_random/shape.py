"""What stands in the database, beside what definitions say must stand there: tables, columns, indexes, keys, rights.

One question to the catalog of PostgreSQL tells all of it, because it is asked after every change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.metadata.physical import ForeignKey, RecordTable, TableIndex, links_of, tables_of
from schema.metadata.types import FIELD_TYPES
from schema.tables.records import RECORD_COLUMNS
from schema.tables.type_changes import TypeChangeState, type_change
from services import metadata
from tenants.sql import BoundSql

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from tenants.context import ReadWork

# Keys are columns in their order, each with whether it falls; a key of PostgreSQL begins at one, and falling is its first bit.
_CATALOG = """
SELECT coalesce(json_object_agg(t.relname, json_build_object(
  'columns', (SELECT json_object_agg(attname, format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' NOT NULL' ELSE ''
      END || CASE WHEN collname = 'C' THEN ' C' ELSE '' END) FROM pg_attribute LEFT JOIN pg_collation AS k ON k.oid = attcollation
      WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped),
  'indexes', (SELECT json_object_agg(c.relname, json_build_object('unique', i.indisunique, 'valid', i.indisvalid, 'method',
      m.amname, 'live', pg_get_expr(i.indpred, i.indrelid), 'keys', (SELECT json_agg(json_build_array(a.attname,
      (i.indoption[p.place - 1] & 1) = 1) ORDER BY p.place) FROM generate_series(1, i.indnkeyatts) AS p (place)
      JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = i.indkey[p.place - 1])))
      FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS m ON m.oid = c.relam
      WHERE i.indrelid = t.oid AND NOT i.indisprimary),
  'foreign', (SELECT json_object_agg(conname, json_build_array((SELECT attname FROM pg_attribute
      WHERE attrelid = t.oid AND attnum = conkey[1]), (SELECT relname FROM pg_class WHERE oid = confrelid), convalidated))
      FROM pg_constraint WHERE conrelid = t.oid AND contype = 'f'),
  'rights', (SELECT string_agg(privilege_type, ' ' ORDER BY privilege_type) FROM aclexplode(t.relacl) AS x
      JOIN pg_roles AS r ON r.oid = x.grantee WHERE r.rolname = $1))), '{}')
FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
WHERE n.nspname = $1 AND t.relname ~ '^(x|l|sq)_' AND t.relkind IN ('r', 'S')
"""
_SPELLED = {
    "char(3)": "character(3)",
    "time(0)": "time(0) without time zone",
    "timestamptz": "timestamp with time zone",
}
_LIVE = "(deleted_at IS NULL)"
_OF_TABLES, _OF_LINKS = "DELETE INSERT SELECT UPDATE", "DELETE INSERT SELECT"


@dataclass(frozen=True)
class Found:
    """One table as the catalog tells of it."""

    columns: Mapping[str, str]
    indexes: Mapping[str, Mapping[str, Any]]  # Any: JSON of the catalog
    foreign: Mapping[str, list[Any]]
    rights: str


async def require_as_defined(work: ReadWork) -> None:
    """Every table is as definitions say, and there is no other."""
    definitions, registry = await metadata.definitions(work), await metadata.registry(work)
    ((told,),) = await work.session.fetch(BoundSql(_CATALOG, (work.session.schema,)))
    found = {
        name: Found(each["columns"] or {}, each["indexes"] or {}, each["foreign"] or {}, each["rights"] or "")
        for name, each in json.loads(told).items()
    }
    kept = await work.session.rows(sa.select(type_change).where(type_change.c.state == TypeChangeState.DONE))
    wanted, links = tables_of(registry), links_of(registry)
    standing = {each.table: each for each in definitions if not each.is_destroyed}
    linking = {field.column for _, field in _fields(definitions) if field.field.is_linked and not field.is_destroyed}
    assert {name for name in found if name.startswith("x_")} == standing.keys()
    assert {name for name in found if name.startswith("l_")} == linking
    for name, thing in standing.items():
        old = [row["source"] for row in kept if row["object_id"] == thing.id]
        _require_columns(thing, found[name], wanted.get(name), {each["column"]: each["type"] for each in old})
        _require_keys(found[name], wanted.get(name))
        assert found[name].rights == _OF_TABLES, name
    for name, link in links.items():
        assert {each[1] for each in found[name].foreign.values()} == {link.source, link.target}
        assert found[name].rights == _OF_LINKS, name
    for name in (each for table in wanted.values() for each in table.sequences):
        assert found[name].rights == "USAGE", name


def _fields(definitions: tuple[ObjectDefinition, ...]) -> Iterator[tuple[ObjectDefinition, FieldDefinition]]:
    for thing in definitions:
        if not thing.is_destroyed:
            yield from ((thing, field) for field in thing.fields)


def _require_columns(
    thing: ObjectDefinition, found: Found, wanted: RecordTable | None, kept: Mapping[str, str]
) -> None:
    """Those of live fields are exactly what they must be; any other belongs to something that is kept."""
    fixed = {name: _fixed(type_) for name, type_ in RECORD_COLUMNS}
    live = {name: _spelled(type_) for name, type_ in wanted.columns.items()} if wanted else {}
    assert {name: found.columns.get(name) for name in (*fixed, *live)} == {**fixed, **live}, thing.name
    bases = {each.column: each.field.type_name for each in thing.fields if not each.is_destroyed} | dict(kept)
    may_be = {
        f"{column}_{part}" if part else column: _spelled(type_)
        for column, type_name in bases.items()
        for part, type_ in FIELD_TYPES[type_name].columns.items()
    }
    derived = {each.column for each in thing.fields if each.field.type.derivation is not None}
    for name, type_ in found.columns.items():
        is_known = name in fixed or name in live or may_be.get(name) == type_
        assert is_known or "_".join(name.split("_")[:2]) in derived, (thing.name, name, type_)


def _require_keys(found: Found, wanted: RecordTable | None) -> None:
    """A hidden table points nowhere; indexes and foreign keys of one that is seen are exactly those of its fields."""
    if wanted is None:
        assert found.foreign == {}
        return
    assert {name: _as_told(each) for name, each in found.indexes.items()} == {
        name: _index(each) for name, each in wanted.indexes.items()
    }
    assert dict(found.foreign) == {name: _foreign(each) for name, each in wanted.foreign_keys.items()}


def _as_told(told: Mapping[str, Any]) -> tuple[object, ...]:
    keys = [(name, falls) for name, falls in told["keys"]]
    return told["valid"], told["unique"], told["method"], told["live"], keys


def _index(index: TableIndex) -> tuple[object, ...]:
    keys = [(each.column, each.descending) for each in index.keys]
    return True, index.is_unique, "gin" if index.is_inverted else "btree", _LIVE if index.only_live else None, keys


def _foreign(key: ForeignKey) -> list[object]:
    return [key.column, key.target, True]


def _spelled(type_: str) -> str:
    plain, _, collation = type_.partition(" COLLATE ")
    return _SPELLED.get(plain, plain) + (" C" if collation else "")


def _fixed(type_: str) -> str:
    """`integer NOT NULL DEFAULT 1` as the catalog spells it."""
    plain = type_.split(" ", maxsplit=1)[0]
    return _SPELLED.get(plain, plain) + (" NOT NULL" if "NOT NULL" in type_ or "PRIMARY" in type_ else "")
