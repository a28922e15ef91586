"""What a registry is in PostgreSQL, as values: tables with columns, indexes, foreign keys and sequences.

Pure. `schema.metadata.ddl` compares two of these; the write path asks which field an index stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from schema.metadata.fields import Field, FieldState
from schema.metadata.naming import index_name, sequence_name
from schema.metadata.numbering import DEFAULT_FORMAT, parse
from schema.metadata.objects import Object, ObjectKind, ObjectNames
from schema.metadata.record_fields import RECORD_FIELD_NAMES
from schema.metadata.registry import Registry

_LISTS = frozenset({"multiChoice", "tags"})


@dataclass(frozen=True, slots=True)
class Key:
    """A column inside an index."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class TableIndex:
    """An index. Unique ones and lists of live records leave deleted rows out."""

    name: str
    keys: tuple[Key, ...]
    is_unique: bool = False
    only_live: bool = True
    is_inverted: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column that holds the id of a row of another table. Nothing cascades: delete rules run in the write path."""

    name: str
    column: str
    target: str


@dataclass(frozen=True, slots=True)
class RecordTable:
    """One record table beyond the columns that all of them share."""

    name: str
    columns: Mapping[str, str]
    indexes: Mapping[str, TableIndex]
    foreign_keys: Mapping[str, ForeignKey]
    sequences: frozenset[str]


def tables_of(registry: Registry) -> Mapping[str, RecordTable]:
    """Every record table by name; the fixed tables of system objects are not among them."""
    return MappingProxyType({
        registry.names[thing.name].table: _table(thing, registry)
        for thing in registry.shape.objects.values()
        if thing.kind is not ObjectKind.SYSTEM
    })


def unique_rules(registry: Registry, object_name: str) -> Mapping[str, tuple[str, ...]]:
    """Index name → the fields it keeps unique, for the answer to a unique violation."""
    thing, names = registry.shape.objects[object_name], registry.names[object_name]
    rules: dict[str, tuple[str, ...]] = {
        index_name("ux", names.table, (names.fields[field.name].column,)): (field.name,)
        for field in thing.fields
        if field.is_unique and field.state is FieldState.LIVE
    }
    for index in thing.indexes:
        if index.is_unique:
            rules[index_name("ux", names.table, (names.fields[each].column for each in index.fields))] = index.fields
    return MappingProxyType(rules)


def unique_column(registry: Registry, object_name: str, field_name: str) -> str:
    """The column that a unique rule looks at: the normal form where there is one."""
    field = registry.shape.field(object_name, field_name)
    column = registry.names[object_name].fields[field_name].column
    return f"{column}_norm" if field is not None and "norm" in field.parts else column


def sequence_of(field: Field, table: str, column: str) -> str | None:
    """The sequence behind an auto-number; one that counts by period has a counter row instead."""
    if field.type_name != "autoNumber":
        return None
    form = parse(str(field.option("format") or DEFAULT_FORMAT))
    return sequence_name(table, column) if form is not None and not form.has_period else None


def _table(thing: Object, registry: Registry) -> RecordTable:
    names = registry.names[thing.name]
    own = [field for field in thing.fields if field.name not in RECORD_FIELD_NAMES]
    columns = {
        _column(names, field, part): field.type.columns[part] for field in _in_order(own, names) for part in field.parts
    }
    foreign = {key.name: key for field in own for key in _foreign_keys(field, names, registry)}
    indexes = {index.name: index for index in _indexes(thing, names, own)}
    sequences = (sequence_of(field, names.table, names.fields[field.name].column) for field in own)
    return RecordTable(names.table, columns, indexes, foreign, frozenset(name for name in sequences if name))


def _in_order(fields: list[Field], names: ObjectNames) -> list[Field]:
    return sorted(fields, key=lambda field: names.fields[field.name].number)


def _column(names: ObjectNames, field: Field, part: str = "") -> str:
    column = names.fields[field.name].column
    return f"{column}_{part}" if part else column


def _foreign_keys(field: Field, names: ObjectNames, registry: Registry) -> Iterator[ForeignKey]:
    if field.relation is not None:
        column = _column(names, field)
        name = index_name("fk", names.table, (column,))
        yield ForeignKey(name, column, registry.names[field.relation.target].table)


def _indexes(thing: Object, names: ObjectNames, own: list[Field]) -> Iterator[TableIndex]:
    table = names.table
    yield TableIndex(
        index_name("ix", table, ("owner_id", "created_at")), (Key("owner_id"), Key("created_at"), Key("id"))
    )
    yield TableIndex(index_name("ix", table, ("created_at",)), (Key("created_at"), Key("id")))
    for field in own:
        if field.state is FieldState.LIVE:
            yield from _indexes_of_field(field, names)
    for index in thing.indexes:
        columns = [_column(names, field) for name in index.fields for field in thing.fields if field.name == name]
        keys = tuple(map(Key, columns)) + (() if index.is_unique else (Key("id"),))
        yield TableIndex(index_name("ux" if index.is_unique else "ix", table, columns), keys, is_unique=index.is_unique)


def _indexes_of_field(field: Field, names: ObjectNames) -> Iterator[TableIndex]:
    column = _column(names, field)
    if field.relation is not None:
        # Not partial: destroying the target asks for every row that points at it, deleted ones too.
        newest = (Key(column), Key("created_at", descending=True), Key("id"))
        yield TableIndex(index_name("ix", names.table, (column,)), newest, only_live=False)
        return
    if field.is_searched:
        grams = _column(names, field, "grams")
        yield TableIndex(index_name("ix", names.table, (grams,)), (Key(grams),), is_inverted=True)
    if field.is_unique:
        key = Key(_column(names, field, "norm") if "norm" in field.parts else column)
        yield TableIndex(index_name("ux", names.table, (column,)), (key,), is_unique=True)
    if field.is_indexed and field.type_name in _LISTS:
        yield TableIndex(index_name("ix", names.table, (column,)), (Key(column),), is_inverted=True)
    elif field.is_indexed:
        sorted_by = Key(_column(names, field, "sort") if "sort" in field.parts else column)
        yield TableIndex(index_name("ix", names.table, (column,)), (sorted_by, Key("id")))
        # Ordered pages of a scope are merged from one run of this index for each owner.
        yield TableIndex(index_name("ix", names.table, ("owner_id", column)), (Key("owner_id"), sorted_by, Key("id")))
