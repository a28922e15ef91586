"""From one registry to the next as an ordered list of safe statements.

No change of a registry drops a column or a table: retiring takes indexes and constraints away and leaves the data, so that
restoring finds it (hence IF NOT EXISTS), and a field of another type has another column. What is destroyed is dropped by
its name. Statements are fragments for one tenant; physical
names come from the registry, the schema is put in when they are bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schema.metadata.naming import index_name
from schema.metadata.physical import ForeignKey, Key, LinkTable, RecordTable, TableIndex, links_of, tables_of
from schema.metadata.registry import Registry
from schema.metadata.types import FieldType
from schema.tables.records import RECORD_COLUMNS
from tenants.sql import EMPTY, SCHEMA, Fragment, Slot, Template, ident, join, render, sql, type_name


@dataclass(frozen=True, slots=True)
class Restored:
    """What comes back: tables that stand though `before` does not show them, and (table, column) with old links."""

    tables: frozenset[str] = frozenset()
    columns: frozenset[tuple[str, str]] = frozenset()


NOTHING_RESTORED = Restored()


def named(slot: Slot) -> str:
    """Definitions carry their physical names themselves."""
    return slot.object_name


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and the tables that it needs for itself, in no order."""

    fragment: Fragment
    tables: frozenset[str]

    @property
    def template(self) -> Template:
        """The text for any tenant; definitions have no parameters."""
        return render(self.fragment)

    def text(self, schema: str) -> str:
        """The text for one tenant."""
        return self.template.bind(schema, named)


def changes(
    before: Registry | None,
    after: Registry,
    *,
    restored: Restored = NOTHING_RESTORED,
    on_the_way_to: Registry | None = None,
) -> list[Statement]:
    """What turns the database of `before` into that of `after`, in an order that can be run.

    Indexes that stand and that what is `on_the_way_to` has as well are left alone, though `after` does not show them.
    """
    kept = tables_of(on_the_way_to) if on_the_way_to is not None else {}
    old = dict(tables_of(before)) if before is not None else {}
    new = tables_of(after)
    for name in restored.tables:
        # What was dropped while nobody saw the table is not known; every statement minds what is there.
        old[name] = RecordTable(name, {}, {}, {}, frozenset())
    statements: list[Statement] = []
    later: list[tuple[str, ForeignKey]] = []
    standing = old.keys() & new.keys()
    for name in _by_reference(new):
        if name in old:
            continue
        standing |= {name}
        foreign = new[name].foreign_keys.values()
        inline = [key for key in foreign if key.target not in new or key.target in standing]
        later += [(name, key) for key in foreign if key not in inline]
        statements += _create(new[name], inline)
    for name in sorted(old.keys() & new.keys()):
        statements += _alter(old[name], new[name], kept.get(name, new[name]))
        keys = new[name].foreign_keys
        later += [(name, keys[key]) for key in sorted(keys.keys() - old[name].foreign_keys.keys())]
    for name in sorted(old.keys() - new.keys()):
        # A hidden table must not hold on to records that nobody can see it by; its indexes wait for its return.
        statements += [_drop_constraint(name, each) for each in old[name].foreign_keys.values()]
    for name, key in later:
        if (name, key.column) in restored.columns:
            statements.append(_unlink(name, key))
        statements.append(_add_foreign_key(name, key))
    links = links_of(after)
    gone = set() if before is None else links_of(before).keys()
    return [*statements, *(each for name in sorted(links.keys() - gone) for each in _create_links(links[name]))]


def build_index(table: str, index: TableIndex) -> Fragment:
    """The same index, built beside running writes; it cannot stand in a transaction."""
    return _index(table, index, concurrently=True)


def drop_index_beside_writers(index: TableIndex) -> Fragment:
    """What a failed concurrent build leaves behind is taken away before the next try, and no writer waits for it."""
    return sql("DROP INDEX CONCURRENTLY IF EXISTS {schema}.{name}", schema=SCHEMA, name=ident(index.name))


def drop_columns(table: str, column: str, kind: FieldType) -> Fragment:
    """Take away, for good, what a field of this type may have; links stand in a table of their own."""
    if not kind.columns:
        return drop_table(column)
    names = (f"{column}_{part}" if part else column for part in kind.columns)
    dropped = join(", ", (sql("DROP COLUMN IF EXISTS {name}", name=ident(each)) for each in names))
    return sql("ALTER TABLE {table} {dropped}", table=_qualified(table), dropped=dropped)


def missing_indexes(table: RecordTable) -> list[Fragment]:
    """A column that is dropped takes along the indexes that can be read it from: they are made again without it."""
    return [_index(table.name, index) for index in table.indexes.values()]


def drop_sequence(name: str) -> Fragment:
    """Take away, for good, what an auto-number counted by."""
    return sql("DROP SEQUENCE IF EXISTS {name}", name=_qualified(name))


def drop_table(table: str) -> Fragment:
    """Take away, for good, the records of an object."""
    return sql("DROP TABLE IF EXISTS {table}", table=_qualified(table))


# --- order ------------------------------------------------------------------------------------------------------------


def _by_reference(tables: Mapping[str, RecordTable]) -> Sequence[str]:
    """Targets before the tables that point at them, as far as circles allow; otherwise by name."""
    done: dict[str, None] = {}
    waiting: set[str] = set()

    def visit(name: str) -> None:
        if name in done or name in waiting or name not in tables:
            return
        waiting.add(name)
        for target in sorted({key.target for key in tables[name].foreign_keys.values()}):
            visit(target)
        waiting.discard(name)
        done[name] = None

    for name in sorted(tables):
        visit(name)
    return tuple(done)


# --- statements -------------------------------------------------------------------------------------------------------


def _create(table: RecordTable, inline: Iterable[ForeignKey]) -> list[Statement]:
    fixed = (_column(name, rest) for name, rest in RECORD_COLUMNS)
    own = (_column(name, type_) for name, type_ in table.columns.items())
    foreign = (_constraint(key) for key in inline)
    here = _qualified(table.name)
    create = sql("CREATE TABLE {table} ({columns})", table=here, columns=join(", ", (*fixed, *own, *foreign)))
    # The role that runs is named like the schema.
    grant = sql("GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}", table=here, role=SCHEMA)
    return [
        _statement(create, table.name),
        _statement(grant, table.name),
        *(each for name in sorted(table.sequences) for each in _create_sequence(table.name, name)),
        *(_statement(_index(table.name, index), table.name) for index in table.indexes.values()),
    ]


def _create_links(table: LinkTable) -> list[Statement]:
    """A table that was there before its field was retired is there still."""
    here, touched = _qualified(table.name), frozenset({table.source, table.target})
    create = sql(
        "CREATE TABLE IF NOT EXISTS {table} (source_id uuid NOT NULL REFERENCES {source} (id) ON DELETE CASCADE,"
        " target_id uuid NOT NULL REFERENCES {target} (id) ON DELETE CASCADE, PRIMARY KEY (source_id, target_id))",
        table=here,
        source=_qualified(table.source),
        target=_qualified(table.target),
    )
    back = sql(
        "CREATE INDEX IF NOT EXISTS {name} ON {table} (target_id, source_id)",
        name=ident(index_name("ix", table.name, ("target_id",))),
        table=here,
    )
    grant = sql("GRANT SELECT, INSERT, DELETE ON {table} TO {role}", table=here, role=SCHEMA)
    return [Statement(create, touched), Statement(grant, touched), Statement(back, touched)]


def _alter(old: RecordTable, new: RecordTable, kept: RecordTable) -> list[Statement]:
    gone_keys = [key for name, key in old.foreign_keys.items() if name not in new.foreign_keys]
    gone_indexes = [
        index for name, index in old.indexes.items() if index not in (new.indexes.get(name), kept.indexes.get(name))
    ]
    added = [(name, type_) for name, type_ in new.columns.items() if name not in old.columns]
    new_indexes = [index for name, index in new.indexes.items() if old.indexes.get(name) != index]
    return [
        *(_drop_constraint(new.name, key) for key in gone_keys),
        *(_statement(_drop_index(index), new.name) for index in gone_indexes),
        *(_add_column(new.name, name, type_) for name, type_ in added),
        *(each for name in sorted(new.sequences - old.sequences) for each in _create_sequence(new.name, name)),
        *(_statement(_index(new.name, index), new.name) for index in new_indexes),
    ]


def _add_column(table: str, name: str, type_: str) -> Statement:
    column = _column(name, type_)
    return _statement(
        sql("ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}", table=_qualified(table), column=column), table
    )


def _create_sequence(table: str, name: str) -> list[Statement]:
    here = _qualified(name)
    return [
        _statement(sql("CREATE SEQUENCE IF NOT EXISTS {name}", name=here), table),
        _statement(sql("GRANT USAGE ON SEQUENCE {name} TO {role}", name=here, role=SCHEMA), table),
    ]


def _add_foreign_key(table: str, key: ForeignKey) -> Statement:
    add = sql("ALTER TABLE {table} ADD {constraint}", table=_qualified(table), constraint=_constraint(key))
    return Statement(add, frozenset({table, key.target}))


def _unlink(table: str, key: ForeignKey) -> Statement:
    # While the field was retired nothing kept its targets from being destroyed.
    unlink = sql(
        "UPDATE {table} AS record SET {column} = NULL WHERE {column} IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM {target} AS target WHERE target.id = record.{column})",
        table=_qualified(table),
        column=ident(key.column),
        target=_qualified(key.target),
    )
    return _statement(unlink, table)


def _drop_constraint(table: str, key: ForeignKey) -> Statement:
    drop = sql("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}", table=_qualified(table), name=ident(key.name))
    return Statement(drop, frozenset({table, key.target}))


def _constraint(key: ForeignKey) -> Fragment:
    return sql(
        "CONSTRAINT {name} FOREIGN KEY ({column}) REFERENCES {target} (id)",
        name=ident(key.name),
        column=ident(key.column),
        target=_qualified(key.target),
    )


def _drop_index(index: TableIndex) -> Fragment:
    return sql("DROP INDEX IF EXISTS {schema}.{name}", schema=SCHEMA, name=ident(index.name))


def _index(table: str, index: TableIndex, *, concurrently: bool = False) -> Fragment:
    return sql(
        "CREATE {unique}INDEX {concurrently}IF NOT EXISTS {name} ON {table}{method} ({keys}){included}{kept}{live}",
        unique=sql("UNIQUE ") if index.is_unique else sql(""),
        concurrently=sql("CONCURRENTLY ") if concurrently else sql(""),
        name=ident(index.name),
        table=_qualified(table),
        method=sql(" USING gin") if index.is_inverted else sql(""),
        keys=join(", ", map(_key, index.keys)),
        included=sql(" INCLUDE ({columns})", columns=join(", ", map(ident, index.included)))
        if index.included
        else EMPTY,
        # What is still to be put in waits in a list, because putting in many at once costs a third of one by one. Every
        # search reads the list, and one writer pays for all who filled it, so it is as short as PostgreSQL allows.
        kept=sql(" WITH (gin_pending_list_limit = 64)") if index.is_inverted else sql(""),
        live=sql(" WHERE deleted_at IS NULL") if index.only_live else sql(""),
    )


def _key(key: Key) -> Fragment:
    return ident(key.column) + (sql(" DESC") if key.descending else sql(""))


def _column(name: str, type_: str) -> Fragment:
    # The type comes from the table of field types or from RECORD_COLUMNS, never from a tenant.
    return ident(name) + sql(" ") + type_name(type_)


def _qualified(name: str) -> Fragment:
    return sql("{schema}.{name}", schema=SCHEMA, name=ident(name))


def _statement(fragment: Fragment, table: str) -> Statement:
    return Statement(fragment, frozenset({table}))
