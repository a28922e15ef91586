"""What a registry is in PostgreSQL, as values: tables with columns, indexes, foreign keys and sequences.

Pure. `schema.metadata.ddl` compares two of these; the write path asks which field an index stands for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from schema.metadata.fields import Field, FieldState
from schema.metadata.naming import index_name, sequence_name
from schema.metadata.numbering import DEFAULT_FORMAT, parse
from schema.metadata.objects import Object, ObjectKind, ObjectNames
from schema.metadata.record_fields import RECORD_FIELD_NAMES
from schema.metadata.registry import Registry
from schema.metadata.types import Output

_LISTS = frozenset({"multiChoice", "tags", "persons"})
_SHORT = frozenset({
    *(Output.LONG, Output.DECIMAL, Output.MONEY, Output.BOOLEAN),
    *(Output.DATE, Output.DATETIME, Output.TIME, Output.DURATION),
})
# An index takes 32 columns and 2,704 bytes at most.
_MOST_INCLUDED = 6


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
    # Columns that can be read from it, too. An index that has others is not built again for that: it is as right.
    included: tuple[str, ...] = dataclasses.field(default=(), compare=False)


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


@dataclass(frozen=True, slots=True)
class LinkTable:
    """The links between the records of two tables. A link goes with either of them for good, and waits while one is in the bin."""

    name: str
    source: str
    target: str


def tables_of(registry: Registry) -> Mapping[str, RecordTable]:
    """Every record table by name; the fixed tables of system objects are not among them."""
    return MappingProxyType({
        registry.names[thing.name].table: _table(thing, registry)
        for thing in registry.shape.objects.values()
        if thing.kind is not ObjectKind.SYSTEM
    })


def links_of(registry: Registry) -> Mapping[str, LinkTable]:
    """The table of every many-to-many field, by name."""
    found = {}
    for thing in registry.shape.objects.values():
        for inverse in thing.link_fields:
            assert inverse.link is not None, "a field that leads to many has links"
            names = registry.names[thing.name]
            name = names.fields[inverse.link.field_name].column
            found[name] = LinkTable(name, names.table, registry.names[inverse.object_name].table)
    return MappingProxyType(found)


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
    short = tuple(_short_columns(names, own))
    indexes = {index.name: _with_included(index, short) for index in _indexes(thing, names, own)}
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
        if index.is_building:
            continue
        columns = [_column(names, field) for name in index.fields for field in thing.fields if field.name == name]
        keys = tuple(map(Key, columns)) + (() if index.is_unique else (Key("id"),))
        yield TableIndex(index_name("ux" if index.is_unique else "ix", table, columns), keys, is_unique=index.is_unique)


def _with_included(index: TableIndex, short: tuple[str, ...]) -> TableIndex:
    """A run of one owner, with what it may be filtered and sorted by besides.

    Without it, a page of many owners in one stage fetches every record of theirs that is in the stage, to sort them.
    All of it is indexed anyway, so an update that moved no index moves none now.
    """
    keys = {key.column for key in index.keys}
    if index.is_unique or index.keys[0] != Key("owner_id"):
        return index
    return replace(index, included=tuple(column for column in short if column not in keys)[:_MOST_INCLUDED])


def _short_columns(names: ObjectNames, own: list[Field]) -> Iterator[str]:
    for each in _in_order(own, names):
        is_short = each.type.output in _SHORT or (each.type.has_choices and each.type_name not in _LISTS)
        if each.is_indexed and each.state is FieldState.LIVE and is_short:
            yield _column(names, each)


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
    elif field.is_indexed and field.type.output is Output.POINT:
        keys = (Key(column), Key(_column(names, field, "longitude")), Key("id"))
        yield TableIndex(index_name("ix", names.table, (column,)), keys)
    elif field.is_indexed:
        sorted_by = Key(_column(names, field, "sort") if "sort" in field.parts else column)
        yield TableIndex(index_name("ix", names.table, (column,)), (sorted_by, Key("id")))
        # Ordered pages of a scope are merged from one run of this index for each owner.
        yield TableIndex(index_name("ix", names.table, ("owner_id", column)), (Key("owner_id"), sorted_by, Key("id")))
