"""The statements of the write path. Each carries the versions it was built for and writes nothing if they moved.

Set-based: rows travel as one JSON parameter under canonical names, so a statement is text for one shape and any number
of rows, and its template is shared by all tenants of that shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from services.events import Kind
from services.records import trace
from services.records.stored import Column, key
from tenants.sql import EMPTY, SCHEMA, Fragment, Slot, Template, ident, join, render, sql, type_name, value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.records.trace import Further

TEMPLATES = 1024


# Made once for a shape, and long: one is told from another faster than two are compared.
@dataclass(frozen=True, slots=True, eq=False)
class Along:
    """What a writing statement does beside: more columns of what it wrote and of its answer, with their tables; table
    expressions that look at what it wrote, and what it leaves behind of those.
    """

    returning: Fragment
    columns: Fragment
    tables: Fragment
    expressions: Fragment = EMPTY
    further: Further = trace.NOTHING_FURTHER


ALONE = Along(EMPTY, EMPTY, EMPTY)


class Life(StrEnum):
    """Which records a lock looks for."""

    LIVE = "live"
    DELETED = "deleted"
    ANY = "any"


# What each of them means of a record.
LIFE = {
    Life.LIVE: sql("record.deleted_at IS NULL"),
    Life.DELETED: sql("record.deleted_at IS NOT NULL"),
    Life.ANY: sql("TRUE"),
}
_NOW = value("now", "timestamptz")
_AUTHOR = value("author", "uuid")
_NEXT = sql("version = record.version + 1, updated_at = {now}, updated_by_id = {author}", now=_NOW, author=_AUTHOR)
_SAME_VERSION = sql("record.version = input.version")

# Writers compare in the snapshot of the very statement that writes; locks that a definition change takes make it wait.
_FRESH = sql(
    "fresh AS (SELECT 1 FROM {schema}.state WHERE metadata_version = {metadata} AND access_version = {access})",
    schema=SCHEMA,
    metadata=value("metadata_version", "bigint"),
    access=value("access_version", "bigint"),
)

_NOTHING_MORE = sql("")
# Who owns a record needs no share of it; one that stayed would outlast the ownership.
_OWNERS_SHARES_GONE = sql(
    ", share AS (DELETE FROM {schema}.record_share AS share USING written"
    " WHERE share.record_id = written.id AND share.user_id = written.owner)",
    schema=SCHEMA,
)
_SHARES_GONE = sql(
    ", share AS (DELETE FROM {schema}.record_share AS share USING written WHERE share.record_id = written.id)",
    schema=SCHEMA,
)


def table(object_name: str) -> Fragment:
    """The table of an object."""
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(Slot(object_name)))


def column(object_name: str, each: Column) -> Fragment:
    """A column of a field."""
    return ident(Slot(object_name, each.field, each.part))


def listed(fragments: Iterable[Fragment]) -> Fragment:
    """Each after a comma."""
    return join("", (sql(", {each}", each=each) for each in fragments))


def all_of(*conditions: Fragment) -> Fragment:
    """Every one of them."""
    return join(" AND ", conditions)


def typed(columns: Iterable[Column]) -> Fragment:
    """The columns of a JSON row with their types, each after a comma."""
    # Types come from the table of field types, never from a tenant.
    return listed(sql("{key} {type}", key=ident(key(at)), type=type_name(each.type)) for at, each in enumerate(columns))


def held(object_name: str, columns: Iterable[Column]) -> Fragment:
    """What a record holds in these columns, each after a comma and under the name that a JSON row has for it."""
    return listed(
        sql("record.{column} AS {key}", column=column(object_name, each), key=ident(key(at)))
        for at, each in enumerate(columns)
    )


def given(position: int) -> Fragment:
    """A column of a JSON row."""
    return sql("input.{key}", key=ident(key(position)))


def entering(object_name: str) -> Fragment:
    """A table expression that changes no row and takes the writer's lock on the table.

    Reading first and writing later would raise the lock half way, against a definition change that waits to alter the
    table: a deadlock. A writer that takes its lock with its first look either goes before the change or waits for it.
    It must stand first and the look in a table expression of its own, because locks are taken in that order.
    """
    return sql("UPDATE {table} SET version = version WHERE FALSE", table=table(object_name))


@lru_cache(TEMPLATES)
def insertion(object_name: str, columns: tuple[Column, ...], along: Along = ALONE) -> Template:
    """New records. A row that meets a unique value is left out, so that the caller learns which ones and why."""
    written = sql(
        "INSERT INTO {table} AS record (id, created_at, updated_at, created_by_id, updated_by_id{names})"
        " SELECT input.id, {now}, {now}, {author}, {author}{inputs} FROM {input}, fresh ORDER BY input.id"
        " ON CONFLICT DO NOTHING RETURNING record.id{returning}",
        table=table(object_name),
        returning=along.returning,
        names=listed(column(object_name, each) for each in columns),
        now=_NOW,
        author=_AUTHOR,
        inputs=listed(given(at) for at in range(len(columns))),
        input=_input(columns),
    )
    return _traced(written, Kind.CREATED, along)


@lru_cache(TEMPLATES)
def change(
    object_name: str,
    columns: tuple[Column, ...],
    scope: Fragment,
    life: Life = Life.LIVE,
    *,
    owner: int | None = None,
    along: Along = ALONE,
) -> Template:
    """Changed records: version, life and scope stand in the condition of the UPDATE itself.

    `owner` is the position of the column that says whose a record is, where that is among them.
    """
    settings = sql("{next}{set}", next=_NEXT, set=listed(_set(object_name, columns)))
    written = _update(object_name, columns, settings, all_of(_SAME_VERSION, LIFE[life], scope)) + along.returning
    if owner is None:
        return _traced(written, Kind.UPDATED, along)
    with_owner = sql("{written}, record.{owner} AS owner", written=written, owner=column(object_name, columns[owner]))
    return _traced(with_owner, Kind.UPDATED, along, _OWNERS_SHARES_GONE)


@lru_cache(TEMPLATES)
def derivation(object_name: str, columns: tuple[Column, ...]) -> Template:
    """Values kept by the platform: the record stays at its version, whoever edits it is not in conflict."""
    settings = join(", ", _set(object_name, columns))
    return _traced(_update(object_name, columns, settings, all_of(LIFE[Life.LIVE])), Kind.DERIVED)


@lru_cache(TEMPLATES)
def deletion(object_name: str, scope: Fragment, along: Along = ALONE) -> Template:
    """Records into the bin; `v0` is the record whose deletion took this one along, or the record itself."""
    settings = sql("{next}, deleted_at = {now}, deletion_id = input.v0", next=_NEXT, now=_NOW)
    live = all_of(_SAME_VERSION, LIFE[Life.LIVE], scope)
    return _traced(_update(object_name, _DELETION, settings, live) + along.returning, Kind.DELETED, along)


@lru_cache(TEMPLATES)
def restoration(object_name: str, scope: Fragment) -> Template:
    """Records out of the bin."""
    settings = sql("{next}, deleted_at = NULL, deletion_id = NULL", next=_NEXT)
    return _traced(_update(object_name, (), settings, all_of(_SAME_VERSION, LIFE[Life.DELETED], scope)), Kind.RESTORED)


@lru_cache(TEMPLATES)
def destruction(object_name: str, scope: Fragment) -> Template:
    """Records gone for good, and with them whatever was shared of them."""
    written = sql(
        "DELETE FROM {table} AS record USING {input}, fresh WHERE record.id = input.id AND {condition}"
        " RETURNING record.id",
        table=table(object_name),
        input=_input(()),
        condition=all_of(_SAME_VERSION, scope),
    )
    return _traced(written, Kind.DESTROYED, more=_SHARES_GONE)


@lru_cache(TEMPLATES)
def visible(object_name: str, life: Life, scope: Fragment) -> Template:
    """Which of these records are there for a scope."""
    return render(
        sql(
            "SELECT record.id FROM {table} AS record WHERE record.id = ANY({ids}) AND {condition}",
            table=table(object_name),
            ids=value("ids", "uuid[]"),
            condition=all_of(LIFE[life], scope),
        )
    )


@lru_cache(TEMPLATES)
def owner(object_name: str, owner_field: str) -> Template:
    """Whose a record is; until the end of the transaction nobody changes that."""
    return render(
        sql(
            "SELECT record.{owner} AS owner FROM {table} AS record WHERE record.id = {id} FOR SHARE OF record",
            owner=ident(Slot(object_name, owner_field)),
            table=table(object_name),
            id=value("id", "uuid"),
        )
    )


# `input` of a deletion carries one value that belongs to no field.
_DELETION = (Column("", "", "uuid"),)


def _update(object_name: str, columns: tuple[Column, ...], settings: Fragment, condition: Fragment) -> Fragment:
    return sql(
        "UPDATE {table} AS record SET {settings} FROM {input}, fresh"
        " WHERE record.id = input.id AND {condition} RETURNING record.id",
        table=table(object_name),
        settings=settings,
        input=_input(columns),
        condition=condition,
    )


def _traced(written: Fragment, kind: Kind, along: Along = ALONE, more: Fragment = _NOTHING_MORE) -> Template:
    return render(
        sql(
            "WITH {fresh}, written AS ({written}){beside}, {trace}{more}"
            " SELECT EXISTS (SELECT 1 FROM fresh) AS fresh, ARRAY(SELECT id FROM written) AS ids{columns}{tables}",
            columns=along.columns,
            tables=along.tables,
            fresh=_FRESH,
            written=written,
            beside=along.expressions,
            trace=trace.left_behind(kind, along.further),
            more=more,
        )
    )


def _input(columns: tuple[Column, ...]) -> Fragment:
    return sql(
        "json_to_recordset({rows}) AS input (id uuid, version integer{columns})",
        rows=value("rows", "json"),
        columns=typed(columns),
    )


def _set(object_name: str, columns: tuple[Column, ...]) -> list[Fragment]:
    return [
        sql("{column} = {given}", column=column(object_name, each), given=given(at)) for at, each in enumerate(columns)
    ]
